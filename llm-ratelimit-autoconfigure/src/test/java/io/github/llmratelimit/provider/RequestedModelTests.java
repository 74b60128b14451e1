package io.github.llmratelimit.provider;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

/**
 * Tests for {@link RequestedModel}.
 */
class RequestedModelTests {

	@ParameterizedTest
	@CsvSource({ "/openai/deployments/my-gpt/chat/completions, my-gpt",
			"/v1beta/models/gemini-2.5-flash:generateContent, gemini-2.5-flash",
			"/v1/projects/p/locations/l/publishers/google/models/gemini-2.5-pro:streamGenerateContent, gemini-2.5-pro",
			"/model/anthropic.claude-haiku-4-5-20251001-v1%3A0/converse, anthropic.claude-haiku-4-5-20251001-v1:0",
			"/model/a%2Fb+c/invoke, a/b+c" })
	void inPathWhenNamedIsDecoded(String path, String model) {
		assertThat(RequestedModel.inPath(path)).isEqualTo(model);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "/", "/v1/chat/completions", "/v1/models", "/v1/models/gpt-4o", "/model/", "/model/x",
			"/openai/deployments/x", "/model/%zz/invoke", "//", "/models/:verb", "/v1beta/models/x:verb/more" })
	void inPathWhenNotNamedIsNull(String path) {
		assertThat(RequestedModel.inPath(path)).isNull();
	}

	@Test
	void inPathWhenThereIsNoPathIsNull() {
		assertThat(RequestedModel.inPath(null)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"model\":\"gpt-4o\"}", " {\n \"model\" : \"gpt-4o\" , \"n\": 1}",
			"{\"messages\":[{\"model\":\"other\",\"content\":\"\\\"model\\\":\\\"other\\\"\"}],\"model\":\"gpt-4o\"}",
			"{\"x\":{\"model\":\"other\"},\"model\":\"gpt-4o\"", "{\"a\":\"model\",\"model\":\"gpt-4o\"}",
			"{\"a\":[1,\"model\",2],\"b\":\"{[\\\\\",\"model\":\"gpt-4o\"}", "{\"model\":\"models\\/gpt-4o\"}",
			"{\"model\":\"models/gpt-4o\"}" })
	void inBodyWhenNamedIsFound(String body) {
		assertThat(inBody(body)).isEqualTo(new RequestedModel("gpt-4o", false));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"messages\":[{\"model\":\"other\"}]}", "{\"a\":\"model\"}",
			"{\"metadata\":{\"model\":\"other\"}}", "{\"models\":\"other\"}" })
	void inBodyWhenWholeAndNotNamedIsNone(String body) {
		assertThat(inBody(body)).isEqualTo(RequestedModel.NONE);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "model=gpt-4o", "[{\"model\":\"gpt-4o\"}]", "\"model\"", "{\"model\":{}}",
			"{\"model\":7}", "{\"model\":\"\"}", "{\"model\":\"gpt\\u002d4o\"}", "{\"model\":\"gpt-4", "{\"model\"",
			"{\"model", "{\"a\":\"\\", "{\"a\":1", "--boundary\r\nContent-Disposition: form-data; name=\"model\"" })
	void inBodyWhenNotUnderstoodIsUnknown(String body) {
		assertThat(inBody(body)).isEqualTo(RequestedModel.UNKNOWN);
	}

	@Test
	void inBodyWhenNamedBeyondTheLimitIsUnknown() {
		String body = "{\"a\":\"%s\",\"model\":\"gpt-4o\"}".formatted("x".repeat(RequestedModel.READ_LIMIT));
		assertThat(inBody(body)).isEqualTo(RequestedModel.UNKNOWN);
	}

	@Test
	void inBodyWhenNamedJustWithinTheLimitIsFound() {
		String tail = "\",\"model\":\"gpt-4o\"}";
		String body = "{\"a\":\"" + "x".repeat(RequestedModel.READ_LIMIT - 6 - tail.length()) + tail;
		assertThat(inBody(body)).isEqualTo(new RequestedModel("gpt-4o", false));
	}

	@Test
	void inBodyWhenGarbageNeverThrows() {
		Random random = new Random(7);
		byte[] letters = "{}[]\",:\\model ".getBytes(StandardCharsets.US_ASCII);
		for (int i = 0; i < 100_000; i++) {
			byte[] body = new byte[random.nextInt(24)];
			for (int j = 0; j < body.length; j++) {
				body[j] = letters[random.nextInt(letters.length)];
			}
			assertThatCode(() -> RequestedModel.inBody(body, body.length)).as(Arrays.toString(body))
				.doesNotThrowAnyException();
		}
	}

	private static RequestedModel inBody(String body) {
		byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
		return RequestedModel.inBody(bytes, bytes.length);
	}

}

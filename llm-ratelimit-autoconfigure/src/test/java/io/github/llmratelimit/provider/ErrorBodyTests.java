package io.github.llmratelimit.provider;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ErrorBody} and {@link ErrorJson}.
 */
class ErrorBodyTests {

	private static final String ERROR = "{\"error\":{\"code\":\"c\",\"message\":\"m\"}}";

	private static final String EVENT = "event: error\ndata: " + ERROR + "\n\n";

	@ParameterizedTest
	@ValueSource(strings = { ERROR, "[" + ERROR + "]", "[[], 1, {\"a\":1}, " + ERROR + "]", "\n\n \r\n" + ERROR,
			"\uFEFF" + ERROR, EVENT, ": keep-alive\n\n" + EVENT, "data:" + ERROR,
			"data: {\"a\":1}\r\n\r\ndata: [DONE]\r\ndata: " + ERROR,
			"{\"type\":\"response.failed\",\"response\":{\"error\":{\"code\":\"c\",\"message\":\"m\"}}}",
			"{\"type\":\"error\",\"code\":\"c\",\"message\":\"m\"}",
			"{\"error\": null, \"x\": [\"error\"], \"error\" : {\"code\":\"c\",\"message\":\"m\"}}" })
	void readWhenErrorOnSuccessFindsIt(String body) {
		ErrorBody error = read(200, body);
		assertThat(error.isError()).isTrue();
		assertThat(error.message()).isEqualTo("m");
		assertThat(error.codes()).contains("c");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "  ", "null", "{}", "{\"error\":null}", "{\"error\":\"text\"}", "{\"error\":{}}",
			"{\"error\":{\"message\":\"no code\"}}", "{\"choices\":[{\"error\":{\"code\":\"c\"}}]}",
			"{\"text\":\"{\\\"error\\\":{\\\"code\\\":\\\"c\\\"}}\"}", "{\"code\":\"c\",\"error\":\"m\"}",
			"data: {\"type\":\"delta\"}", "an " + ERROR, "<p>" + ERROR + "</p>" })
	void readWhenNoErrorOnSuccessIsNone(String body) {
		assertThat(read(200, body)).isSameAs(ErrorBody.NONE);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			value = { "{\"message\":\"m\",\"type\":\"t\"} | m", "{\"Message\":\"m\"} | m",
					"[{\"message\":\"m\"},{\"message\":\"n\"}] | m", "{\"error\":\"m\",\"code\":\"c\"} | m",
					"{\"title\":\"t\",\"detail\":\"m\"} | m", "{\"error\":{\"message\":{\"x\":1}}} | ``",
					"{'error': {'message': 'm'}} | {'error': {'message': 'm'}}", "plain words | plain words",
					"[1,2,3] | [1,2,3]", "<html>tokens per minute</html> | ``",
					"{\"error\":{\"message\":\"tokens per min and | tokens per min" })
	void readWhenFailureFindsTheMessage(String body, String message) {
		assertThat(read(429, body).message()).isEqualTo(message);
	}

	@Test
	void readWhenFailureIsAnEventStreamFindsTheMessage() {
		assertThat(read(429, EVENT).message()).isEqualTo("m");
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 101, 204, 304 })
	void readWhenNoBodyIsNone(int status) {
		assertThat(read(status, null)).isSameAs(ErrorBody.NONE);
	}

	@Test
	void readWhenRedirectIsNone() {
		assertThat(read(302, ERROR)).isSameAs(ErrorBody.NONE);
	}

	@Test
	void readWhenErrorComesAfterTheLimitOfJsonIsNone() {
		String body = "{\"a\":\"" + "x".repeat(ProviderResponse.READ_LIMIT) + "\"," + ERROR.substring(1);
		assertThat(read(200, body)).isSameAs(ErrorBody.NONE);
	}

	@Test
	void readWhenErrorEndsALongEventStreamFindsIt() {
		String body = "data: {\"type\":\"delta\"}\n\n".repeat(100_000) + EVENT;
		assertThat(read(200, body).message()).isEqualTo("m");
	}

	@Test
	void readWhenEventStreamIsCutWithinALineIgnoresTheRestOfIt() {
		String filler = "x".repeat(3 * ProviderResponse.READ_LIMIT);
		assertThat(read(200, "data: {\"text\":\"" + filler + " data: " + ERROR + "\"}")).isSameAs(ErrorBody.NONE);
	}

	@Test
	void readWhenMessageIsLongShortensIt() {
		String body = "{\"message\":\"" + "x".repeat(10_000) + "\"}";
		assertThat(read(429, body).message()).hasSize(ErrorBody.MAX_MESSAGE);
	}

	@Test
	void readWhenCodesStandInSeveralPlacesReturnsMostSpecificFirst() {
		String body = "{\"error\":{\"type\":\"t\",\"status\":\"s\",\"error_type\":\"e\",\"code\":429,"
				+ "\"details\":{\"error_code\":\"d\"}},\"__type\":\"ns#x\"}";
		assertThat(read(429, body).codes()).containsExactly("429", "d", "e", "s", "t", "x");
	}

	@Test
	void readWhenHeadersAreInsideReturnsThem() {
		String body = "{\"error\":{\"metadata\":{\"headers\":{\"X-A\":\"1\",\"X-B\":2,\"X-C\":[3]}}}}";
		assertThat(read(429, body).fields()).isEqualTo(Reading.fields("x-a", "1", "x-b", "2"));
	}

	@Test
	void readWhenQuotasAreViolatedJoinsThem() {
		String body = "{\"error\":{\"details\":[7,null,{\"violations\":[{\"quotaId\":\"InputTokensPerMinute\","
				+ "\"quotaValue\":\"10\"},{\"quotaId\":\"RequestsPerDay\",\"quotaValue\":\"0\"},5]}]}}";
		assertThat(read(429, body).quotas()).isEqualTo(new GoogleQuotas(true, true, true, true, true));
	}

	@ParameterizedTest
	@CsvSource({ "rate_limit_exceeded, rate_limit_exceeded", "Rate-Limit Exceeded, rate_limit_exceeded",
			"ThrottlingException:http://internal.amazon.com/, throttlingexception",
			"com.amazon#ThrottlingException, throttlingexception",
			"https://iana.org/types#quota-exceeded, quota_exceeded", "'', ''" })
	void toCodeWhenSpelledDifferentlyIsOne(String text, String code) {
		assertThat(ErrorBody.toCode(text)).isEqualTo(code);
	}

	private static ErrorBody read(int status, String body) {
		return ErrorBody.read(new ProviderResponse(status, HttpFields.EMPTY, body));
	}

}

package io.github.llmratelimit.provider;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

/**
 * Tests for {@link JsonReader}.
 */
class JsonReaderTests {

	@Test
	void readWhenObjectReturnsMap() {
		Object value = JsonReader.read(" { \"a\" : { \"b\" : [ \"c\" , 1 , -2.5e3 , true ] } , \"d\" : \"\" } ");
		assertThat(value).isEqualTo(Map.of("a", Map.of("b", List.of("c", "1", "-2.5e3", "true")), "d", ""));
	}

	@Test
	void readWhenNullsLeavesThemOut() {
		assertThat(JsonReader.read("{\"a\":null,\"b\":[null,1]}")).isEqualTo(Map.of("b", List.of("1")));
	}

	@Test
	void readWhenEscapedReturnsCharacters() {
		assertThat(JsonReader.read("\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00b5\\u20AC\""))
			.isEqualTo("a\"\\/\b\f\n\r\t\u00b5\u20ac");
	}

	@Test
	void readWhenUnicodeEscapeIsBrokenGoesOn() {
		assertThat(JsonReader.read("\"a\\u12x\"")).isEqualTo("a\uFFFDx");
	}

	@Test
	void readWhenStringIsCutOffDropsTheBrokenWord() {
		assertThat(JsonReader.read("{\"error\": {\"message\": \"on tokens per min (TPM): Limit 3"))
			.isEqualTo(Map.of("error", Map.of("message", "on tokens per min (TPM): Limit")));
	}

	@Test
	void readWhenCutOffAnywhereKeepsWhatCameBefore() {
		String json = "{\"a\": \"b\", \"c\": {\"d\": [1, \"e f\", {\"g\": \"h\"}]}}";
		for (int end = json.indexOf(',') + 1; end < json.length(); end++) {
			assertThat(JsonReader.read(json.substring(0, end))).asInstanceOf(MAP).containsEntry("a", "b");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"a\": 1, b: 2, \"c\": 3}", "{\"a\": 1, \"b\" 2, \"c\": 3}", "{\"a\": 1 \"c\": 3}",
			"{\"a\": 1, 'c': 3}", "{\"a\": 1, }", "{\"a\": 1, ,\"c\": 3}", "{\"a\": 1}}}", "{\"a\": 1} trailing" })
	void readWhenNoLongerJsonKeepsWhatCameBefore(String text) {
		assertThat(JsonReader.read(text)).isEqualTo(Map.of("a", "1"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "null", ",", "}", "]", ":" })
	void readWhenNothingReturnsNull(String text) {
		assertThat(JsonReader.read(text)).isNull();
	}

	@Test
	void readWhenDeeperThanBoundLeavesItOut() {
		String deep = "[".repeat(JsonReader.MAX_DEPTH) + "\"]\", [1]" + "]".repeat(JsonReader.MAX_DEPTH);
		assertThat(JsonReader.read("{\"a\": " + deep + ", \"b\": 2}")).asInstanceOf(MAP).containsEntry("b", "2");
	}

	@ParameterizedTest
	@ValueSource(strings = { "[", "{\"a\":", "[{\"a\":[", "\"\\", "[\"" })
	void readWhenMadeOfBeginningsEnds(String beginning) {
		assertThat(JsonReader.read(beginning.repeat(100_000))).isNotNull();
	}

}

package io.github.llmratelimit.provider;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link KindRules}: what outranks what, and which words count. Whole responses
 * are in {@link ProviderCasesTests}.
 */
class KindRulesTests {

	@ParameterizedTest
	@CsvSource({ "200, OK", "204, OK", "304, OK", "0, OK", "400, CLIENT_ERROR", "402, QUOTA_EXHAUSTED",
			"404, CLIENT_ERROR", "408, SERVER_ERROR", "409, CLIENT_ERROR", "413, REQUEST_TOO_LARGE",
			"424, SERVER_ERROR", "429, RATE_LIMIT_UNKNOWN", "499, CLIENT_ERROR", "500, SERVER_ERROR",
			"502, SERVER_ERROR", "503, OVERLOADED", "504, SERVER_ERROR", "529, OVERLOADED", "599, SERVER_ERROR" })
	void kindWhenOnlyStatusIsKnown(int status, SignalKind kind) {
		assertThat(Reading.read("openai", status, null).kind()).isEqualTo(kind);
	}

	/**
	 * Each message also holds the signs of all kinds below it.
	 */
	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "insufficient credits; request too large; requests per day; high demand; (TPM) | QUOTA_EXHAUSTED",
					"limit: 0; request too large; requests per day | QUOTA_EXHAUSTED",
					"request too large; tokens per day; high demand; requests per min | REQUEST_TOO_LARGE",
					"Limit 5, Requested 6 tokens per day; high demand | REQUEST_TOO_LARGE",
					"tokens per day; high demand; tokens per min | RATE_LIMIT_DAY",
					"high demand; tokens per min; requests per min | OVERLOADED",
					"tokens per min; requests per min | RATE_LIMIT_TOKENS", "requests per min | RATE_LIMIT_REQUESTS" })
	void kindWhenSeveralSignsTakesTheOneThatOutranks(String message, SignalKind kind) {
		assertThat(kindOf(message)).isEqualTo(kind);
	}

	@Test
	void kindWhenTrafficGrewTooFastOutranksTokens() {
		String body = "{\"error\":{\"code\":\"slow_down\",\"type\":\"tokens\",\"message\":\"tokens per min\"}}";
		assertThat(Reading.read("openai", 429, body).kind()).isEqualTo(SignalKind.RATE_LIMIT_UNKNOWN);
	}

	@Test
	void kindWhenMessageNamesNoLimitAsksType() {
		String body = "{\"error\":{\"type\":\"tokens\",\"message\":\"Rate limit reached\"}}";
		assertThat(Reading.read("openai", 429, body, "x-ratelimit-type", "Requests").kind())
			.isEqualTo(SignalKind.RATE_LIMIT_TOKENS);
	}

	@Test
	void kindWhenTypeNamesNoLimitAsksHeader() {
		String body = "{\"error\":{\"type\":\"compound\",\"message\":\"Rate limit reached\"}}";
		assertThat(Reading.read("openai", 429, body, "x-ratelimit-type", "Requests").kind())
			.isEqualTo(SignalKind.RATE_LIMIT_REQUESTS);
	}

	@ParameterizedTest
	@CsvSource({ "0, 5, RATE_LIMIT_REQUESTS", "5, 0, RATE_LIMIT_TOKENS", "0, 0, RATE_LIMIT_UNKNOWN",
			"5, 5, RATE_LIMIT_UNKNOWN", "0, x, RATE_LIMIT_REQUESTS" })
	void kindWhenNothingElseTellsAsksWhatIsUsedUp(String requests, String tokens, SignalKind kind) {
		ProviderSignal signal = Reading.read("openai", 429, null, "x-ratelimit-remaining-requests", requests,
				"x-ratelimit-remaining-tokens", tokens);
		assertThat(signal.kind()).isEqualTo(kind);
	}

	@ParameterizedTest
	@CsvSource({ "x-ratelimit-limit-requests", "x-ratelimit-limit-tokens", "x-ratelimit-limit" })
	void kindWhenHeaderSaysLimitIsZeroIsMoney(String header) {
		assertThat(Reading.read("openai", 429, null, header, "0").kind()).isEqualTo(SignalKind.QUOTA_EXHAUSTED);
	}

	@Test
	void kindWhenHeaderSaysLimitIsZeroOnAnotherStatusIsNotMoney() {
		assertThat(Reading.read("openai", 400, null, "x-ratelimit-limit-tokens", "0").kind())
			.isEqualTo(SignalKind.CLIENT_ERROR);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "Rate limit reached on requests per min. Limit: 3 / min. | RATE_LIMIT_REQUESTS",
					"exceeded call rate limit of your current tier | RATE_LIMIT_REQUESTS",
					"Your request rate is too high | RATE_LIMIT_REQUESTS",
					"past the per minute request limit | RATE_LIMIT_REQUESTS",
					"over generate_content_requests_per_minute | RATE_LIMIT_REQUESTS",
					"metric: generate_content_free_tier_requests, limit: 10 | RATE_LIMIT_REQUESTS",
					"metric: generate_content_free_tier_input_token_count, limit: 9 | RATE_LIMIT_TOKENS",
					"Too many tokens, please wait | RATE_LIMIT_TOKENS", "Too many requests | RATE_LIMIT_UNKNOWN",
					"Need more tokens? Upgrade today | RATE_LIMIT_UNKNOWN", "free-models-per-day | RATE_LIMIT_DAY",
					"You have exceeded your daily quota | RATE_LIMIT_DAY",
					"the model is temporarily unable to serve | OVERLOADED",
					"limited to 1000 API calls / month | QUOTA_EXHAUSTED" })
	void kindWhenMessageTells(String message, SignalKind kind) {
		assertThat(kindOf(message)).isEqualTo(kind);
	}

	@ParameterizedTest
	@CsvSource({ "prompt is too long: 5 tokens > 4 maximum", "Input is too long", "the maximum context length is 5",
			"the maximum prompt length is 5", "input length and max_tokens exceed context limit: 5 > 4",
			"too many tokens: must be below 5", "exceeds the maximum number of tokens allowed" })
	void kindWhenBadRequestIsTooLong(String message) {
		assertThat(Reading.read("generic", 400, "{\"message\":\"" + message + "\"}").kind())
			.isEqualTo(SignalKind.REQUEST_TOO_LARGE);
	}

	@Test
	void kindWhenCutOffBodyOfOpenAiTellsNoType() {
		String body = "{\"error\": {\"message\": \"You exceeded your current quota, please check your plan and bil";
		assertThat(Reading.read("openai", 429, body).kind()).isEqualTo(SignalKind.QUOTA_EXHAUSTED);
	}

	@Test
	void kindWhenOpenAiCompatibleEndpointOfGeminiUsesTheSameSentence() {
		String body = "[{\"error\": {\"code\": 429, \"message\": \"You exceeded your current quota, please check\","
				+ "\"status\": \"RESOURCE_EXHAUSTED\"}}]";
		assertThat(Reading.read("openai", 429, body).kind()).isEqualTo(SignalKind.RATE_LIMIT_UNKNOWN);
	}

	@Test
	void kindWhenErrorIsInsideASuccessReadsItsCode() {
		String body = "{\"error\":{\"code\":402,\"message\":\"x\"}}";
		assertThat(Reading.read("openai", 200, body).kind()).isEqualTo(SignalKind.QUOTA_EXHAUSTED);
	}

	private static SignalKind kindOf(String message) {
		return Reading.read("generic", 429, "{\"message\":\"" + message + "\"}").kind();
	}

}

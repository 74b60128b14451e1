package io.github.llmratelimit.provider;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what is special about providers, as far as {@link ProviderCasesTests} has no
 * case of it.
 */
class BundledDialectsTests {

	@Test
	void groqWhenOnlyRequestsAreUsedUpMeansTheDay() {
		ProviderSignal signal = Reading.read("groq", 429, null, "x-ratelimit-remaining-requests", "0");
		assertThat(signal.kind()).isEqualTo(SignalKind.RATE_LIMIT_DAY);
	}

	@Test
	void groqWhenOnlyTokensAreUsedUpMeansTheMinute() {
		ProviderSignal signal = Reading.read("groq", 429, null, "x-ratelimit-remaining-tokens", "0");
		assertThat(signal.kind()).isEqualTo(SignalKind.RATE_LIMIT_TOKENS);
	}

	@Test
	void vertexWhenQuotaIsListedIsTheCallersOwn() {
		String body = """
				{"error": {"status": "RESOURCE_EXHAUSTED", "message": "Resource exhausted.", "details": [
				{"violations": [{"quotaId": "RequestsPerMinute", "quotaValue": "10"}]}]}}""";
		assertThat(Reading.read("vertex", 429, body).kind()).isEqualTo(SignalKind.RATE_LIMIT_REQUESTS);
	}

	@Test
	void vertexWhenQuotaFailureIsEmptyIsTheCallersOwn() {
		String body = """
				{"error": {"status": "RESOURCE_EXHAUSTED", "details": [{"@type": "google.rpc.QuotaFailure"}]}}""";
		assertThat(Reading.read("vertex", 429, body).kind()).isEqualTo(SignalKind.RATE_LIMIT_UNKNOWN);
	}

	@ParameterizedTest
	@CsvSource({ "599s, 9h, 32400", "600s, 9h, 600", "38s, 38s, " })
	void geminiWhenDayIsViolatedBelievesLongWaitsOnly(String delay, String sentence, Long seconds) {
		String body = """
				{"error": {"message": "Please retry in %s.", "details": [
				{"violations": [{"quotaId": "RequestsPerDay", "quotaValue": "20"}]}, {"retryDelay": "%s"}]}}"""
			.formatted(sentence, delay);
		ProviderSignal signal = Reading.read("gemini", 429, body);
		assertThat((signal.retryAfter() != null) ? signal.retryAfter().toSeconds() : null).isEqualTo(seconds);
	}

	@ParameterizedTest
	@CsvSource({ "bedrock, RATE_LIMIT_REQUESTS", "generic, RATE_LIMIT_UNKNOWN" })
	void bedrockWhenTooManyRequestsMeansThem(String dialect, SignalKind kind) {
		assertThat(Reading.read(dialect, 429, "{\"message\":\"Too many requests, please wait\"}").kind())
			.isEqualTo(kind);
	}

	@ParameterizedTest
	@CsvSource({ "gemini, RATE_LIMIT_DAY", "openai, RATE_LIMIT_UNKNOWN" })
	void geminiWhenQuotaIsExceededMeansTheDay(String dialect, SignalKind kind) {
		assertThat(Reading.read(dialect, 429, "{\"error\":{\"code\":\"quota_exceeded\"}}").kind()).isEqualTo(kind);
	}

}

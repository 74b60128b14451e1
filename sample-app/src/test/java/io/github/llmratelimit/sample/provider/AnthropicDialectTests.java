package io.github.llmratelimit.sample.provider;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.github.llmratelimit.sample.provider.ChatCall.Streamed;
import io.github.llmratelimit.sample.provider.Verdict.Level;
import io.github.llmratelimit.sample.provider.Verdict.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link AnthropicDialect}.
 */
class AnthropicDialectTests {

	private static final ChatCall CALL = new ChatCall("claude-sonnet-4-6", List.of("Hello"), 1, 50, Streamed.NO);

	private static final Duration MINUTE = Duration.ofMinutes(1);

	private static final Map<Meter, Level> LEVELS = Map.of(Meter.REQUESTS,
			new Level(50, 1, Duration.ofMillis(1_200), MINUTE), Meter.INPUT_TOKENS,
			new Level(30_000, 588, Duration.ofMillis(1_176), MINUTE), Meter.OUTPUT_TOKENS,
			new Level(8_000, 7_600, Duration.ofSeconds(41), MINUTE));

	private final AnthropicDialect dialect = new AnthropicDialect(() -> Instant.parse("2026-10-15T12:00:00Z"));

	@Test
	void readCountsSystemAndMessages() throws InvalidCallException {
		ChatCall call = read("""
				{"model": "claude-sonnet-4-6", "max_tokens": 50, "system": "You are terse.", "stream": true,
				  "messages": [{"role": "user", "content": [{"type": "text", "text": "Hello"}]}]}
				""");
		assertThat(call).isEqualTo(new ChatCall("claude-sonnet-4-6", List.of("You are terse.", "Hello"),
				PromptTokens.count("You are terse.") + PromptTokens.count("Hello"), 50, Streamed.WITH_USAGE));
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';',
			value = { "[];not valid JSON", "{};model: Field required", "{\"model\":\"m\"};max_tokens: Field required",
					"{\"model\":\"m\",\"max_tokens\":0};greater than or equal to 1",
					"{\"model\":\"m\",\"max_tokens\":1};at least one message is required",
					"{\"model\":\"m\",\"max_tokens\":1,\"messages\":[{}]};messages.0.content: Field required" })
	void readWhenBodyIsWrongIs400AndSaysWhy(String body, String message) {
		assertThatExceptionOfType(InvalidCallException.class).isThrownBy(() -> read(body)).satisfies((ex) -> {
			assertThat(ex.reply().status()).isEqualTo(400);
			assertThat(json(ex.reply()).at("/error/message").asString()).contains(message);
			assertThat(json(ex.reply()).at("/error/type").asString()).isEqualTo("invalid_request_error");
		});
	}

	@Test
	void authenticateWhenThereIsNoKeyIs401() {
		assertThatExceptionOfType(InvalidCallException.class)
			.isThrownBy(() -> this.dialect.authenticate((name) -> null))
			.satisfies((ex) -> assertThat(ex.reply().status()).isEqualTo(401));
	}

	@Test
	void authenticateWhenThereIsNoVersionIs400() {
		assertThatExceptionOfType(InvalidCallException.class)
			.isThrownBy(() -> this.dialect.authenticate((name) -> name.equals("x-api-key") ? "key" : null))
			.satisfies((ex) -> assertThat(ex.reply().status()).isEqualTo(400));
	}

	@Test
	void answerRoundsRemainingTokensAndTellsInstants() {
		Reply reply = this.dialect.answer(CALL, new Completion("Hi.", 5, 0, Duration.ofMillis(700)),
				verdict(Outcome.ADMITTED, Meter.REQUESTS, Duration.ZERO));
		assertThat(reply.headers()).containsEntry("anthropic-ratelimit-requests-limit", "50")
			.containsEntry("anthropic-ratelimit-requests-remaining", "49")
			.containsEntry("anthropic-ratelimit-requests-reset", "2026-10-15T12:00:02Z")
			.containsEntry("anthropic-ratelimit-input-tokens-remaining", "29000")
			.containsEntry("anthropic-ratelimit-output-tokens-limit", "8000")
			.containsEntry("anthropic-ratelimit-output-tokens-remaining", "0")
			.containsEntry("anthropic-ratelimit-output-tokens-reset", "2026-10-15T12:00:41Z")
			.containsEntry("anthropic-ratelimit-tokens-limit", "38000")
			.containsEntry("anthropic-ratelimit-tokens-remaining", "30000")
			.containsEntry("anthropic-ratelimit-tokens-reset", "2026-10-15T12:00:41Z")
			.doesNotContainKey("retry-after");
		assertThat(json(reply).path("usage").toString()).isEqualTo("{\"input_tokens\":8,"
				+ "\"cache_creation_input_tokens\":0,\"cache_read_input_tokens\":0,\"output_tokens\":5}");
		assertThat(json(reply).at("/content/0/text").asString()).isEqualTo("Hi.");
	}

	@Test
	void answerWhenStreamedTellsUsageAtBothEnds() {
		ChatCall call = new ChatCall("claude-sonnet-4-6", List.of("Hello"), 1, 50, Streamed.WITH_USAGE);
		List<String> events = this.dialect
			.answer(call, new Completion("Hi.", 5, 0, Duration.ofMillis(700)),
					verdict(Outcome.ADMITTED, Meter.REQUESTS, Duration.ZERO))
			.events()
			.stream()
			.map((event) -> new String(event, StandardCharsets.UTF_8))
			.toList();
		assertThat(events.get(0)).startsWith("event: message_start\ndata: {").contains("\"input_tokens\":8");
		assertThat(events.get(events.size() - 2)).startsWith("event: message_delta\n")
			.contains("\"stop_reason\":\"end_turn\"", "\"output_tokens\":5");
		assertThat(events.get(events.size() - 1))
			.isEqualTo("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
	}

	@Test
	void refusalWhenOutputIsSpentHasTheRealText() {
		Reply reply = this.dialect.refusal(CALL,
				verdict(Outcome.REFUSED, Meter.OUTPUT_TOKENS, Duration.ofMillis(40_100)));
		assertThat(reply.status()).isEqualTo(429);
		assertThat(reply.headers()).containsEntry("retry-after", "41").doesNotContainKey("retry-after-ms");
		assertThat(json(reply).at("/error/type").asString()).isEqualTo("rate_limit_error");
		assertThat(json(reply).at("/error/message").asString())
			.isEqualTo("This request would exceed your organization's rate limit of 8,000 output tokens per minute "
					+ "(org: 00000000-0000-0000-0000-000000000000, model: claude-sonnet-4-6).");
	}

	@Test
	void overloadedIs529() {
		assertThat(this.dialect.overloaded().status()).isEqualTo(529);
	}

	@Test
	void quotaExhaustedNamesTheSpendLimit() {
		assertThat(json(this.dialect.quotaExhausted()).at("/error/details/error_code").asString())
			.isEqualTo("enforced_spend_limit_reached");
	}

	private static Verdict verdict(Outcome outcome, Meter meter, Duration retryAfter) {
		return new Verdict(outcome, meter, 1, retryAfter, LEVELS, LEVELS, LEVELS);
	}

	private ChatCall read(String body) throws InvalidCallException {
		return this.dialect.read("/v1/messages", body.getBytes(StandardCharsets.UTF_8));
	}

	private static JsonNode json(Reply reply) {
		return new JsonMapper().readTree(reply.body());
	}

}

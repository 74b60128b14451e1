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
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link OpenAiDialect}.
 */
class OpenAiDialectTests {

	private static final ChatCall CALL = new ChatCall("gpt-4o", List.of("Hello"), 1, 5, Streamed.NO);

	private static final Duration WINDOW = Duration.ofMinutes(1);

	private static final Level REQUESTS = new Level(500, 1, Duration.ofMillis(120), WINDOW);

	private static final Level TOKENS = new Level(30_000, 22_999, Duration.ofMillis(45_999), WINDOW);

	private final OpenAiDialect dialect = new OpenAiDialect(() -> Instant.ofEpochSecond(1_795_000_000));

	@Test
	void readCountsTokensOfAllMessages() throws InvalidCallException {
		ChatCall call = read("""
				{"model": "gpt-4o", "max_tokens": 50, "messages": [
				  {"role": "system", "content": "You are terse."},
				  {"role": "user", "content": [{"type": "text", "text": "Hello "}, {"type": "text", "text": "world"}]}]}
				""");
		assertThat(call).isEqualTo(new ChatCall("gpt-4o", List.of("You are terse.", "Hello world"),
				PromptTokens.count("You are terse.") + PromptTokens.count("Hello world"), 50, Streamed.NO));
		assertThat(call.billedPromptTokens()).isEqualTo(call.promptTokens() + 11);
	}

	@Test
	void readWhenBothMaximaAreGivenPrefersTheNewerName() throws InvalidCallException {
		assertThat(read("""
				{"model": "m", "max_tokens": 50, "max_completion_tokens": 60, "messages": [{"content": "a"}]}
				""").maxTokens()).isEqualTo(60);
	}

	@Test
	void readWhenNoMaximumIsGivenTakesDefault() throws InvalidCallException {
		assertThat(read("""
				{"model": "m", "messages": [{"content": "a"}]}
				""").maxTokens()).isEqualTo(ChatCompletions.DEFAULT_MAX_TOKENS);
	}

	@Test
	void readWhenTextLooksLikeASpecialTokenCountsItAsText() throws InvalidCallException {
		assertThat(read("""
				{"model": "m", "messages": [{"content": "<|endoftext|>"}]}
				""").promptTokens()).isGreaterThan(1);
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', value = { "{;We could not parse", "[];We could not parse", "{};must provide a model",
			"{\"model\":\"m\"};Missing required parameter: 'messages'",
			"{\"model\":\"m\",\"messages\":[]};Invalid 'messages': empty array",
			"{\"model\":\"m\",\"messages\":[{}]};Invalid value for 'content'",
			"{\"model\":\"m\",\"messages\":[{\"content\":\"a\"}],\"max_tokens\":0};integer below minimum value",
			"{\"model\":\"m\",\"messages\":[{\"content\":\"a\"}],\"max_tokens\":1.5};expected an integer",
			"{\"model\":\"m\",\"messages\":[{\"content\":\"a\"}],\"max_tokens\":99999999999};expected an integer" })
	void readWhenBodyIsWrongIs400AndSaysWhy(String body, String message) {
		assertThatExceptionOfType(InvalidCallException.class).isThrownBy(() -> read(body)).satisfies((ex) -> {
			assertThat(ex.reply().status()).isEqualTo(400);
			assertThat(error(ex.reply()).path("message").asString()).contains(message);
			assertThat(error(ex.reply()).path("type").asString()).isEqualTo("invalid_request_error");
		});
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "", "Bearer", "Bearer ", "Basic abc" })
	void authenticateWhenThereIsNoKeyIs401(String authorization) {
		assertThatExceptionOfType(InvalidCallException.class)
			.isThrownBy(() -> this.dialect.authenticate((name) -> authorization))
			.satisfies((ex) -> assertThat(ex.reply().status()).isEqualTo(401));
	}

	@Test
	void authenticateWhenThereIsAKeyPasses() {
		assertThatNoException().isThrownBy(() -> this.dialect.authenticate((name) -> "Bearer abc"));
	}

	@Test
	void answerReportsUsageAndLimits() {
		Completion completion = new Completion("Hi.", 5, 128, Duration.ofMillis(700));
		Reply reply = this.dialect.answer(CALL, completion,
				verdict(Outcome.ADMITTED, Meter.REQUESTS, 1, Duration.ZERO, REQUESTS));
		assertThat(reply.status()).isEqualTo(200);
		assertThat(reply.headers()).containsEntry("x-ratelimit-limit-requests", "500")
			.containsEntry("x-ratelimit-limit-tokens", "30000")
			.containsEntry("x-ratelimit-remaining-requests", "499")
			.containsEntry("x-ratelimit-remaining-tokens", "7001")
			.containsEntry("x-ratelimit-reset-requests", "120ms")
			.containsEntry("x-ratelimit-reset-tokens", "45.999s")
			.doesNotContainKeys("retry-after", "retry-after-ms");
		JsonNode body = json(reply);
		assertThat(body.at("/choices/0/message/content").asString()).isEqualTo("Hi.");
		assertThat(body.at("/choices/0/finish_reason").asString()).isEqualTo("length");
		assertThat(body.path("created").asLong()).isEqualTo(1_795_000_000);
		assertThat(body.path("usage").toString()).isEqualTo(
				"""
						{"prompt_tokens":8,"completion_tokens":5,"total_tokens":13,"prompt_tokens_details":{"cached_tokens":128}}"""
					.strip());
	}

	@Test
	void refusalWhenTokensAreSpentHasTheRealText() {
		Reply reply = this.dialect.refusal(CALL,
				verdict(Outcome.REFUSED, Meter.TOKENS, 12_528, Duration.ofMillis(11_054), REQUESTS));
		assertThat(reply.status()).isEqualTo(429);
		assertThat(reply.headers()).containsEntry("retry-after", "12").containsEntry("retry-after-ms", "11054");
		assertThat(error(reply).toString()).isEqualTo(
				"{\"message\":\"Rate limit reached for gpt-4o in organization org-sample on tokens per min (TPM): "
						+ "Limit 30000, Used 22999, Requested 12528. Please try again in 11.054s. "
						+ "Visit https://platform.openai.com/account/rate-limits to learn more.\","
						+ "\"type\":\"tokens\",\"param\":null,\"code\":\"rate_limit_exceeded\"}");
	}

	@Test
	void refusalWhenRequestsAreSpentNamesThem() {
		Reply reply = this.dialect.refusal(CALL, verdict(Outcome.REFUSED, Meter.REQUESTS, 1, Duration.ofMillis(84),
				new Level(500, 500, Duration.ZERO, WINDOW)));
		assertThat(error(reply).path("type").asString()).isEqualTo("requests");
		assertThat(error(reply).path("message").asString())
			.contains("on requests per min (RPM): Limit 500, Used 500, Requested 1. Please try again in 84ms.");
	}

	@Test
	void refusalWhenItNeverFitsHasNoRetryAfter() {
		Reply reply = this.dialect.refusal(CALL,
				verdict(Outcome.TOO_LARGE, Meter.TOKENS, 40_000, Duration.ZERO, REQUESTS));
		assertThat(reply.status()).isEqualTo(429);
		assertThat(reply.headers()).doesNotContainKeys("retry-after", "retry-after-ms");
		assertThat(error(reply).path("message").asString()).startsWith("Request too large for gpt-4o")
			.contains("Limit 30000, Requested 40000");
	}

	@Test
	void answerWhenStreamedEndsWithUsageAndDone() {
		ChatCall call = new ChatCall("gpt-4o", List.of("Hello"), 1, 50, Streamed.WITH_USAGE);
		Reply reply = this.dialect.answer(call, new Completion("Hi there.", 5, 0, Duration.ofMillis(700)),
				verdict(Outcome.ADMITTED, Meter.REQUESTS, 1, Duration.ZERO, REQUESTS));
		List<String> events = reply.events()
			.stream()
			.map((event) -> new String(event, StandardCharsets.UTF_8))
			.toList();
		StringBuilder text = new StringBuilder();
		events.subList(0, events.size() - 1)
			.forEach((event) -> text.append(new JsonMapper().readTree(event.substring("data: ".length()))
				.at("/choices/0/delta/content")
				.asString("")));
		assertThat(text).hasToString("Hi there.");
		assertThat(events.get(events.size() - 3)).contains("\"finish_reason\":\"stop\"");
		assertThat(events.get(events.size() - 2)).contains("\"choices\":[],\"usage\":{\"prompt_tokens\":8");
		assertThat(events).endsWith("data: [DONE]\n\n").allMatch((event) -> event.endsWith("\n\n"));
	}

	@Test
	void quotaExhaustedNamesTheMoney() {
		assertThat(this.dialect.quotaExhausted().status()).isEqualTo(429);
		assertThat(error(this.dialect.quotaExhausted()).path("type").asString()).isEqualTo("insufficient_quota");
	}

	@Test
	void overloadedIs503() {
		assertThat(this.dialect.overloaded().status()).isEqualTo(503);
		assertThat(error(this.dialect.overloaded()).path("code").asString()).isEqualTo("server_is_overloaded");
	}

	private static Verdict verdict(Outcome outcome, Meter meter, long requested, Duration retryAfter, Level requests) {
		Map<Meter, Level> levels = Map.of(Meter.REQUESTS, requests, Meter.TOKENS, TOKENS);
		return new Verdict(outcome, meter, requested, retryAfter, levels, levels, levels);
	}

	private ChatCall read(String body) throws InvalidCallException {
		return this.dialect.read("/v1/chat/completions", body.getBytes(StandardCharsets.UTF_8));
	}

	private static JsonNode error(Reply reply) {
		return json(reply).path("error");
	}

	private static JsonNode json(Reply reply) {
		return new JsonMapper().readTree(reply.body());
	}

}

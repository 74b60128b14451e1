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
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link AzureOpenAiDialect}.
 */
class AzureOpenAiDialectTests {

	private static final String PATH = "/openai/deployments/my-gpt/chat/completions";

	private static final ChatCall CALL = new ChatCall("my-gpt", List.of("Hello"), 1, 5, Streamed.NO);

	private static final Map<Meter, Level> MINUTE = levels(60, 30_000, Duration.ofMinutes(1));

	private static final Map<Meter, Level> SLICE = levels(10, 5_000, Duration.ofSeconds(10));

	private final AzureOpenAiDialect dialect = new AzureOpenAiDialect(() -> Instant.ofEpochSecond(1_795_000_000));

	@Test
	void readTakesTheModelFromThePath() throws InvalidCallException {
		ChatCall call = this.dialect.read(PATH,
				"{\"messages\": [{\"content\": \"Hello\"}]}".getBytes(StandardCharsets.UTF_8));
		assertThat(call.model()).isEqualTo("my-gpt");
	}

	@Test
	void isCallPathWhenItIsOpenAisIsFalse() {
		assertThat(this.dialect.isCallPath(PATH)).isTrue();
		assertThat(this.dialect.isCallPath("/v1/chat/completions")).isFalse();
	}

	@Test
	void authenticateTakesKeyOrToken() {
		assertThatNoException()
			.isThrownBy(() -> this.dialect.authenticate((name) -> name.equals("api-key") ? "k" : null));
		assertThatNoException()
			.isThrownBy(() -> this.dialect.authenticate((name) -> name.equals("Authorization") ? "Bearer t" : null));
		assertThatExceptionOfType(InvalidCallException.class)
			.isThrownBy(() -> this.dialect.authenticate((name) -> null));
	}

	@Test
	void answerTellsOfTheSliceInBareSeconds() {
		Reply reply = this.dialect.answer(CALL, new Completion("Hi.", 5, 0, Duration.ofMillis(700)),
				verdict(Outcome.ADMITTED, Meter.REQUESTS, Duration.ZERO));
		assertThat(reply.headers()).containsEntry("x-ratelimit-limit-requests", "10")
			.containsEntry("x-ratelimit-limit-tokens", "5000")
			.containsEntry("x-ratelimit-remaining-tokens", "4990")
			.containsEntry("x-ratelimit-reset-tokens", "5")
			.containsEntry("x-ratelimit-renewalperiod-requests", "10")
			.containsEntry("x-ratelimit-renewalperiod-tokens", "10");
	}

	@Test
	void refusalHasTheRealText() {
		Reply reply = this.dialect.refusal(CALL, verdict(Outcome.REFUSED, Meter.TOKENS, Duration.ofMillis(21_400)));
		assertThat(reply.status()).isEqualTo(429);
		assertThat(reply.headers()).containsEntry("retry-after", "22")
			.containsEntry("retry-after-ms", "21400")
			.containsEntry("x-ratelimit-type", "Tokens");
		assertThat(new String(reply.body(), StandardCharsets.UTF_8))
			.isEqualTo("{\"error\":{\"code\":\"429\",\"message\":\"Requests to the ChatCompletions_Create Operation "
					+ "under Azure OpenAI API version 2024-10-21 have exceeded token rate limit of your current "
					+ "OpenAI S0 pricing tier. Please retry after 22 seconds.\"}}");
	}

	@Test
	void refusalWhenRequestsAreSpentSaysCallRate() {
		Reply reply = this.dialect.refusal(CALL, verdict(Outcome.REFUSED, Meter.REQUESTS, Duration.ofMillis(1)));
		assertThat(new JsonMapper().readTree(reply.body()).at("/error/message").asString())
			.contains("exceeded call rate limit")
			.endsWith("after 1 second.");
	}

	@Test
	void overloadedIs429OfHighDemand() {
		assertThat(this.dialect.overloaded().status()).isEqualTo(429);
		assertThat(new String(this.dialect.overloaded().body(), StandardCharsets.UTF_8)).contains("high demand");
	}

	private static Verdict verdict(Outcome outcome, Meter meter, Duration retryAfter) {
		return new Verdict(outcome, meter, 1, retryAfter, MINUTE, MINUTE, SLICE);
	}

	private static Map<Meter, Level> levels(long requests, long tokens, Duration window) {
		return Map.of(Meter.REQUESTS, new Level(requests, 1, Duration.ofMillis(4_100), window), Meter.TOKENS,
				new Level(tokens, 10, Duration.ofMillis(4_100), window));
	}

}

package io.github.llmratelimit;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;

import io.github.llmratelimit.LlmRateLimitExceededException.Reason;
import io.github.llmratelimit.LlmRateLimitExceededException.Refusal;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LlmRateLimitExceededException}.
 */
class LlmRateLimitExceededExceptionTests {

	@Test
	void messageWhenRequestIsTooLargeHasBothNumbers() {
		assertThat(exception(Reason.REQUEST_TOO_LARGE)).hasMessageContaining("40000 tokens")
			.hasMessageContaining("30000");
	}

	@Test
	void messageWhenWaitIsTooLongHasTheForecast() {
		assertThat(exception(Reason.WAIT_TOO_LONG)).hasMessageContaining("PT40S").hasMessageContaining("PT30S");
	}

	@Test
	void messageWhenNobodyKnowsTheForecastNamesNone() {
		Refusal refusal = new Refusal(Reason.WAIT_TOO_LONG, "gpt-4o", null, Dimension.CONCURRENT, 2, 1, null,
				Duration.ofSeconds(30));
		assertThat(new LlmRateLimitExceededException(refusal, null))
			.hasMessageContaining("1 concurrent did not become free within PT30S");
	}

	@Test
	void reasonWhenCopiedByStreamIsKept() throws Exception {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
			out.writeObject(exception(Reason.PAUSED));
		}
		try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
			assertThat(((LlmRateLimitExceededException) in.readObject()).reason()).isEqualTo(Reason.PAUSED);
		}
	}

	private static LlmRateLimitExceededException exception(Reason reason) {
		return new LlmRateLimitExceededException(new Refusal(reason, "gpt-4o", null, Dimension.TOKENS, 30_000, 40_000,
				Duration.ofSeconds(40), Duration.ofSeconds(30)), null);
	}

}

package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

import io.github.llmratelimit.LlmRateLimitExceededException;
import io.github.llmratelimit.LlmRateLimitExceededException.Reason;
import io.github.llmratelimit.LlmRateLimitExceededException.Refusal;
import io.github.llmratelimit.provider.ProviderException;
import io.github.llmratelimit.provider.ProviderResponse;
import io.github.llmratelimit.provider.SignalKind;
import io.github.llmratelimit.provider.WrittenDialect;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FailureReaders}.
 */
class FailureReadersTests {

	private final ProviderResponse response = WrittenDialect.response(SignalKind.RATE_LIMIT_TOKENS);

	private final ProviderException failure = new ProviderException(this.response);

	private final FailureReaders readers = new FailureReaders(List.of(ProviderException::read));

	@Test
	void readWhenFailureCarriesAResponseReturnsIt() {
		assertThat(this.readers.read(this.failure)).isSameAs(this.response);
	}

	@Test
	void readWhenACauseCarriesAResponseReturnsIt() {
		assertThat(this.readers.read(new CompletionException(new ExecutionException(this.failure))))
			.isSameAs(this.response);
	}

	@Test
	void readWhenNothingCarriesAResponseReturnsNull() {
		assertThat(this.readers.read(new IllegalStateException())).isNull();
	}

	@Test
	void readWhenChainIsCyclicEnds() {
		Exception first = new Exception();
		first.initCause(new Exception(first));
		assertThat(this.readers.read(first)).isNull();
	}

	@Test
	void readWhenALimiterRefusedReadsNothingBeyond() {
		Refusal refusal = new Refusal(Reason.PAUSED, "other", null, null, 0, 1, Duration.ofSeconds(1), Duration.ZERO);
		Exception refused = new LlmRateLimitExceededException(refusal, this.failure);
		assertThat(this.readers.read(new CompletionException(refused))).isNull();
	}

	@Test
	void readWhenAReaderIsBrokenAsksTheNext() {
		FailureReader broken = (any) -> {
			throw new IllegalStateException("broken");
		};
		assertThat(new FailureReaders(List.of(broken, ProviderException::read)).read(this.failure))
			.isSameAs(this.response);
	}

}

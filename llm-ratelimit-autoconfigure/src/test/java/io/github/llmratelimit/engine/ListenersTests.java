package io.github.llmratelimit.engine;

import java.util.List;

import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.LlmCall;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.provider.SignalKind;
import io.github.llmratelimit.provider.WrittenDialect;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Listeners}. One throws exceptions and errors, and the next must hear
 * everything nevertheless.
 */
class ListenersTests {

	private final TestEngine engine = new TestEngine();

	@BeforeEach
	void addBrokenListener() {
		this.engine.listeners = List.of(new BrokenListener(), this.engine.new Recorder());
	}

	@Test
	void acquireWhenAListenerFailsIsHeardByTheNext() throws InterruptedException {
		this.engine.limiter().acquire(Cost.ofTotal(10));
		assertThat(this.engine.events).containsExactly("acquire admitted after PT0S");
	}

	@Test
	void acquireWhenAListenerFailsTakesOnce() throws InterruptedException {
		this.engine.limiter().acquire(Cost.ofTotal(10)).close();
		assertThat(this.engine.limiter().status().inFlight()).isZero();
		assertThat(this.engine.remaining(Dimension.REQUESTS)).isEqualTo(9);
	}

	@Test
	void endWhenAListenerFailsIsHeardByTheNext() throws InterruptedException {
		this.engine.limiter().acquire(Cost.ofTotal(10)).settle(Usage.of(3, 4));
		assertThat(this.engine.events).endsWith("end 10 7");
	}

	@Test
	void callWhenEveryListenerMethodFailsReturns() throws Exception {
		String answer = this.engine.limiter().call(CallRequest.of(Cost.ofTotal(10)), () -> {
			LimitedCall call = (LimitedCall) LlmCall.current().orElseThrow();
			call.onResponse(WrittenDialect.response(SignalKind.OVERLOADED));
			call.retrying();
			return "answer";
		});
		assertThat(answer).isEqualTo("answer");
		assertThat(this.engine.events).containsExactly("acquire admitted after PT0S", "response overloaded",
				"retry overloaded", "end 10 ?");
	}

	/** Fails whenever it hears something. */
	private static final class BrokenListener implements RateLimitListener {

		@Override
		public void onAcquire(LlmRateLimiter limiter, CallRequest request, AcquireOutcome outcome, long waitedNanos) {
			throw new IllegalStateException("broken");
		}

		@Override
		public void onEnd(LlmRateLimiter limiter, Cost cost, String tenant, Usage usage) {
			throw new LinkageError("broken");
		}

		@Override
		public void onResponse(LlmRateLimiter limiter, SignalKind kind) {
			throw new AssertionError("broken");
		}

		@Override
		public void onRetry(LlmRateLimiter limiter, SignalKind kind) {
			throw new StackOverflowError("broken");
		}

	}

}

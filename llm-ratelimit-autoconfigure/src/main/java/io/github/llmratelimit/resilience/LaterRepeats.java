package io.github.llmratelimit.resilience;

import java.time.Duration;

import io.github.llmratelimit.engine.CallRetry.Repeats;
import io.github.llmratelimit.engine.LimitedCall;
import io.github.llmratelimit.resilience.RetryDecision.Repeat;
import io.github.resilience4j.retry.Retry;
import org.jspecify.annotations.Nullable;

/**
 * Decides for one call that waits on no thread, by the same rules as
 * {@link ResilienceRetry} for those that do. No thread sleeps, whoever's the retry is:
 * the interval that it answers is the delay of the next attempt.
 */
final class LaterRepeats implements Repeats {

	private final LimitedCall call;

	private final RunningCall running;

	private final boolean ours;

	private final Retry.AsyncContext<@Nullable Object> context;

	LaterRepeats(LimitedCall call, RetryRules rules, Retry retry) {
		this.call = call;
		this.running = new RunningCall(call, rules);
		this.ours = ModelRetry.isUsedBy(retry.getRetryConfig());
		this.context = retry.asyncContext();
	}

	@Override
	public boolean afterAnswer(@Nullable Object answer) {
		long millis = this.context.onResult(answer);
		if (millis < 0) {
			this.context.onComplete();
			return false;
		}
		this.call.delayNextAttempt(Duration.ofMillis(millis));
		return true;
	}

	@Override
	public boolean afterFailure(Throwable failure) {
		if (!(failure instanceof Exception exception)) {
			return false;
		}
		RetryDecision decision = this.running.failed(exception);
		if (this.ours && decision instanceof Repeat repeat && !repeat.counted()) {
			this.running.delay();
			return true;
		}
		if (!this.ours && this.running.isFinal()) {
			return false;
		}
		long[] millis = new long[1];
		this.running.whileAsked(() -> millis[0] = this.context.onError(exception));
		if (millis[0] < 0) {
			return false;
		}
		if (!this.ours) { // ours has told the call while it was asked
			this.call.delayNextAttempt(Duration.ofMillis(millis[0]));
		}
		return true;
	}

}

package io.github.llmratelimit.resilience;

import java.time.Duration;

import io.github.llmratelimit.engine.LimitedCall;
import io.github.llmratelimit.provider.ProviderSignal;
import io.github.llmratelimit.provider.SignalKind;
import io.github.llmratelimit.resilience.RetryDecision.Repeat;
import org.jspecify.annotations.Nullable;

/**
 * The failures of one limited call, and what followed them.
 */
final class RunningCall {

	/** How a provider that was not reached, or has no words for it, is understood. */
	static final ProviderSignal SERVER_FAILED = ProviderSignal.of(SignalKind.SERVER_ERROR, true, null);

	/** What Resilience4j is asked about on this thread, while it is asked. */
	private static final ThreadLocal<@Nullable RunningCall> ASKED_ABOUT = new ThreadLocal<>();

	private final LimitedCall call;

	private final RetryRules rules;

	private @Nullable Throwable failure;

	private @Nullable SignalKind obeyed;

	private @Nullable Duration firstWithoutHint;

	private RetryDecision decision = RetryDecision.GIVE_UP;

	RunningCall(LimitedCall call, RetryRules rules) {
		this.call = call;
		this.rules = rules;
	}

	/** Decides what follows the latest attempt, which failed. */
	RetryDecision failed(Exception newFailure) {
		this.failure = newFailure;
		this.decision = decide();
		return this.decision;
	}

	private RetryDecision decide() {
		ProviderSignal signal = this.call.neverSent() ? SERVER_FAILED : this.call.signal();
		if (signal == null || isFinal()) {
			return RetryDecision.GIVE_UP;
		}
		Duration elapsed = this.call.elapsed();
		FailedAttempt failed = new FailedAttempt(this.call.attempt(), signal, this.obeyed, this.call.paused(),
				LongestWindow.of(this.call.limiter()), sinceFirst(signal, elapsed), elapsed, this.call.waitLeft());
		this.obeyed = (signal.retryAfter() != null) ? signal.kind() : null;
		return this.rules.decide(failed);
	}

	private Duration sinceFirst(ProviderSignal signal, Duration elapsed) {
		if (!signal.kind().isRateLimit() || signal.retryAfter() != null) {
			return Duration.ZERO;
		}
		if (this.firstWithoutHint == null) {
			this.firstWithoutHint = elapsed;
		}
		return elapsed.minus(this.firstWithoutHint);
	}

	/**
	 * Whether the failure is not the provider's, or the limiter admits no other attempt.
	 */
	boolean isFinal() {
		return this.call.isOver() || (this.failure != null && NeverRepeated.isIn(this.failure));
	}

	/** Whether another attempt follows. */
	boolean repeats() {
		return this.decision instanceof Repeat;
	}

	/** Holds the next attempt back, in the limiter's queue, as was decided. */
	void delay() {
		if (this.decision instanceof Repeat repeat) {
			this.call.delayNextAttempt(repeat.delay());
		}
	}

	/**
	 * Lets an action ask about this call by {@link #askedAbout}.
	 */
	<E extends Exception> void whileAsked(Action<E> action) throws E {
		RunningCall outer = ASKED_ABOUT.get();
		ASKED_ABOUT.set(this);
		try {
			action.run();
		}
		finally {
			if (outer != null) {
				ASKED_ABOUT.set(outer);
			}
			else {
				ASKED_ABOUT.remove();
			}
		}
	}

	/**
	 * The call whose failure this is, if it is the one that Resilience4j is asked about.
	 */
	static @Nullable RunningCall askedAbout(@Nullable Throwable failure) {
		RunningCall running = ASKED_ABOUT.get();
		return (running != null && running.failure == failure) ? running : null;
	}

	/**
	 * Something that may fail.
	 *
	 * @param <E> how
	 */
	interface Action<E extends Exception> {

		void run() throws E;

	}

}

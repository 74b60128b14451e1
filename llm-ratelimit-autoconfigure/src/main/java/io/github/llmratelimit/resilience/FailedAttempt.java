package io.github.llmratelimit.resilience;

import java.time.Duration;

import io.github.llmratelimit.provider.ProviderSignal;
import io.github.llmratelimit.provider.SignalKind;
import org.jspecify.annotations.Nullable;

/**
 * A failed attempt, with all that decides what follows.
 *
 * @param number which attempt of its call it was, 1 for the first
 * @param signal what the provider said
 * @param obeyed kind of the failure before this one, if it hinted at a wait and that was
 * waited
 * @param paused how long this failure holds back everybody; zero if it does not
 * @param window longest window, shorter than a day, that the provider can mean; zero if
 * there is none
 * @param sinceFirst time since the first refusal without a hint; zero if this is it
 * @param elapsed time since the call began
 * @param waitLeft how much longer the call may wait
 */
record FailedAttempt(int number, ProviderSignal signal, @Nullable SignalKind obeyed, Duration paused, Duration window,
		Duration sinceFirst, Duration elapsed, Duration waitLeft) {

	boolean isRefusedWithoutHint() {
		return this.signal.kind().isRateLimit() && this.signal.retryAfter() == null;
	}

}

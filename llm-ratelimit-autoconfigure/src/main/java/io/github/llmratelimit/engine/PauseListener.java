package io.github.llmratelimit.engine;

import io.github.llmratelimit.LlmRateLimitExceededException.Reason;
import io.github.llmratelimit.LlmRateLimiter;

/**
 * Hears of pauses too. Only where there is such a listener does an alarm watch for the
 * end of a pause that nobody waits for.
 */
public interface PauseListener extends RateLimitListener {

	/**
	 * A provider's refusal stops everybody who draws on a budget. Told once for each
	 * pause, however many calls are refused during it; again only if it becomes one for
	 * the day, or the account turns out to be exhausted.
	 * @param limiter the limiter of the call that was refused
	 * @param pause why, and for how long
	 */
	void onPause(LlmRateLimiter limiter, PauseStart pause);

	/**
	 * What {@link #onPause} told of is over. Of a pause that is told when its time has
	 * passed, also if nobody calls then, on the thread of the clock's alarms, on which
	 * nothing may wait; of an exhausted account when a call was answered again.
	 * @param limiter the limiter of the call that was refused; of an exhausted account,
	 * of the call that was answered
	 * @param reason why calls were held back
	 */
	void onResume(LlmRateLimiter limiter, Reason reason);

}

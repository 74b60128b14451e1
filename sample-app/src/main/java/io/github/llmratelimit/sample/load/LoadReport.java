package io.github.llmratelimit.sample.load;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What came of a load.
 *
 * @param request what was asked for
 * @param model the model that was called
 * @param limits what the provider allows for it
 * @param calls calls that users began
 * @param succeeded calls that were answered
 * @param givenUp calls that ended otherwise, by reason
 * @param cutOff calls that hadn't been sent when the load ended
 * @param refused 429s, counted by the provider
 * @param goodput how much of the token limit was used, or {@code null} if the load was
 * too short to tell
 * @param maxTokensInAnyWindow most tokens that the provider admitted in any window since
 * its start
 * @param waitSeconds time from a call's beginning until it was sent, of answered calls
 * @param elapsedSeconds time until the last call was over
 */
record LoadReport(LoadRequest request, String model, Limits limits, long calls, long succeeded,
		Map<String, Long> givenUp, long cutOff, Refused refused, @Nullable Goodput goodput, long maxTokensInAnyWindow,
		Waits.Summary waitSeconds, double elapsedSeconds) {

	/**
	 * What a provider allows.
	 *
	 * @param requests requests per window
	 * @param tokens tokens per window
	 * @param windowSeconds length of the window
	 */
	record Limits(long requests, long tokens, double windowSeconds) {
	}

	/**
	 * Refused calls.
	 *
	 * @param total all of them
	 * @param byRequests because of the request limit
	 * @param byTokens because of the token limit
	 * @param tooLarge because they can never fit
	 * @param per1000Calls all of them, for each 1,000 calls that users began
	 */
	record Refused(long total, long byRequests, long byTokens, long tooLarge, double per1000Calls) {

		static Refused of(long byRequests, long byTokens, long tooLarge, long calls) {
			long total = byRequests + byTokens + tooLarge;
			double perThousand = (calls == 0) ? 0 : Math.round(10_000.0 * total / calls) / 10.0;
			return new Refused(total, byRequests, byTokens, tooLarge, perThousand);
		}

	}

}

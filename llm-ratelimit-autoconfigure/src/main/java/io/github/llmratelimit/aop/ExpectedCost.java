package io.github.llmratelimit.aop;

import io.github.llmratelimit.Cost;
import io.github.llmratelimit.UsageListener;
import org.jspecify.annotations.Nullable;

/**
 * What a call is expected to take.
 *
 * @param cost the cost
 * @param listener learns from what it really took, {@code null} if there is nothing to
 * learn
 */
record ExpectedCost(Cost cost, @Nullable UsageListener listener) {

	static ExpectedCost stated(Cost cost) {
		return new ExpectedCost(cost, null);
	}

}

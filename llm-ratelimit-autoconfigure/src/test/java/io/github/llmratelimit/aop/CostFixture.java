package io.github.llmratelimit.aop;

import io.github.llmratelimit.Cost;

/**
 * Beans with limited methods, and what their latest call was found to cost.
 */
abstract class CostFixture {

	static final long DEFAULT_OUTPUT = 512;

	/** What an estimator counts for nothing. */
	static final long EMPTY_PROMPT = 7;

	final LimitedBeans beans = new LimitedBeans();

	final Cost cost() {
		return this.beans.limiter().cost();
	}

}

package io.github.llmratelimit.engine.ledger;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.engine.settings.LearningSettings;
import io.github.llmratelimit.learning.LearningRules;
import io.github.llmratelimit.provider.DialectTraits;

/**
 * What a pool may learn from its provider's answers.
 *
 * @param settings what the application allows
 * @param share part of the provider's limits that this instance may use
 * @param traits what the provider's numbers are worth
 * @param booking how the provider books
 * @param strict whether no refusal is acceptable
 */
public record LearningPolicy(LearningSettings settings, double share, DialectTraits traits, Booking booking,
		boolean strict) {

	/** Nothing is learned. */
	static final LearningPolicy NOTHING = new LearningPolicy(new LearningSettings(false, false, false, false), 1,
			DialectTraits.CAUTIOUS, Booking.ESTIMATE, false);

	/** Whether answers need be looked at. */
	public boolean learns() {
		return this.settings.limits() || this.settings.remaining() || this.settings.credit();
	}

	/** Whether the first answers may tell of windows that nobody stated. */
	boolean startsCarefully() {
		return this.settings.limits() && this.traits.slices();
	}

	LearningRules rules(Dimension dimension) {
		boolean tokens = dimension != Dimension.REQUESTS;
		boolean credit = this.settings.credit() && this.traits.exactRemaining();
		return new LearningRules(this.settings.limits(), this.settings.remaining(), credit, this.share,
				tokens ? this.traits.tokensRoundedTo() : 1, !tokens || this.booking != Booking.ACTUAL);
	}

}

package io.github.llmratelimit.engine.ledger;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.CostRule;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.learning.UsageSpread;
import org.jspecify.annotations.Nullable;

/**
 * How the provider of a pool books: by which formula, and whether estimates or actual
 * usage.
 */
public final class Tariff {

	private static final UsageSpread NOTHING_LEARNED = new UsageSpread();

	private final CostRule rule;

	private final Booking booking;

	/** How far estimates are off; {@code null} where that changes nothing. */
	private final @Nullable Spread spread;

	private final LearningPolicy learning;

	public Tariff(CostRule rule, Booking booking) {
		this(rule, booking, LearningPolicy.NOTHING);
	}

	/**
	 * Creates the tariff of a provider whose answers teach.
	 * @param learning what may be learned
	 */
	public Tariff(CostRule rule, Booking booking, LearningPolicy learning) {
		this(rule, booking, (booking != Booking.ESTIMATE) ? new Spread(learning.strict()) : null, learning);
	}

	private Tariff(CostRule rule, Booking booking, @Nullable Spread spread, LearningPolicy learning) {
		this.rule = rule;
		this.booking = booking;
		this.spread = spread;
		this.learning = learning;
	}

	public LearningPolicy learning() {
		return this.learning;
	}

	/** The same for limits that are not the provider's: what is expected is enough. */
	public Tariff withoutSpread() {
		return new Tariff(this.rule, this.booking, null, LearningPolicy.NOTHING);
	}

	/** The same for a plan or a rehearsal, which must not be taken for the real thing. */
	Tariff copy() {
		return new Tariff(this.rule, this.booking, (this.spread != null) ? this.spread.copy() : null,
				LearningPolicy.NOTHING);
	}

	/** Whether no refusal is acceptable. */
	public boolean isStrict() {
		return this.learning.strict();
	}

	public CostRule rule() {
		return this.rule;
	}

	public Booking booking() {
		return this.booking;
	}

	/** Whether calls in flight take what is expected of them, instead of all they may. */
	boolean takesExpected() {
		return this.booking == Booking.ACTUAL && this.spread != null;
	}

	/** Whether calls take their estimates, whatever earlier ones used. */
	boolean isFixed() {
		return this.spread == null;
	}

	void started(Cost cost) {
		if (this.spread != null) {
			this.spread.started(cost, this.rule);
		}
	}

	void ended(Cost cost) {
		if (this.spread != null) {
			this.spread.ended(cost, this.rule);
		}
	}

	public void observe(Cost cost, Usage usage) {
		if (this.spread != null) {
			this.spread.observe(cost, usage, this.rule);
		}
	}

	/**
	 * What calls are known to use of what they may: forecasts by the clock alone are too
	 * late by that much, since ending calls give back.
	 */
	public double usedPart() {
		return (this.spread != null) ? Math.min(1, this.spread.ratio(Dimension.TOKENS)) : 1;
	}

	/** The same, of every dimension of tokens that is limited. */
	public Map<Dimension, Double> usedParts(List<Limit> limits) {
		Map<Dimension, Double> parts = new EnumMap<>(Dimension.class);
		for (Limit limit : limits) {
			if (this.spread != null && counts(limit.dimension())) {
				parts.put(limit.dimension(), this.spread.ratio(limit.dimension()));
			}
		}
		return parts;
	}

	/** Forgets what calls use. What is in flight stays as it was taken. */
	public void forget() {
		if (this.spread != null) {
			this.spread.forget();
		}
	}

	/** How usage compares to estimates. */
	UsageSpread spread(Dimension dimension) {
		return (this.spread != null) ? this.spread.of(dimension) : NOTHING_LEARNED;
	}

	/** All that a call may take of a dimension. */
	public long estimate(Cost cost, Dimension dimension) {
		return this.rule.amount(cost, dimension);
	}

	/**
	 * What must be free of a limit for a call to start. Headroom for what is uncertain
	 * does not make it more than there is.
	 */
	long need(Cost cost, Limit limit) {
		Dimension dimension = limit.dimension();
		long estimate = this.rule.amount(cost, dimension);
		if (this.spread == null || !isUncertain(dimension)) {
			return estimate;
		}
		long need = this.spread.need(estimate, dimension);
		return (need <= limit.amount()) ? need : Math.max(limit.amount(), estimate);
	}

	/** What a call is expected to take of a dimension. */
	long expected(Cost cost, Dimension dimension) {
		long estimate = this.rule.amount(cost, dimension);
		return isUncertain(dimension) ? spread(dimension).expected(estimate) : estimate;
	}

	/** Whether calls may use more of a dimension than is taken for them. */
	boolean isUncertain(Dimension dimension) {
		return takesExpected() && counts(dimension);
	}

	/**
	 * By how much the calls in flight together may use more than is taken for them: a
	 * provider whose remaining amount is less by that has the limit that we think. The
	 * least of many answers counts, so this takes as many deviations as the strictest
	 * booking.
	 */
	long margin(Dimension dimension) {
		return (this.spread != null && isUncertain(dimension)) ? this.spread.margin(dimension) : 0;
	}

	/** Parts of a cost that are taken when a call starts; all of it for {@code null}. */
	float @Nullable [] ratios() {
		return (this.spread != null && takesExpected()) ? this.spread.ratios() : null;
	}

	/** What a call has taken of a dimension. */
	long taken(LedgerEntry entry, Dimension dimension) {
		long estimate = this.rule.amount(entry.cost(), dimension);
		float[] ratios = entry.ratios();
		return (ratios == null) ? estimate : (long) Math.ceil((double) ratios[dimension.ordinal()] * estimate);
	}

	/** How what was taken must change, now that it is known what was used. */
	long correction(LedgerEntry entry, Usage usage, Dimension dimension) {
		long difference = this.rule.amount(usage, dimension) - taken(entry, dimension);
		return (this.booking == Booking.ESTIMATE) ? Math.max(0, difference) : difference;
	}

	/** Whether it changes anything to learn what a call used. */
	public boolean corrects(LedgerEntry entry, Usage usage) {
		return this.booking != Booking.ESTIMATE
				|| !this.rule.covers(entry.cost(), usage) && (correction(entry, usage, Dimension.TOKENS) > 0
						|| correction(entry, usage, Dimension.INPUT_TOKENS) > 0
						|| correction(entry, usage, Dimension.OUTPUT_TOKENS) > 0);
	}

	/** Whether a dimension is one of tokens that come and go with a window. */
	static boolean counts(Dimension dimension) {
		return dimension != Dimension.REQUESTS && !dimension.isHeld();
	}

}

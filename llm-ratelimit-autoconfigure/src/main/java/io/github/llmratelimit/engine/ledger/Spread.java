package io.github.llmratelimit.engine.ledger;

import io.github.llmratelimit.Cost;
import io.github.llmratelimit.CostRule;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.learning.UsageSpread;

/**
 * What is known of estimates, by dimension, and what is in flight of each: how much room
 * a call needs where a provider books what calls really use.
 */
final class Spread {

	/*
	 * The formula is that of UsageSpread. Expected usage is taken at the instant of
	 * admission and replaced by the actual number there when the call ends: stamping it
	 * at completion is no safer by any measure, and costs 7 % of the goodput (10 s
	 * windows: 27 %). Input and output have ratios of their own: input estimates are
	 * nearly right, output estimates are upper bounds.
	 */

	private static final Dimension[] DIMENSIONS = Dimension.values();

	private final UsageSpread[] spreads;

	private final double[] inFlight;

	private final double[] squaresInFlight;

	/**
	 * Creates a spread of which nothing is known.
	 * @param strict whether no refusal is acceptable
	 */
	Spread(boolean strict) {
		this.spreads = new UsageSpread[DIMENSIONS.length];
		for (int i = 0; i < DIMENSIONS.length; i++) {
			this.spreads[i] = new UsageSpread(strict);
		}
		this.inFlight = new double[DIMENSIONS.length];
		this.squaresInFlight = new double[DIMENSIONS.length];
	}

	private Spread(Spread other) {
		this.spreads = other.spreads;
		this.inFlight = other.inFlight.clone();
		this.squaresInFlight = other.squaresInFlight.clone();
	}

	/** A copy that counts what is in flight for itself, and learns nothing. */
	Spread copy() {
		return new Spread(this);
	}

	/** Actual over estimated amount; 1 until enough has been seen. */
	double ratio(Dimension dimension) {
		return this.spreads[dimension.ordinal()].ratio();
	}

	UsageSpread of(Dimension dimension) {
		return this.spreads[dimension.ordinal()];
	}

	/** All ratios of this moment, by dimension. */
	float[] ratios() {
		float[] ratios = new float[DIMENSIONS.length];
		for (int i = 0; i < ratios.length; i++) {
			ratios[i] = Tariff.counts(DIMENSIONS[i]) ? (float) this.spreads[i].ratio() : 1;
		}
		return ratios;
	}

	long need(long estimate, Dimension dimension) {
		int index = dimension.ordinal();
		return this.spreads[index].required(estimate, this.inFlight[index], this.squaresInFlight[index],
				this.spreads[index].deviations());
	}

	/**
	 * What calls in flight may use together beyond what is expected, almost certainly.
	 */
	long margin(Dimension dimension) {
		int index = dimension.ordinal();
		return this.spreads[index].required(0, this.inFlight[index], this.squaresInFlight[index],
				UsageSpread.MOST_DEVIATIONS);
	}

	/** Estimates count in full again, until enough has been seen. */
	void forget() {
		for (UsageSpread spread : this.spreads) {
			spread.reset(); // others hold it
		}
	}

	void started(Cost cost, CostRule rule) {
		addInFlight(cost, rule, 1);
	}

	void ended(Cost cost, CostRule rule) {
		addInFlight(cost, rule, -1);
	}

	private void addInFlight(Cost cost, CostRule rule, int sign) {
		for (Dimension dimension : DIMENSIONS) {
			if (Tariff.counts(dimension)) {
				long estimate = rule.amount(cost, dimension);
				this.inFlight[dimension.ordinal()] += sign * (double) estimate;
				double square = UsageSpread.square(estimate);
				this.squaresInFlight[dimension.ordinal()] += sign * square;
			}
		}
	}

	void observe(Cost cost, Usage usage, CostRule rule) {
		for (Dimension dimension : DIMENSIONS) {
			if (Tariff.counts(dimension)) {
				this.spreads[dimension.ordinal()].observe(rule.amount(cost, dimension), rule.amount(usage, dimension));
			}
		}
	}

}

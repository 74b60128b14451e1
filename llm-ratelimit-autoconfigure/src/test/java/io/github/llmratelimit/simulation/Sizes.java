package io.github.llmratelimit.simulation;

import java.util.SplittableRandom;

import io.github.llmratelimit.Booking;

/**
 * Draws calls: lognormal in size, with a median of 1,500 tokens and one in a hundred
 * above 30,000, answered after 0.5 to 20 seconds.
 */
final class Sizes {

	private static final double MEDIAN = 1_500;

	private static final double SIGMA = Math.log(20) / 2.326;

	private static final int SAMPLE = 100_000;

	private final Scenario scenario;

	private final long largestEstimate;

	Sizes(Scenario scenario) {
		this.scenario = scenario;
		this.largestEstimate = scenario.largestEstimate();
	}

	SimulatedCall.Size draw(SplittableRandom random) {
		double actual = MEDIAN * Math.exp(SIGMA * random.nextGaussian());
		double estimated = actual * (1 + (this.scenario.load().estimateFactor() - 1) * random.nextDouble());
		if (estimated > this.largestEstimate) {
			actual *= this.largestEstimate / estimated;
			estimated = this.largestEstimate;
		}
		double inputShare = 0.5 + 0.45 * random.nextDouble();
		double part = random.nextDouble();
		long latency = (long) (1e9
				* (this.scenario.load().shortAnswers() ? 0.5 * Math.pow(40, part) : 0.5 + 19.5 * part));
		long total = Math.max(2, (long) actual);
		long input = Math.max(1, (long) (inputShare * total));
		return new SimulatedCall.Size(input, total - input, Math.max(total, (long) estimated), latency);
	}

	/** What a call counts at the provider, on average. */
	double meanCounted() {
		SplittableRandom random = new SplittableRandom(0);
		double sum = 0;
		for (int i = 0; i < SAMPLE; i++) {
			SimulatedCall.Size size = draw(random);
			sum += (this.scenario.account().booking() == Booking.ESTIMATE) ? size.estimatedTokens()
					: size.inputTokens() + size.outputTokens();
		}
		return sum / SAMPLE;
	}

}

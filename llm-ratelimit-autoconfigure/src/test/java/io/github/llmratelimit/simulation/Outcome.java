package io.github.llmratelimit.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * What came of one run, or of the same run with several seeds.
 */
final class Outcome {

	/** A call is big if its estimate is among the largest tenth. */
	private static final double BIG = 0.9;

	private final Scenario scenario;

	private final List<Admitted> calls = new ArrayList<>();

	private int runs = 1;

	private long refusals;

	private long earlyRefusals;

	private long givenUp;

	private long counted;

	private double jainSum = Double.NaN;

	Outcome(Scenario scenario) {
		this.scenario = scenario;
	}

	void admitted(SimulatedCall call, long waitNanos, long countedTokens) {
		this.calls.add(new Admitted(call, waitNanos));
		this.counted += countedTokens;
	}

	void refused(boolean measured) {
		if (measured) {
			this.refusals++;
		}
		else {
			this.earlyRefusals++;
		}
	}

	void gaveUp() {
		this.givenUp++;
	}

	/** Runs of several seeds seen as one. */
	static Outcome together(List<Outcome> outcomes) {
		Outcome sum = new Outcome(outcomes.get(0).scenario);
		sum.runs = outcomes.size();
		sum.jainSum = 0;
		for (Outcome outcome : outcomes) {
			sum.calls.addAll(outcome.calls);
			sum.refusals += outcome.refusals;
			sum.earlyRefusals += outcome.earlyRefusals;
			sum.givenUp += outcome.givenUp;
			sum.counted += outcome.counted;
			sum.jainSum += outcome.jainOfOneRun();
		}
		return sum;
	}

	double refusalsPerThousand() {
		return 1000.0 * this.refusals / Math.max(1, this.calls.size());
	}

	/** Refusals in the minutes before the measurement, per run. */
	double earlyRefusals() {
		return (double) this.earlyRefusals / this.runs;
	}

	double givenUpPercent() {
		return 100.0 * this.givenUp / Math.max(1, this.givenUp + this.calls.size());
	}

	/** Tokens counted, as % of the provider's limit. */
	double goodputPercent() {
		return 100.0 * this.counted / ((double) this.scenario.account().tpm() * this.scenario.minutes() * this.runs);
	}

	Waits waits() {
		return waits((call) -> true);
	}

	Waits waits(Predicate<SimulatedCall> which) {
		return new Waits(this.calls.stream()
			.filter((admitted) -> which.test(admitted.call))
			.mapToLong(Admitted::waitNanos)
			.sorted()
			.toArray());
	}

	Waits waitsOfBigCalls() {
		long[] sizes = this.calls.stream().mapToLong((admitted) -> admitted.call.estimatedTokens).sorted().toArray();
		if (sizes.length == 0) {
			return new Waits(sizes);
		}
		long bound = sizes[(int) (BIG * sizes.length)];
		return waits((call) -> call.estimatedTokens >= bound);
	}

	/** Jain's index of the calls by user; 1 is fair. */
	double jain() {
		return Double.isNaN(this.jainSum) ? jainOfOneRun() : this.jainSum / this.runs;
	}

	private double jainOfOneRun() {
		double[] byUser = new double[this.scenario.load().users()];
		this.calls.forEach((admitted) -> byUser[admitted.call.user]++);
		double sum = Arrays.stream(byUser).sum();
		double squares = Arrays.stream(byUser).map((calls) -> calls * calls).sum();
		return (squares > 0) ? sum * sum / (byUser.length * squares) : 0;
	}

	/**
	 * Waits of calls.
	 *
	 * @param sortedNanos from the user's wish to the arrival that was admitted
	 */
	record Waits(long[] sortedNanos) {

		double p50() {
			return quantile(0.5);
		}

		double p99() {
			return quantile(0.99);
		}

		double worst() {
			return quantile(1);
		}

		private double quantile(double part) {
			int count = this.sortedNanos.length;
			return (count > 0) ? this.sortedNanos[(int) Math.min(count - 1, part * count)] / 1e9 : 0;
		}

	}

	private record Admitted(SimulatedCall call, long waitNanos) {
	}

}

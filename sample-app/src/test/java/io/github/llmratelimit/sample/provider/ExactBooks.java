package io.github.llmratelimit.sample.provider;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What a limit holds by definition, computed anew from everything that ever happened.
 */
final class ExactBooks {

	private final Enforcement enforcement;

	private final double limit;

	private final long windowNanos;

	private final long startNanos;

	private final List<Change> changes = new ArrayList<>();

	ExactBooks(Enforcement enforcement, long limit, long windowNanos, long startNanos) {
		int parts = (enforcement == Enforcement.SLICES) ? 6 : 1;
		this.enforcement = enforcement;
		this.limit = Math.floor((double) limit / parts);
		this.windowNanos = windowNanos / parts;
		this.startNanos = startNanos;
	}

	/**
	 * Notes a change.
	 * @param from from when on it is true
	 * @param position when what it changes was taken
	 * @param amount how much more is taken
	 */
	void add(long from, long position, long amount) {
		this.changes.add(new Change(from, position, amount));
	}

	boolean canEverHold(long amount) {
		return amount <= this.limit;
	}

	boolean fits(long now, long amount) {
		return used(now) + amount <= this.limit + 1e-6;
	}

	double used(long now) {
		List<Change> valid = this.changes.stream().filter((change) -> now - change.from >= 0).toList();
		return switch (this.enforcement) {
			case ROLLING,
					ROLLING_REFUSALS_COUNT ->
				valid.stream()
					.filter((change) -> now - change.position < this.windowNanos)
					.mapToLong(Change::amount)
					.sum();
			case FIXED, SLICES ->
				valid.stream().filter((change) -> index(change.position) == index(now)).mapToLong(Change::amount).sum();
			case BUCKET -> level(valid, now);
		};
	}

	private long index(long tick) {
		return (tick - this.startNanos) / this.windowNanos;
	}

	/** The largest of all sums to now, each less what has leaked since it began. */
	private double level(List<Change> valid, long now) {
		List<Change> ordered = valid.stream()
			.sorted(Comparator.comparingLong((change) -> change.from - this.startNanos))
			.toList();
		double most = 0;
		double sum = 0;
		for (int i = ordered.size() - 1; i >= 0; i--) {
			sum += ordered.get(i).amount;
			most = Math.max(most, sum - this.limit * (now - ordered.get(i).from) / this.windowNanos);
		}
		return most;
	}

	private record Change(long from, long position, long amount) {
	}

}

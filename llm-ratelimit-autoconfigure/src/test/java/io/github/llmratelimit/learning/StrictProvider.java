package io.github.llmratelimit.learning;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A provider that enforces one limit exactly, in one of the ways that providers are known
 * to use. Time is in nanoseconds from 0.
 */
abstract class StrictProvider {

	final long limit;

	final long window;

	StrictProvider(long limit, long window) {
		this.limit = limit;
		this.window = window;
	}

	/** What is left at an instant. */
	abstract long remaining(long now);

	abstract void take(long now, long amount);

	/** What was taken at an instant turns out to be less. */
	abstract void giveBack(long takenAt, long now, long amount);

	/** Takes an amount if it is left. */
	boolean arrives(long now, long amount) {
		if (amount > remaining(now)) {
			return false;
		}
		take(now, amount);
		return true;
	}

	static StrictProvider of(Kind kind, long limit, long window) {
		return switch (kind) {
			case ROLLING -> new Rolling(limit, window);
			case FIXED -> new Fixed(limit, window);
			case BUCKET -> new Bucket(limit, window);
		};
	}

	enum Kind {

		ROLLING, FIXED, BUCKET

	}

	/** Every interval of the window's length. */
	private static final class Rolling extends StrictProvider {

		private final Deque<long[]> taken = new ArrayDeque<>();

		private long sum;

		Rolling(long limit, long window) {
			super(limit, window);
		}

		@Override
		long remaining(long now) {
			while (!this.taken.isEmpty() && this.taken.peekFirst()[0] <= now - this.window) {
				this.sum -= this.taken.removeFirst()[1];
			}
			return this.limit - this.sum;
		}

		@Override
		void take(long now, long amount) {
			this.taken.addLast(new long[] { now, amount });
			this.sum += amount;
		}

		@Override
		void giveBack(long takenAt, long now, long amount) {
			for (long[] entry : this.taken) {
				if (entry[0] == takenAt) {
					entry[1] -= amount;
					this.sum -= amount;
					return;
				}
			}
		}

	}

	/** One interval after the other. */
	private static final class Fixed extends StrictProvider {

		private long interval;

		private long sum;

		Fixed(long limit, long window) {
			super(limit, window);
		}

		@Override
		long remaining(long now) {
			if (now / this.window != this.interval) {
				this.interval = now / this.window;
				this.sum = 0;
			}
			return this.limit - this.sum;
		}

		@Override
		void take(long now, long amount) {
			this.sum += amount;
		}

		@Override
		void giveBack(long takenAt, long now, long amount) {
			remaining(now);
			if (takenAt / this.window == this.interval) {
				this.sum -= amount;
			}
		}

	}

	/** A bucket that refills evenly. */
	private static final class Bucket extends StrictProvider {

		private double level;

		private long at;

		Bucket(long limit, long window) {
			super(limit, window);
			this.level = limit;
		}

		@Override
		long remaining(long now) {
			double refill = (double) this.limit * (now - this.at) / this.window;
			this.level = Math.min(this.limit, this.level + refill);
			this.at = now;
			return (long) Math.floor(this.level + 1e-6);
		}

		@Override
		void take(long now, long amount) {
			this.level -= amount;
		}

		@Override
		void giveBack(long takenAt, long now, long amount) {
			remaining(now);
			this.level = Math.min(this.limit, this.level + amount);
		}

	}

}

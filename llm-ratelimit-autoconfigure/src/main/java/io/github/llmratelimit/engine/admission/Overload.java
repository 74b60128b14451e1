package io.github.llmratelimit.engine.admission;

import java.time.Duration;
import java.util.SplittableRandom;

import io.github.llmratelimit.LlmRateLimitExceededException.Reason;
import io.github.llmratelimit.engine.admission.Pauses.Pause;
import io.github.llmratelimit.time.Ticks;
import org.jspecify.annotations.Nullable;

/**
 * Whether the provider lacks capacity (503, 529, "high demand"), and for how long nobody
 * calls it for that. Limits are none of its business: they are as they were when the load
 * is gone. Pure arithmetic like {@code RollingWindow}.
 */
final class Overload {

	/*
	 * Backing off a model
	 *
	 * Problem. When a provider is overloaded, each call that it turns away comes back by
	 * itself. Hundreds of them keep the load up, use up their attempts within seconds,
	 * and fail, although they could have waited in the queue.
	 *
	 * Simple schemes. Nobody calls for a while after each refusal: it fails where one
	 * call of a hundred is turned away, which is an ordinary day, since at a hundred
	 * calls a second there is always a pause. A circuit that opens by the share of
	 * failures in the last seconds: it fails at the start, since an answer takes ten
	 * seconds and more, and a refusal a tenth of one, so that the first answers after any
	 * trouble are all refusals; and it lets all come back at once.
	 *
	 * Chosen. A refusal begins a round: everybody holds, at most for
	 *
	 * base x 2^(n - 1), at most 30 s, by chance up to a quarter less
	 *
	 * where base is what a single call waits after an error of the server (0.5 s), or as
	 * long as the provider asks, at most 5 minutes, if that is longer. n counts rounds
	 * that were lost one after the other: more calls turned away than answered since the
	 * round before. Refusals of calls that left before the hold ended are part of its
	 * round. How much of that is held depends on
	 *
	 * share = turned away / (turned away + answered + in flight)
	 *
	 * within the last ten seconds or so (both sums decay). Calls in flight count as taken
	 * on, since refusals come fast. From one half on everybody holds for all of the time;
	 * below, for its part share^2, so that what is rare is hardly noticed; what would be
	 * less than 10 ms is none. After a hold of all the time calls start one by one, twice
	 * as many with each second, until one of them is answered or ten seconds are over.
	 * Nothing is counted before the first refusal, and all is forgotten a minute after
	 * the last, so a healthy model pays nothing.
	 *
	 * Tried with 100 calls a second that are answered after 5 s or turned away after 0.1
	 * s, and then come back at most five times (OverloadedProviderTests): where one of a
	 * hundred is turned away, calls wait for less than 0.1 ms in the mean, one of ten, 2
	 * ms. Where all are for half a minute, 600 are and no call is lost; without holding
	 * 15,000 are, and 1,400 of 12,000 calls are lost.
	 */

	/** Longest hold of any round, unless the first one's is longer. */
	static final Duration LONGEST = Duration.ofSeconds(30);

	/** Longest wait that everybody takes on because one call was asked to. */
	static final Duration LONGEST_HINT = Duration.ofMinutes(5);

	/** What would be held shorter than this isn't. */
	static final Duration SHORTEST = Duration.ofMillis(10);

	private static final int MOST_DOUBLINGS = 10;

	/** By how much chance shortens a hold, so that instances do not come back at once. */
	private static final double JITTER = 0.25;

	private static final double DECAY_NANOS = Duration.ofSeconds(10).toNanos();

	private static final long FORGOTTEN_AFTER_NANOS = Duration.ofMinutes(1).toNanos();

	/** In this time starts double after a hold. */
	private static final double DOUBLING_NANOS = Duration.ofSeconds(1).toNanos();

	/** Longest hold of the first round. */
	private final long baseNanos;

	private final SplittableRandom random;

	private boolean active;

	/** Calls turned away and answered, both decaying. */
	private double turnedAway;

	private double answered;

	private long decayedNanos;

	private long latestNanos;

	/** Rounds lost one after the other, this one included. */
	private int rounds;

	private long roundNanos;

	private int turnedAwayInRound;

	private int answeredInRound;

	private double chance;

	private long endNanos;

	private @Nullable Throwable cause;

	/** Whether calls start one by one from the end of the hold on. */
	private boolean ramping;

	private long started;

	/**
	 * Creates an overload that there isn't.
	 * @param base longest hold of the first round
	 * @param seed of what is left to chance
	 */
	Overload(Duration base, long seed) {
		this.baseNanos = Ticks.nanos(base);
		this.random = new SplittableRandom(seed);
	}

	/** A copy for a rehearsal, in which nobody answers. */
	Overload(Overload other) {
		this.baseNanos = other.baseNanos;
		this.random = other.random;
		this.active = other.active;
		this.endNanos = other.endNanos;
		this.cause = other.cause;
		this.ramping = other.ramping;
		this.started = other.started;
	}

	/** Whether there was one a short while ago. */
	boolean isActive() {
		return this.active;
	}

	/**
	 * A call was turned away.
	 * @param sentNanos when it left
	 * @param hintNanos how long the provider asked to wait, 0 if it did not say
	 * @param others calls in flight beside it
	 */
	void turnedAway(long sentNanos, long hintNanos, int others, @Nullable Throwable newCause, long nowNanos) {
		decay(nowNanos);
		if (!this.active) {
			this.active = true;
			this.rounds = 0;
			beginRound(nowNanos);
		}
		else if (sentNanos - this.endNanos >= 0) {
			this.rounds = (this.turnedAwayInRound > this.answeredInRound) ? this.rounds : 0;
			beginRound(nowNanos);
		}
		this.turnedAway++;
		this.turnedAwayInRound++;
		this.latestNanos = nowNanos;
		this.cause = newCause;
		hold(hintNanos, share(others));
	}

	private void beginRound(long nowNanos) {
		this.rounds++;
		this.roundNanos = nowNanos;
		this.endNanos = nowNanos;
		this.turnedAwayInRound = 0;
		this.answeredInRound = 0;
		this.ramping = false;
		this.chance = 1 - JITTER * this.random.nextDouble();
	}

	private void hold(long hintNanos, double share) {
		double backoff = Math.scalb((double) this.baseNanos, Math.min(this.rounds - 1, MOST_DOUBLINGS));
		double longest = Math.max(this.baseNanos, LONGEST.toNanos());
		double length = Math.max(this.chance * Math.min(backoff, longest), Math.min(hintNanos, LONGEST_HINT.toNanos()));
		boolean all = share >= 0.5;
		double held = all ? length : length * share * share;
		if (held >= SHORTEST.toNanos()) {
			this.endNanos = Ticks.latest(this.endNanos, this.roundNanos + (long) held);
		}
		if (all && !this.ramping) {
			this.ramping = true;
			this.started = 0;
		}
	}

	private double share(int others) {
		return this.turnedAway / (this.turnedAway + this.answered + Math.max(0, others));
	}

	private void decay(long nowNanos) {
		if (this.active) {
			double left = Math.exp((this.decayedNanos - nowNanos) / DECAY_NANOS);
			this.turnedAway *= left;
			this.answered *= left;
		}
		else {
			this.turnedAway = 0;
			this.answered = 0;
		}
		this.decayedNanos = nowNanos;
	}

	/**
	 * A call was answered.
	 * @param sentNanos when it left
	 */
	void answered(long sentNanos, long nowNanos) {
		if (!this.active) {
			return;
		}
		decay(nowNanos);
		this.answered++;
		this.answeredInRound++;
		if (sentNanos - this.endNanos >= 0) {
			this.ramping = false;
		}
		boolean over = nowNanos - this.endNanos >= 0;
		if (over && !this.ramping && nowNanos - this.latestNanos >= FORGOTTEN_AFTER_NANOS) {
			this.active = false;
			this.cause = null;
		}
	}

	/** A call started. */
	void started() {
		this.started++;
	}

	/** When the hold ends; now, if there is none. */
	long end(long nowNanos) {
		return this.active ? Ticks.latest(nowNanos, this.endNanos) : nowNanos;
	}

	/** What holds calls back now, {@code null} if nothing does. */
	@Nullable Pause hold(long nowNanos) {
		long at = startsAt(nowNanos);
		return (at - nowNanos > 0) ? new Pause(at, Reason.PAUSED, this.cause) : null;
	}

	private long startsAt(long nowNanos) {
		if (!this.active) {
			return nowNanos;
		}
		if (this.endNanos - nowNanos > 0 || !this.ramping) {
			return end(nowNanos);
		}
		double doublings = Math.log(this.started + 1) / Math.log(2);
		if (doublings > MOST_DOUBLINGS || nowNanos - this.endNanos >= MOST_DOUBLINGS * DOUBLING_NANOS) {
			this.ramping = false;
			return nowNanos;
		}
		return Ticks.latest(nowNanos, this.endNanos + (long) Math.ceil(doublings * DOUBLING_NANOS));
	}

	/** Says what led to a hold of which only the response was heard so far. */
	void explain(Throwable failure) {
		if (this.active && this.cause == null) {
			this.cause = failure;
		}
	}

}

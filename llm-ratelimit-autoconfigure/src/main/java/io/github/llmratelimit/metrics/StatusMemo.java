package io.github.llmratelimit.metrics;

import java.util.concurrent.TimeUnit;

import io.github.llmratelimit.LimiterStatus;
import io.github.llmratelimit.LlmRateLimiter;
import io.micrometer.core.instrument.Clock;
import org.jspecify.annotations.Nullable;

/**
 * The status of one limiter for all gauges that look at it during one scrape.
 */
final class StatusMemo {

	/*
	 * One look per scrape
	 *
	 * A model has a dozen gauges, and each look takes the lock that admission takes.
	 * Nothing tells a gauge when a scrape begins, but a scrape reads every gauge once:
	 * who reads a second time is in the next one. So a picture serves every reader once,
	 * and is replaced by the first that has had it, or when it is old. A gauge read
	 * alone, by a person or a test, is thereby always fresh when read again.
	 */

	/** Longer than a scrape of all meters takes, shorter than anybody notices. */
	static final long MAX_AGE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	private final LlmRateLimiter limiter;

	private final Clock clock;

	private volatile @Nullable Picture latest;

	StatusMemo(LlmRateLimiter limiter, Clock clock) {
		this.limiter = limiter;
		this.clock = clock;
	}

	Reader newReader() {
		return new Reader();
	}

	private Picture pictureOtherThan(@Nullable Picture seen) {
		long now = this.clock.monotonicTime();
		Picture picture = this.latest;
		if (picture == null || picture == seen || now - picture.atNanos > MAX_AGE_NANOS) {
			picture = new Picture(this.limiter.status(), now);
			this.latest = picture;
		}
		return picture;
	}

	/**
	 * A limiter at one instant.
	 *
	 * @param status what it was doing
	 * @param atNanos when
	 */
	private record Picture(LimiterStatus status, long atNanos) {
	}

	/** One gauge. */
	final class Reader {

		private volatile @Nullable Picture seen;

		LimiterStatus read() {
			Picture picture = pictureOtherThan(this.seen);
			this.seen = picture;
			return picture.status;
		}

	}

}

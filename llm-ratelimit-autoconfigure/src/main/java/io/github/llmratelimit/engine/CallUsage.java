package io.github.llmratelimit.engine;

import io.github.llmratelimit.Usage;
import org.jspecify.annotations.Nullable;

/**
 * What one attempt of a call sent, and what it was told to have used.
 */
final class CallUsage {

	/*
	 * Which reports are one request's
	 *
	 * A stream reports again and again, and its latest report counts; a method that sends
	 * several requests reports for each, and all count. Nothing says which request a
	 * report is about. So as many reports are added up as requests were seen to leave,
	 * and one more replaces the latest. A method that adds up itself reports once, at its
	 * end; so does one whose requests nobody sees.
	 */

	private int requests; // guarded by this

	/** Requests of calls that are part of this one, too. */
	private int allRequests; // guarded by this

	private int reports; // guarded by this

	private @Nullable Usage earlier; // guarded by this

	private @Nullable Usage latest; // guarded by this

	/** Sum of what the calls reported that are part of this one. */
	private @Nullable Usage inside; // guarded by this

	/** A request of this very call leaves. */
	synchronized void sent() {
		this.requests++;
	}

	/**
	 * A request leaves, of this call or of one that is part of it.
	 * @return how many have
	 */
	synchronized int anySent() {
		return ++this.allRequests;
	}

	synchronized boolean sentSeveral() {
		return this.allRequests > 1;
	}

	synchronized void report(Usage usage) {
		if (this.reports < Math.max(1, this.requests)) {
			this.reports++;
			this.earlier = sum(this.earlier, this.latest);
		}
		this.latest = usage;
	}

	/** A call that is part of this one has ended. */
	synchronized void reportInside(Usage usage) {
		this.inside = sum(this.inside, usage);
	}

	/** All that was reported, {@code null} for nothing. */
	synchronized @Nullable Usage sum() {
		return sum(sum(this.earlier, this.latest), this.inside);
	}

	private static @Nullable Usage sum(@Nullable Usage one, @Nullable Usage other) {
		return (one == null) ? other : (other == null) ? one : one.plus(other);
	}

}

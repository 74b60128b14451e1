package io.github.llmratelimit.engine;

import java.util.ArrayDeque;
import java.util.Deque;

import io.github.llmratelimit.provider.ProviderResponse;
import org.jspecify.annotations.Nullable;

/**
 * The latest failures of calls inside another one, and failing responses to requests of
 * other models. Each was acted on by its own limiter; if it then leaves the outer call
 * too, it says nothing of the outer call's provider.
 */
final class ForeignFailures {

	/** A job that swallows the failures of thousands of calls must not keep them all. */
	private static final int MOST_KEPT = 16;

	private final Deque<Object> kept = new ArrayDeque<>(); // guarded by this

	synchronized void add(Object failure) {
		if (this.kept.size() == MOST_KEPT) {
			this.kept.removeFirst();
		}
		this.kept.addLast(failure);
	}

	/** Whether it is one of them: the same failure, or an equal response. */
	synchronized boolean contains(Object failure) {
		return this.kept.stream()
			.anyMatch((each) -> each == failure || failure instanceof ProviderResponse && failure.equals(each));
	}

	boolean areIn(Throwable failure) {
		@Nullable Throwable cause = failure;
		for (int depth = 0; cause != null && depth < NeverSent.MOST_CAUSES; depth++) {
			if (contains(cause)) {
				return true;
			}
			cause = cause.getCause();
		}
		return false;
	}

}

package io.github.llmratelimit.taskqueue;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.LlmTaskQueue.Unstarted;
import org.jspecify.annotations.Nullable;

/**
 * One accepted task and its future. All fields that change belong to the queue and are
 * guarded by its lock.
 *
 * @param <T> type of the answer
 */
final class Task<T extends @Nullable Object> extends CompletableFuture<T> {

	final LlmRateLimiter limiter;

	final CallRequest request;

	private final Callable<T> body;

	/** Its place in the order of arrival. */
	final long number;

	/** The thread that works on it, {@code null} before and after that. */
	@Nullable Thread worker;

	/** Whether the backlog has its cost. */
	boolean inBacklog = true;

	/** Whether its body has begun: from then on it is not handed back. */
	boolean begun;

	Task(LlmRateLimiter limiter, CallRequest request, Callable<T> body, long number) {
		this.limiter = limiter;
		this.request = request;
		this.body = body;
		this.number = number;
	}

	/** Urgent ones first, then in order of arrival. */
	static int compare(Task<?> one, Task<?> other) {
		int byPriority = one.request.priority().compareTo(other.request.priority());
		return (byPriority != 0) ? byPriority : Long.compare(one.number, other.number);
	}

	/**
	 * Makes the limited call.
	 * @param onBegin called when it was admitted, before each attempt
	 * @return the answer, to be {@linkplain #complete told}
	 */
	Runnable call(Runnable onBegin) {
		try {
			T answer = this.limiter.call(this.request, () -> {
				onBegin.run();
				return this.body.call();
			});
			return () -> complete(answer);
		}
		catch (Throwable ex) { // whatever it is, the future must complete
			return () -> completeExceptionally(ex);
		}
	}

	Unstarted unstarted() {
		return new Unstarted(this.limiter.model(), this.request.cost(), this.request.priority(), this.request.tenant(),
				this.body);
	}

}

package io.github.llmratelimit.events;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.LlmRateLimitExceededException.Reason;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.engine.PauseListener;
import io.github.llmratelimit.engine.PauseStart;
import io.github.llmratelimit.learning.LimitChange;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.context.ApplicationEventPublisher;

/**
 * Publishes what limiters do as events of the application.
 */
public final class LlmRateLimitEventPublisher implements PauseListener, AutoCloseable {

	/*
	 * A thread of its own
	 *
	 * Application listeners send mail, write to databases and fail. On the thread of a
	 * refused call they would hold that call up, and the end of a pause is told by the
	 * thread that wakes everybody else. So events are handed to one thread that there is
	 * only while there are events: one, so that a pause is heard of before its end. They
	 * are rare. If listeners are so slow that a thousand wait nevertheless, newer ones
	 * are dropped and that is logged: what was forgotten can be seen in the meters.
	 */

	private static final Log log = LogFactory.getLog(LlmRateLimitEventPublisher.class);

	static final int CAPACITY = 1000;

	private static final long IDLE_SECONDS = 10;

	private final ApplicationEventPublisher publisher;

	private final InstantSource wallClock;

	private final ThreadPoolExecutor executor;

	private final AtomicBoolean dropped = new AtomicBoolean();

	/**
	 * Creates a publisher.
	 * @param publisher where events go
	 * @param wallClock the time of day
	 */
	public LlmRateLimitEventPublisher(ApplicationEventPublisher publisher, InstantSource wallClock) {
		this.publisher = publisher;
		this.wallClock = wallClock;
		this.executor = new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(CAPACITY), LlmRateLimitEventPublisher::newThread,
				(task, executor) -> drop(executor));
		this.executor.allowCoreThreadTimeOut(true);
	}

	/** Started by whichever call is refused first, of which it must inherit nothing. */
	private static Thread newThread(Runnable task) {
		Thread thread = new Thread(null, task, "llm-ratelimit-events", 0, false);
		thread.setContextClassLoader(LlmRateLimitEventPublisher.class.getClassLoader());
		thread.setDaemon(true);
		return thread;
	}

	@Override
	public void onPause(LlmRateLimiter limiter, PauseStart pause) {
		Instant until = this.wallClock.instant().plus(pause.length());
		publish((pause.reason() == Reason.QUOTA_EXHAUSTED)
				? new LlmQuotaExhaustedEvent(limiter.model(), budget(limiter), pause.length(), until, pause.cause())
				: new LlmRateLimitPausedEvent(limiter.model(), budget(limiter), pause.reason(), pause.dimensions(),
						pause.length(), until, pause.cause()));
	}

	@Override
	public void onResume(LlmRateLimiter limiter, Reason reason) {
		publish(new LlmRateLimitResumedEvent(limiter.model(), budget(limiter), reason));
	}

	@Override
	public void onLimitChange(LlmRateLimiter limiter, LimitChange change) {
		publish(new LlmLimitChangedEvent(limiter.model(), budget(limiter), change.cause(), change.from(), change.to(),
				change.told()));
	}

	private static BudgetKey budget(LlmRateLimiter limiter) {
		return limiter.limits().key();
	}

	private void publish(LlmRateLimitEvent event) {
		this.executor.execute(() -> {
			try {
				this.publisher.publishEvent(event);
			}
			catch (Throwable ex) { // whatever it is, the next event is to be heard
				log.warn("A listener failed on %s. Limiting goes on.".formatted(event), ex);
			}
		});
	}

	private void drop(ThreadPoolExecutor full) {
		if (!full.isShutdown() && this.dropped.compareAndSet(false, true)) {
			log.warn("%d events wait for slow listeners; newer ones are dropped. Further ones are not logged."
				.formatted(CAPACITY));
		}
	}

	/** The application stops: what was not published yet is not any more. */
	@Override
	public void close() {
		this.executor.shutdownNow();
	}

}

package io.github.llmratelimit.events;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.LlmRateLimitExceededException.Reason;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.engine.PauseStart;
import io.github.llmratelimit.engine.TestLimiters;
import io.github.llmratelimit.learning.LimitChange;
import io.github.llmratelimit.provider.SignalKind;
import io.github.llmratelimit.time.FakeTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.context.ApplicationEventPublisher;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LlmRateLimitEventPublisher}, driven by the engine.
 */
class LlmRateLimitEventPublisherTests {

	private static final BudgetKey BUDGET = new BudgetKey("openai", "gpt-4o");

	private static final CallRequest REQUEST = CallRequest.of(Cost.of(1, 1));

	private static final Duration HINT = Duration.ofSeconds(30);

	private final Thread test = Thread.currentThread();

	private final FakeTime time = new FakeTime();

	private final List<Object> published = new CopyOnWriteArrayList<>();

	private ApplicationEventPublisher listener = this.published::add;

	private final LlmRateLimitEventPublisher publisher = new LlmRateLimitEventPublisher(
			(event) -> this.listener.publishEvent(event), this.time);

	private final LlmRateLimiter limiter = new TestLimiters(this.time).model("gpt-4o")
		.build(this.publisher)
		.limiter("gpt-4o");

	@AfterEach
	void close() {
		this.publisher.close();
	}

	@Test
	void pauseIsPublishedWithItsEnd() {
		refuse(SignalKind.RATE_LIMIT_REQUESTS);
		assertThat(published(1)).containsExactly(new LlmRateLimitPausedEvent("gpt-4o", BUDGET, Reason.PAUSED,
				List.of(Dimension.REQUESTS), HINT, FakeTime.START.plus(HINT), null));
	}

	@Test
	void pauseWhenOverIsPublishedAfterItsBeginning() {
		refuse(SignalKind.RATE_LIMIT_REQUESTS);
		this.time.advance(HINT);
		assertThat(published(2)).last().isEqualTo(new LlmRateLimitResumedEvent("gpt-4o", BUDGET, Reason.PAUSED));
	}

	@Test
	void exhaustedQuotaIsPublishedWithTheNextAttempt() {
		refuse(SignalKind.QUOTA_EXHAUSTED);
		assertThat(published(1)).containsExactly(new LlmQuotaExhaustedEvent("gpt-4o", BUDGET, Duration.ofMinutes(1),
				FakeTime.START.plusSeconds(60), null));
	}

	@Test
	void exhaustedQuotaWhenOverIsPublished() throws Exception {
		refuse(SignalKind.QUOTA_EXHAUSTED);
		this.time.advance(Duration.ofMinutes(1));
		this.limiter.call(REQUEST, () -> "answer");
		assertThat(published(2)).last()
			.isEqualTo(new LlmRateLimitResumedEvent("gpt-4o", BUDGET, Reason.QUOTA_EXHAUSTED));
	}

	@Test
	void foundLimitIsPublishedWithoutAnEarlierOne() {
		Duration slice = Duration.ofSeconds(10);
		TestLimiters.tell(this.limiter, REQUEST, 300, slice);
		assertThat(published(1)).containsExactly(new LlmLimitChangedEvent("gpt-4o", BUDGET, LimitChange.Cause.FOUND,
				null, new Limit(Dimension.TOKENS, 300, slice, LimitOrigin.LEARNED), 300));
	}

	@Test
	void learnedLimitIsPublishedWithBothAmounts() {
		Limit from = Limit.perMinute(Dimension.TOKENS, 1000);
		Limit to = from.withAmount(500, LimitOrigin.LEARNED);
		this.publisher.onLimitChange(this.limiter, new LimitChange(LimitChange.Cause.TOLD, from, to, 500));
		assertThat(published(1))
			.containsExactly(new LlmLimitChangedEvent("gpt-4o", BUDGET, LimitChange.Cause.TOLD, from, to, 500));
	}

	@Test
	void causeWhenThereIsOneIsPublished() {
		Throwable cause = new IllegalStateException("429");
		this.publisher.onPause(this.limiter, new PauseStart(Reason.PAUSED, List.of(), HINT, cause));
		assertThat(published(1)).singleElement()
			.isInstanceOfSatisfying(LlmRateLimitPausedEvent.class,
					(event) -> assertThat(event.cause()).isSameAs(cause));
	}

	@Test
	void listenerWhenSlowDelaysNoCall() throws Exception {
		CountDownLatch done = new CountDownLatch(1);
		CountDownLatch entered = new CountDownLatch(1);
		this.listener = (event) -> {
			entered.countDown();
			assertThat(Thread.currentThread()).isNotSameAs(this.test); // nobody would go
																		// on
			awaitUninterrupted(done);
			this.published.add(event);
		};
		refuse(SignalKind.RATE_LIMIT_REQUESTS);
		awaitUninterrupted(entered);
		this.time.advance(HINT.multipliedBy(10));
		assertThat(this.limiter.call(REQUEST, () -> "answer")).isEqualTo("answer");
		assertThat(this.published).isEmpty();
		done.countDown();
		assertThat(published(2)).hasSize(2);
	}

	@Test
	void listenerWhenItFailsHearsTheNextEvent() {
		this.listener = (event) -> {
			this.published.add(event);
			throw new AssertionError("broken");
		};
		refuse(SignalKind.RATE_LIMIT_REQUESTS);
		this.time.advance(HINT);
		assertThat(published(2)).hasSize(2);
	}

	@Test
	void eventsWhenTooManyWaitAreDropped() {
		CountDownLatch done = new CountDownLatch(1);
		CountDownLatch entered = new CountDownLatch(1);
		this.listener = (event) -> {
			entered.countDown();
			assertThat(Thread.currentThread()).isNotSameAs(this.test); // nobody would go
																		// on
			awaitUninterrupted(done);
			this.published.add(event);
		};
		this.publisher.onResume(this.limiter, Reason.PAUSED);
		awaitUninterrupted(entered);
		for (int i = 0; i < LlmRateLimitEventPublisher.CAPACITY + 50; i++) {
			this.publisher.onResume(this.limiter, Reason.PAUSED);
		}
		done.countDown();
		int expected = LlmRateLimitEventPublisher.CAPACITY + 1;
		assertThat(published(expected)).hasSize(expected);
	}

	@Test
	void eventWhenClosedIsForgotten() {
		this.publisher.close();
		refuse(SignalKind.RATE_LIMIT_REQUESTS);
		assertThat(this.published).isEmpty();
	}

	private void refuse(SignalKind kind) {
		TestLimiters.answer(this.limiter, REQUEST, 429, kind, HINT);
	}

	private List<Object> published(int count) {
		FakeTime.await(() -> this.published.size() >= count);
		return this.published;
	}

	private static void awaitUninterrupted(CountDownLatch latch) {
		try {
			assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}

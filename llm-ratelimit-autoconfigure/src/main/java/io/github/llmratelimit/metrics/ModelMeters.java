package io.github.llmratelimit.metrics;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;

import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.Priority;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.engine.AcquireOutcome;
import io.github.llmratelimit.metrics.LlmRateLimitMeter.Tag;
import io.github.llmratelimit.provider.SignalKind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;

/**
 * The meters that count what one limiter does.
 */
final class ModelMeters {

	/*
	 * Found by index, never by name
	 *
	 * Asking a registry for a meter builds tags, an id and a hash: microseconds and
	 * kilobytes a call. Here every meter is asked for once and then found by the ordinals
	 * of enums, so that counting allocates nothing.
	 *
	 * Which meters are made at once? A counter that appears with its first increment
	 * hides that increment from whoever computes a rate, and the first 429 is the one
	 * that matters: tokens and responses are all there, at 0, from a model's first call
	 * on. The timer has 36 combinations of outcome and priority, three time series each,
	 * of which a service sees a few: those, and retries, appear when they happen.
	 */

	private static final Priority[] PRIORITIES = Priority.values();

	private static final AcquireOutcome[] OUTCOMES = AcquireOutcome.values();

	private static final SignalKind[] SIGNAL_KINDS = SignalKind.values();

	private static final TokenKind[] TOKEN_KINDS = TokenKind.values();

	private final MeterRegistry registry;

	private final Tags tags;

	/** By outcome, then by priority. */
	private final AtomicReferenceArray<Timer> acquire = new AtomicReferenceArray<>(OUTCOMES.length * PRIORITIES.length);

	private final AtomicReferenceArray<Counter> retries = new AtomicReferenceArray<>(SIGNAL_KINDS.length);

	private final Counter[] responses;

	private final Counter[] tokens;

	private final DistributionSummary[] callTokens;

	private final DistributionSummary estimateRatio;

	ModelMeters(LlmRateLimiter limiter, MeterRegistry registry) {
		this.registry = registry;
		this.tags = LlmRateLimitMeter.tags(limiter);
		this.responses = new Counter[SIGNAL_KINDS.length];
		for (SignalKind kind : SIGNAL_KINDS) {
			this.responses[kind.ordinal()] = LlmRateLimitMeter.RESPONSES.counter(registry, with(Tag.KIND, kind));
		}
		this.tokens = new Counter[TOKEN_KINDS.length];
		this.callTokens = new DistributionSummary[TOKEN_KINDS.length];
		for (TokenKind kind : TOKEN_KINDS) {
			Tags ofKind = with(Tag.KIND, kind);
			this.tokens[kind.ordinal()] = LlmRateLimitMeter.TOKENS.counter(registry, ofKind);
			this.callTokens[kind.ordinal()] = LlmRateLimitMeter.CALL_TOKENS.summary(registry, ofKind);
		}
		this.estimateRatio = LlmRateLimitMeter.ESTIMATE_RATIO.summary(registry, this.tags);
	}

	void acquired(AcquireOutcome outcome, CallRequest request, long waitedNanos) {
		timer(outcome, request.priority()).record(waitedNanos, TimeUnit.NANOSECONDS);
		switch (outcome) {
			case ADMITTED, WOULD_WAIT, WOULD_REFUSE -> count(TokenKind.ESTIMATED, request.cost().totalTokens());
			case WAIT_TOO_LONG, QUEUE_FULL, REQUEST_TOO_LARGE, TENANT_LIMIT, DAY_LIMIT, QUOTA_EXHAUSTED, PAUSED,
					CANCELLED, INTERRUPTED -> {
				// not admitted: no tokens
			}
		}
	}

	void used(Cost cost, Usage usage) {
		count(TokenKind.INPUT, usage.inputTokens());
		count(TokenKind.OUTPUT, usage.outputTokens());
		if (usage.cachedInputTokens() > 0) {
			count(TokenKind.CACHED, usage.cachedInputTokens());
		}
		long estimated = cost.totalTokens();
		long actual = usage.totalTokens();
		if (estimated > 0 && actual > 0) { // a report of nothing measures nothing
			this.estimateRatio.record((double) actual / estimated);
		}
	}

	void responded(SignalKind kind) {
		this.responses[kind.ordinal()].increment();
	}

	void retried(SignalKind kind) {
		Counter counter = this.retries.get(kind.ordinal());
		if (counter == null) {
			counter = LlmRateLimitMeter.RETRIES.counter(this.registry, with(Tag.KIND, kind));
			this.retries.set(kind.ordinal(), counter);
		}
		counter.increment();
	}

	private void count(TokenKind kind, long amount) {
		this.tokens[kind.ordinal()].increment(amount);
		this.callTokens[kind.ordinal()].record(amount);
	}

	private Timer timer(AcquireOutcome outcome, Priority priority) {
		int index = outcome.ordinal() * PRIORITIES.length + priority.ordinal();
		Timer timer = this.acquire.get(index);
		if (timer == null) {
			timer = LlmRateLimitMeter.ACQUIRE.timer(this.registry,
					with(Tag.OUTCOME, outcome).and(Tag.PRIORITY.asString(), LlmRateLimitMeter.tagValue(priority)));
			this.acquire.set(index, timer);
		}
		return timer;
	}

	private Tags with(Tag tag, Enum<?> value) {
		return this.tags.and(tag.asString(), LlmRateLimitMeter.tagValue(value));
	}

}

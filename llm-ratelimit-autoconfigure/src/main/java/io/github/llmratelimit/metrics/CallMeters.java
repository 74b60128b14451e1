package io.github.llmratelimit.metrics;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;

import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Priority;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.engine.AcquireOutcome;
import io.github.llmratelimit.metrics.LlmRateLimitMeter.Tag;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;

/**
 * The meters that count what calls of one limiter took, of one tenant or of all. As in
 * {@link ModelMeters}, what is rare appears when it happens.
 */
final class CallMeters {

	private static final Priority[] PRIORITIES = Priority.values();

	private static final AcquireOutcome[] OUTCOMES = AcquireOutcome.values();

	private static final TokenKind[] TOKEN_KINDS = TokenKind.values();

	private final MeterRegistry registry;

	private final Tags tags;

	/** By outcome, then by priority. */
	private final AtomicReferenceArray<Timer> acquire = new AtomicReferenceArray<>(OUTCOMES.length * PRIORITIES.length);

	private final Counter[] tokens;

	private final DistributionSummary[] callTokens;

	private final DistributionSummary estimateRatio;

	CallMeters(MeterRegistry registry, Tags tags) {
		this.registry = registry;
		this.tags = tags;
		this.tokens = new Counter[TOKEN_KINDS.length];
		this.callTokens = new DistributionSummary[TOKEN_KINDS.length];
		for (TokenKind kind : TOKEN_KINDS) {
			Tags ofKind = tags.and(Tag.KIND.asString(), LlmRateLimitMeter.tagValue(kind));
			this.tokens[kind.ordinal()] = LlmRateLimitMeter.TOKENS.counter(registry, ofKind);
			this.callTokens[kind.ordinal()] = LlmRateLimitMeter.CALL_TOKENS.summary(registry, ofKind);
		}
		this.estimateRatio = LlmRateLimitMeter.ESTIMATE_RATIO.summary(registry, tags);
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

	private void count(TokenKind kind, long amount) {
		this.tokens[kind.ordinal()].increment(amount);
		this.callTokens[kind.ordinal()].record(amount);
	}

	private Timer timer(AcquireOutcome outcome, Priority priority) {
		int index = outcome.ordinal() * PRIORITIES.length + priority.ordinal();
		Timer timer = this.acquire.get(index);
		if (timer == null) {
			timer = LlmRateLimitMeter.ACQUIRE.timer(this.registry,
					this.tags.and(Tag.OUTCOME.asString(), LlmRateLimitMeter.tagValue(outcome), Tag.PRIORITY.asString(),
							LlmRateLimitMeter.tagValue(priority)));
			this.acquire.set(index, timer);
		}
		return timer;
	}

}

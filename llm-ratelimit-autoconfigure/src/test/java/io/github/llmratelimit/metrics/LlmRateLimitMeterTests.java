package io.github.llmratelimit.metrics;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import io.github.llmratelimit.Cost;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.LlmRateLimiterRegistry;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.engine.TestLimiters;
import io.github.llmratelimit.provider.SignalKind;
import io.github.llmratelimit.time.FakeTime;
import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that {@link LlmRateLimitMeter} says what is published, all of it and nothing
 * else.
 */
class LlmRateLimitMeterTests {

	private final MeterRegistry registry = new SimpleMeterRegistry();

	@BeforeEach
	void publishEverything() throws Exception {
		LlmRateLimitMeterListener listener = new LlmRateLimitMeterListener(() -> this.registry);
		LlmRateLimiterRegistry limiters = new TestLimiters(new FakeTime()).model("gpt-4o").build(listener);
		new LlmRateLimitMeterBinder(() -> limiters).bindTo(this.registry);
		LlmRateLimiter limiter = limiters.limiter("gpt-4o");
		limiter.acquire(Cost.of(1, 1)).settle(Usage.of(1, 1));
		listener.onRetry(limiter, SignalKind.SERVER_ERROR);
	}

	@Test
	void namesWhenPublishedAreAllOfTheEnumAndNoOther() {
		Set<String> documented = Arrays.stream(LlmRateLimitMeter.values())
			.map(LlmRateLimitMeter::getName)
			.collect(Collectors.toSet());
		Set<String> published = this.registry.getMeters()
			.stream()
			.map((meter) -> meter.getId().getName())
			.collect(Collectors.toSet());
		assertThat(published).isEqualTo(documented);
	}

	@Test
	void typeWhenPublishedIsTheDocumentedOne() {
		for (Meter meter : this.registry.getMeters()) {
			assertThat(meter.getId().getType()).as("%s", meter.getId())
				.isEqualTo(PublishedMeters.documentationOf(meter).getType());
		}
	}

	@Test
	void baseUnitWhenPublishedIsTheDocumentedOne() {
		for (Meter meter : this.registry.getMeters()) {
			assertThat(Objects.requireNonNullElse(meter.getId().getBaseUnit(), "")).as("%s", meter.getId())
				.isEqualTo(PublishedMeters.documentationOf(meter).getBaseUnit());
		}
	}

	@Test
	void descriptionWhenPublishedIsTheDocumentedOne() {
		for (Meter meter : this.registry.getMeters()) {
			assertThat(meter.getId().getDescription()).as("%s", meter.getId())
				.isNotBlank()
				.isEqualTo(PublishedMeters.documentationOf(meter).getDescription());
		}
	}

	@Test
	void tagKeysWhenPublishedAreTheDocumentedOnes() {
		for (Meter meter : this.registry.getMeters()) {
			assertThat(PublishedMeters.tagKeys(meter)).as("%s", meter.getId())
				.isEqualTo(PublishedMeters.documentedTagKeys(meter));
		}
	}

	@Test
	void tagValuesWhenPublishedAreLowerSnakeCase() {
		for (Meter meter : this.registry.getMeters()) {
			meter.getId()
				.getTags()
				.stream()
				.filter((tag) -> !Set.of("model", "pool").contains(tag.getKey()))
				.forEach((tag) -> assertThat(tag.getValue()).as("%s", meter.getId()).matches("[a-z0-9]+(_[a-z0-9]+)*"));
		}
	}

	@Test
	void tagKeysAreThoseThatUsersRelyOn() {
		Map<String, Set<String>> keys = new HashMap<>();
		for (LlmRateLimitMeter meter : LlmRateLimitMeter.values()) {
			keys.put(meter.getName(),
					Arrays.stream(meter.getKeyNames()).map(KeyName::asString).collect(Collectors.toSet()));
		}
		Set<String> model = Set.of("model", "provider");
		Set<String> kind = Set.of("model", "provider", "kind");
		Set<String> window = Set.of("model", "provider", "dimension", "window", "pool");
		assertThat(keys).isEqualTo(
				Map.ofEntries(Map.entry("llm.ratelimit.acquire", Set.of("model", "provider", "outcome", "priority")),
						Map.entry("llm.ratelimit.tokens", kind), Map.entry("llm.ratelimit.call.tokens", kind),
						Map.entry("llm.ratelimit.limit", window), Map.entry("llm.ratelimit.remaining", window),
						Map.entry("llm.ratelimit.utilization", window),
						Map.entry("llm.ratelimit.queue.size", Set.of("model", "provider", "priority")),
						Map.entry("llm.ratelimit.inflight", model), Map.entry("llm.ratelimit.responses", kind),
						Map.entry("llm.ratelimit.retries", kind), Map.entry("llm.ratelimit.paused", model),
						Map.entry("llm.ratelimit.estimate.ratio", model),
						Map.entry("llm.ratelimit.booking.mismatches", Set.of("model", "provider", "suggested"))));
	}

}

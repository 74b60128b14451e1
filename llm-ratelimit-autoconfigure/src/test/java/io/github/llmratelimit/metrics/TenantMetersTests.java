package io.github.llmratelimit.metrics;

import java.util.Set;
import java.util.stream.Collectors;

import io.github.llmratelimit.CallRequest;
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
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for meters that are tagged by tenant.
 */
class TenantMetersTests {

	private final MeterRegistry registry = new SimpleMeterRegistry();

	private final LlmRateLimitMeterListener listener = new LlmRateLimitMeterListener(() -> this.registry, 2);

	private final LlmRateLimiterRegistry limiters = new TestLimiters(new FakeTime()).model("gpt-4o")
		.model("gpt-4o-mini")
		.build(this.listener);

	@Test
	void metersWhenCallsHaveTenantsCountEachApart() throws Exception {
		call("gpt-4o", "acme", 30);
		call("gpt-4o", "zoo", 50);
		call("gpt-4o", "acme", 7);
		assertThat(tokens("acme")).isEqualTo(37);
		assertThat(tokens("zoo")).isEqualTo(50);
		assertThat(this.registry.get("llm.ratelimit.acquire").tags("tenant", "acme").timer().count()).isEqualTo(2);
		assertThat(this.registry.get("llm.ratelimit.estimate.ratio").tags("tenant", "zoo").summary().count()).isOne();
	}

	@Test
	void metersWhenNobodySaidForWhomCountAsNone() throws Exception {
		this.limiters.limiter("gpt-4o").acquire(Cost.ofTotal(9)).close();
		assertThat(tokens("none")).isEqualTo(9);
	}

	@Test
	void metersWhenThereAreMoreTenantsCountThemTogether() throws Exception {
		call("gpt-4o", "acme", 1);
		call("gpt-4o-mini", "zoo", 1);
		call("gpt-4o", "third", 20);
		call("gpt-4o", "fourth", 22);
		assertThat(tokens("other")).isEqualTo(42);
		assertThat(this.registry.getMeters()
			.stream()
			.map((meter) -> meter.getId().getTag("tenant"))
			.filter((tag) -> tag != null)
			.collect(Collectors.toSet())).containsExactlyInAnyOrder("acme", "zoo", "other");
	}

	@Test
	void metersWhenTaggedAreThoseOfCallsOnly() throws Exception {
		call("gpt-4o", "acme", 1);
		this.listener.onRetry(this.limiters.limiter("gpt-4o"), SignalKind.OVERLOADED);
		for (Meter meter : this.registry.getMeters()) {
			Set<String> expected = PublishedMeters.documentedTagKeys(meter);
			for (KeyName further : PublishedMeters.documentationOf(meter).getAdditionalKeyNames()) {
				expected.add(further.asString());
			}
			assertThat(PublishedMeters.tagKeys(meter)).as("%s", meter.getId()).isEqualTo(expected);
		}
	}

	private void call(String model, String tenant, long tokens) throws Exception {
		LlmRateLimiter limiter = this.limiters.limiter(model);
		limiter.acquire(CallRequest.of(Cost.ofTotal(tokens)).withTenant(tenant)).settle(Usage.of(tokens, 0));
	}

	private double tokens(String tenant) {
		return this.registry.get("llm.ratelimit.tokens")
			.tags("model", "gpt-4o", "kind", "estimated", "tenant", tenant)
			.counter()
			.count();
	}

}

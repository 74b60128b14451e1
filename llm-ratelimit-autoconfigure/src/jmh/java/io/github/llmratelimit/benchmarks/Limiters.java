package io.github.llmratelimit.benchmarks;

import java.util.List;
import java.util.Set;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.ModelLimits;
import io.github.llmratelimit.engine.CallRetry;
import io.github.llmratelimit.engine.settings.EngineSettings;
import io.github.llmratelimit.engine.LimiterDefinition;
import io.github.llmratelimit.engine.LimiterMode;
import io.github.llmratelimit.engine.LimiterRegistry;
import io.github.llmratelimit.engine.settings.TenantSettings;
import io.github.llmratelimit.provider.ProviderDialects;
import io.github.llmratelimit.time.SystemAlarmClock;
import io.github.llmratelimit.time.WallClock;

/**
 * Limiters without Spring.
 */
final class Limiters {

	private Limiters() {
	}

	static LlmRateLimiter one(List<Limit> limits) {
		return one(limits, TenantSettings.FAIR);
	}

	static LlmRateLimiter one(List<Limit> limits, TenantSettings tenants) {
		return one(limits, tenants, Booking.ESTIMATE);
	}

	static LlmRateLimiter one(List<Limit> limits, TenantSettings tenants, Booking booking) {
		EngineSettings settings = new EngineSettings(EngineSettings.DEFAULTS.maxWait(), EngineSettings.DEFAULTS.guard(),
				EngineSettings.DEFAULTS.queue(), tenants);
		ModelLimits model = new ModelLimits("gpt-4o", "gpt-4o", new BudgetKey("openai", "gpt-4o"), limits,
				booking, ModelLimits.DEFAULT_OUTPUT_TOKENS);
		LimiterDefinition definition = new LimiterDefinition(model, Set.of(), ProviderDialects.named("openai"),
				Set.of(), LimiterMode.ENFORCE);
		return new LimiterRegistry(List.of(definition), settings, new LimiterRegistry.Parts(
				new SystemAlarmClock(), WallClock.system(), CallRetry.NEVER, List.of(), List.of()))
			.limiter("gpt-4o");
	}

}

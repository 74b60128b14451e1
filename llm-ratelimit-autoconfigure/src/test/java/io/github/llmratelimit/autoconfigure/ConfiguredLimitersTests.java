package io.github.llmratelimit.autoconfigure;

import java.time.Duration;
import java.util.stream.Stream;

import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.LlmRateLimitExceededException;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.LlmRateLimiterRegistry;
import io.github.llmratelimit.Reservation;
import io.github.llmratelimit.autoconfigure.tiers.ProviderLimits;
import io.github.llmratelimit.autoconfigure.tiers.ProviderListing;
import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests that what is configured is what limiters do.
 */
class ConfiguredLimitersTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(LlmRateLimitAutoConfiguration.class));

	@Test
	void tenantWhenItsLimitIsSpentIsRefused() {
		with((limiter) -> {
			limiter.acquire(call("acme"));
			LlmRateLimitExceededException refusal = catchThrowableOfType(LlmRateLimitExceededException.class,
					() -> limiter.acquire(call("acme")));
			assertThat(refusal.reason()).isEqualTo(LlmRateLimitExceededException.Reason.TENANT_LIMIT);
		}, "tenants.default.rpm=1", "models.m.rpm=100");
	}

	@Test
	void tenantWhenAnothersLimitIsSpentIsServed() {
		with((limiter) -> {
			limiter.acquire(call("acme"));
			assertThat(limiter.acquire(call("other"))).isNotNull();
		}, "tenants.default.rpm=1", "models.m.rpm=100");
	}

	@Test
	void tenantWhenItHasAnOverrideIsServedByThat() {
		with((limiter) -> {
			limiter.acquire(call("ACME Inc."));
			assertThat(limiter.acquire(call("ACME Inc."))).isNotNull();
		}, "tenants.default.rpm=1", "tenants.overrides.acme.id=ACME Inc.", "tenants.overrides.acme.rpm=2",
				"models.m.rpm=100");
	}

	@Test
	void callsInProgressWhenTheirNumberIsReachedHoldTheNextOne() {
		with((limiter) -> {
			limiter.acquire(Cost.of(1, 1));
			assertThat(limiter.tryAcquire(Cost.of(1, 1))).isEmpty();
		}, "models.m.concurrent=1");
	}

	@Test
	void callsInProgressWhenOneEndsAdmitTheNextOne() {
		with((limiter) -> {
			Reservation first = limiter.acquire(Cost.of(1, 1));
			first.close();
			assertThat(limiter.tryAcquire(Cost.of(1, 1))).isPresent();
		}, "models.m.concurrent=1");
	}

	@Test
	void outputWhenItHasAWeightCountsByThat() {
		with((limiter) -> {
			limiter.acquire(Cost.of(10, 9));
			assertThat(limiter.tryAcquire(Cost.of(1, 0))).isEmpty();
		}, "models.m.tpm=100", "models.m.output-weight=10");
	}

	@Test
	void outputWhenOnlyInputCostsIsFree() {
		with((limiter) -> {
			limiter.acquire(Cost.of(10, 1_000));
			assertThat(limiter.tryAcquire(Cost.of(90, 1_000))).isPresent();
		}, "models.m.tpm=100", "models.m.cost=input");
	}

	@ParameterizedTest
	@ValueSource(strings = { "estimate", "settled", "actual" })
	void bookingWhenStatedIsAccepted(String booking) {
		with((limiter) -> assertThat(limiter.tryAcquire(Cost.of(1, 1))).isPresent(), "models.m.tpm=100",
				"models.m.booking=" + booking);
	}

	@Test
	void modelWhenToBeLearnedStartsSmall() {
		with((limiter) -> {
			limiter.acquire(Cost.of(5_000, 5_000));
			assertThat(limiter.tryAcquire(Cost.of(1, 0))).isEmpty();
		}, "models.m.learn=true");
	}

	@ParameterizedTest
	@MethodSource("tiers")
	void everyTierMakesLimiters(String provider, String tier) {
		this.runner.withPropertyValues("llm.ratelimit.providers." + provider + ".tier=" + tier)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	static Stream<Arguments> tiers() {
		return ProviderLimits.providers()
			.stream()
			.flatMap((provider) -> ProviderLimits.listing(provider)
				.tiers()
				.stream()
				.filter((tier) -> tier.rows().stream().anyMatch(ProviderListing.Row::applied))
				.map((tier) -> Arguments.of(provider, tier.name())));
	}

	private void with(ThrowingConsumer<LlmRateLimiter> test, String... properties) {
		this.runner.withPropertyValues("llm.ratelimit.models.m.provider=generic")
			.withPropertyValues(Stream.of(properties).map("llm.ratelimit."::concat).toArray(String[]::new))
			.run((context) -> test.accept(context.getBean(LlmRateLimiterRegistry.class).limiter("m")));
	}

	private static CallRequest call(String tenant) {
		return CallRequest.of(Cost.of(1, 1)).withTenant(tenant).withMaxWait(Duration.ZERO);
	}

}

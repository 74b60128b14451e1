package io.github.llmratelimit.sample.endtoend;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.LimiterStatus;
import io.github.llmratelimit.sample.endtoend.Bench.Minute;
import io.github.llmratelimit.sample.provider.Behaviour;
import io.github.llmratelimit.sample.provider.DialectName;
import io.github.llmratelimit.sample.provider.Enforcement;
import io.github.llmratelimit.sample.provider.HeaderLie;
import io.github.llmratelimit.sample.provider.ProviderProperties.Limits;
import io.github.llmratelimit.sample.provider.RetryAfter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the whole starter against a provider that lies, over HTTP.
 */
@Timeout(300)
class LyingProviderLoadTests {

	private static final long TOKENS = 48_000;

	private static final int USERS = 16;

	/**
	 * Where nothing tells the true limit, each refusal holds all back until the provider
	 * has room again: those that were under way may be refused beside it.
	 */
	private static final long NO_STORM = 10;

	/** Refusals a minute, on the average, by which such a limit is found to be as low. */
	private static final long SELDOM = 2;

	private static final Map<String, Object> RIGHT = Map.of("model.rpm", 200, "model.tpm", TOKENS);

	private static final Map<String, Object> DOUBLED = Map.of("model.rpm", 400, "model.tpm", 2 * TOKENS);

	private Bench bench;

	@AfterEach
	void close() {
		this.bench.close();
	}

	@Test
	void headersWhenMissingAreNotNeeded() {
		start(headers(HeaderLie.MISSING), RIGHT);
		assertThatNobodyIsRefused(this.bench.run(3));
	}

	@Test
	void headersWhenMissingAndLimitsAreWrongCauseNoStorm() {
		start(headers(HeaderLie.MISSING), DOUBLED);
		assertThatThereIsNoStorm(this.bench.run(4));
	}

	@Test
	void headersWhenDoubledDoNotRaiseWhatIsConfigured() {
		start(headers(HeaderLie.DOUBLED), RIGHT);
		assertThatNobodyIsRefused(this.bench.run(3));
		assertThat(limit()).isEqualTo(TOKENS);
	}

	@Test
	void headersWhenDoubledAndNothingIsConfiguredCauseNoStorm() {
		start(headers(HeaderLie.DOUBLED), Map.of("model.learn", true));
		assertThatThereIsNoStorm(this.bench.run(4));
	}

	@ParameterizedTest
	@EnumSource(value = HeaderLie.class, names = { "NEGATIVE", "GARBAGE" })
	void headersWhenSenselessAreIgnored(HeaderLie lie) {
		start(headers(lie), RIGHT);
		assertThatNobodyIsRefused(this.bench.run(3));
		assertThat(limit()).isEqualTo(TOKENS);
	}

	@Test
	void limitsWhenLoweredAreFoundAndRaisedAgain() {
		start(UnaryOperator.identity(), RIGHT);
		this.bench.run(1);
		behave(HeaderLie.NONE, 0.5, 0, false);
		Minute first = this.bench.run(1).get(0);
		List<Minute> later = this.bench.run(2);
		assertThat(limit()).isEqualTo(TOKENS / 2);
		assertThat(first.refused()).isLessThanOrEqualTo(NO_STORM);
		assertThat(later).allMatch((minute) -> minute.refused() == 0);
		assertThat(later.get(1).tokens()).isGreaterThan(TOKENS / 2 * 95 / 100);
		behave(HeaderLie.NONE, 1, 0, false);
		assertThatNobodyIsRefused(this.bench.run(3).subList(1, 3));
		assertThat(limit()).isEqualTo(TOKENS);
	}

	@Test
	void limitsWhenLoweredInSecretCauseNoStorm() {
		start((now) -> now, RIGHT);
		behave(HeaderLie.CONFIGURED, 0.5, 0, false);
		assertThatThereIsNoStorm(this.bench.run(4));
	}

	@ParameterizedTest
	@EnumSource(RetryAfter.class)
	void retryAfterWhateverItSaysCausesNoStorm(RetryAfter retryAfter) {
		start((now) -> new Behaviour(now.dialect(), now.enforcement(), now.booking(), retryAfter, HeaderLie.CONFIGURED,
				0.5, 0, false), RIGHT);
		List<Minute> minutes = this.bench.run(6);
		assertThatThereIsNoStorm(minutes);
		// the first two showed the limit
		List<Minute> later = minutes.subList(2, 6);
		assertThat(later.stream().mapToLong(Minute::refused).sum()).isLessThanOrEqualTo(SELDOM * later.size());
	}

	@Test
	void retryAfterWhenItIsTooShortAtAzureIsNotBelieved() {
		start((now) -> new Behaviour(DialectName.AZURE_OPENAI, now.enforcement(), now.booking(), RetryAfter.ZERO,
				HeaderLie.NONE, 1, 0, false), RIGHT);
		this.bench.run(1);
		behave(HeaderLie.NONE, 0.5, 0, false);
		Minute paused = this.bench.run(1).get(0);
		// no call starts in it, and how many of those under way end is chance
		assertThat(paused.refused()).isBetween(1L, NO_STORM);
		assertThatThereIsNoStorm(this.bench.run(2));
	}

	@Test
	void overloadIsRetriedAndLowersNoLimit() {
		start((now) -> now, RIGHT);
		behave(HeaderLie.NONE, 1, 0.3, false);
		List<Minute> minutes = this.bench.run(3);
		assertThat(minutes).allMatch((minute) -> minute.overloaded() > 0 && minute.refused() == 0);
		long failed = minutes.stream().mapToLong((minute) -> minute.ended().size() - minute.succeeded()).sum();
		long ended = minutes.stream().mapToLong((minute) -> minute.ended().size()).sum();
		// 0.3 to the power of 6 attempts
		assertThat(failed).isLessThanOrEqualTo(1 + ended / 500);
		assertThat(limit()).isEqualTo(TOKENS);
	}

	@Test
	void overloadWhenItIsOverLeavesNothingBehind() {
		start((now) -> now, RIGHT);
		behave(HeaderLie.NONE, 1, 1, false);
		Minute overloaded = this.bench.run(1).get(0);
		assertThat(overloaded.succeeded()).isZero();
		// not more calls than the limit has room for, though none is counted
		assertThat(overloaded.overloaded()).isLessThanOrEqualTo(TOKENS / 500);
		behave(HeaderLie.NONE, 1, 0, false);
		assertThatNobodyIsRefused(this.bench.run(4).subList(2, 4));
	}

	@Test
	void quotaWhenExhaustedIsTriedOnceAMinuteUntilItIsPaid() {
		start((now) -> now, RIGHT);
		this.bench.run(1);
		behave(HeaderLie.NONE, 1, 0, true);
		Minute first = this.bench.run(1).get(0);
		assertThat(first.unpaid()).isBetween(1L, (long) USERS);
		assertThat(first.failures()).containsKeys("HTTP 429", "QUOTA_EXHAUSTED");
		assertThat(this.bench.limiter().status().state()).isEqualTo(LimiterStatus.State.QUOTA_EXHAUSTED);
		assertThat(this.bench.run(3)).allMatch((minute) -> minute.unpaid() <= 1 && minute.succeeded() == 0);
		behave(HeaderLie.NONE, 1, 0, false);
		List<Minute> paid = this.bench.run(3);
		assertThat(this.bench.limiter().status().state()).isNotEqualTo(LimiterStatus.State.QUOTA_EXHAUSTED);
		assertThatNobodyIsRefused(paid.subList(1, 3));
	}

	private void start(UnaryOperator<Behaviour> lie, Map<String, Object> properties) {
		Behaviour honest = new Behaviour(DialectName.OPENAI, Enforcement.ROLLING, Booking.ESTIMATE, RetryAfter.USUAL,
				HeaderLie.NONE, 1, 0, false);
		this.bench = new Bench(lie.apply(honest), new Limits(200, TOKENS, null, null), properties);
		this.bench.addUsers(USERS, 500);
	}

	private static UnaryOperator<Behaviour> headers(HeaderLie lie) {
		return (now) -> new Behaviour(now.dialect(), now.enforcement(), now.booking(), now.retryAfter(), lie, 1, 0,
				false);
	}

	private void behave(HeaderLie headers, double limitFactor, double overload, boolean quotaExhausted) {
		this.bench.provider()
			.behave((now) -> new Behaviour(now.dialect(), now.enforcement(), now.booking(), now.retryAfter(), headers,
					limitFactor, overload, quotaExhausted));
	}

	private long limit() {
		return this.bench.limiter()
			.status()
			.windows()
			.stream()
			.filter((window) -> window.limit().dimension() == Dimension.TOKENS)
			.findFirst()
			.orElseThrow()
			.limit()
			.amount();
	}

	private static void assertThatNobodyIsRefused(List<Minute> minutes) {
		assertThat(minutes).allMatch((minute) -> minute.refused() == 0 && minute.failures().isEmpty());
		assertThat(minutes.get(minutes.size() - 1).tokens()).isGreaterThan(TOKENS * 95 / 100);
	}

	private static void assertThatThereIsNoStorm(List<Minute> minutes) {
		assertThat(minutes).allMatch((minute) -> minute.refused() <= NO_STORM && minute.succeeded() > 0);
	}

}

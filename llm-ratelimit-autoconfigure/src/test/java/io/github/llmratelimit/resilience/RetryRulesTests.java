package io.github.llmratelimit.resilience;

import java.time.Duration;
import java.util.random.RandomGenerator;

import io.github.llmratelimit.provider.ProviderSignal;
import io.github.llmratelimit.provider.SignalKind;
import io.github.llmratelimit.resilience.RetryDecision.Repeat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static io.github.llmratelimit.resilience.Draws.HIGHEST;
import static io.github.llmratelimit.resilience.Draws.LOWEST;
import static io.github.llmratelimit.resilience.Draws.MIDDLE;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RetryRules}.
 */
class RetryRulesTests {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	@ParameterizedTest
	@EnumSource(names = { "RATE_LIMIT_REQUESTS", "RATE_LIMIT_TOKENS", "RATE_LIMIT_UNKNOWN", "RATE_LIMIT_DAY",
			"OVERLOADED", "SERVER_ERROR", "CLIENT_ERROR" })
	void decideWhenHintedNeverUndercutsTheHint(SignalKind kind) {
		assertThat(decide(LOWEST, attempt(1).saying(kind, "2s"))).isEqualTo(wait("2s"));
	}

	@Test
	void decideWhenHintedWaitsAtMostAQuarterLonger() {
		assertThat(decide(HIGHEST, attempt(1).saying(SignalKind.RATE_LIMIT_TOKENS, "2s")))
			.isEqualTo(wait("2.499999999s"));
	}

	@Test
	void decideWhenJitterIsSetDrawsThatPart() {
		RetrySettings settings = new RetrySettings(6, Duration.ofSeconds(1), MINUTE, 0.1, Duration.ofSeconds(1), MINUTE,
				MINUTE);
		RetryDecision decision = new RetryRules(settings, MIDDLE)
			.decide(attempt(1).saying(SignalKind.RATE_LIMIT_TOKENS, "2s").build());
		assertThat(decision).isEqualTo(wait("2.1s"));
	}

	@Test
	void decideWhenHintIsAsLongAsAllowedWaits() {
		FailedAttemptBuilder failed = attempt(1).saying(SignalKind.OVERLOADED, "5m");
		RetrySettings settings = new RetrySettings(6, Duration.ofSeconds(1), MINUTE, 0.25, Duration.ofSeconds(1),
				Duration.ofHours(1), Duration.ofMinutes(5));
		assertThat(new RetryRules(settings, LOWEST).decide(failed.waitLeft("1h").build())).isEqualTo(wait("5m"));
	}

	@Test
	void decideWhenHintIsLongerThanAllowedGivesUp() {
		FailedAttemptBuilder failed = attempt(1).saying(SignalKind.OVERLOADED, "5m0.001s");
		RetrySettings settings = new RetrySettings(6, Duration.ofSeconds(1), MINUTE, 0.25, Duration.ofSeconds(1),
				Duration.ofHours(1), Duration.ofMinutes(5));
		assertThat(new RetryRules(settings, LOWEST).decide(failed.waitLeft("1h").build()))
			.isEqualTo(RetryDecision.GIVE_UP);
	}

	@Test
	void decideWhenHintFitsWhatIsLeftWaits() {
		assertThat(decide(LOWEST, attempt(1).saying(SignalKind.RATE_LIMIT_TOKENS, "2s").waitLeft("2s")))
			.isEqualTo(wait("2s"));
	}

	@Test
	void decideWhenOnlyJitterExceedsWhatIsLeftCutsIt() {
		assertThat(decide(HIGHEST, attempt(1).saying(SignalKind.RATE_LIMIT_TOKENS, "2s").waitLeft("2.1s")))
			.isEqualTo(wait("2.1s"));
	}

	@Test
	void decideWhenHintExceedsTheWaitLeftGivesUp() {
		assertThat(decide(LOWEST, attempt(1).saying(SignalKind.RATE_LIMIT_TOKENS, "2s").waitLeft("1.999999999s")))
			.isEqualTo(RetryDecision.GIVE_UP);
	}

	@Test
	void decideWhenHintEndsAtMaxElapsedWaits() {
		assertThat(decide(LOWEST, attempt(2).saying(SignalKind.RATE_LIMIT_TOKENS, "20s").elapsed("160s")))
			.isEqualTo(wait("20s"));
	}

	@Test
	void decideWhenHintEndsAfterMaxElapsedGivesUp() {
		assertThat(decide(LOWEST, attempt(2).saying(SignalKind.RATE_LIMIT_TOKENS, "20s").elapsed("160.000000001s")))
			.isEqualTo(RetryDecision.GIVE_UP);
	}

	@Test
	void decideWhenElapsedAlreadyGivesUp() {
		assertThat(decide(LOWEST, attempt(2).saying(SignalKind.SERVER_ERROR, null).elapsed("10m")))
			.isEqualTo(RetryDecision.GIVE_UP);
	}

	@Test
	void decideWhenSameLimitRefusesAgainWaitsTheBackoffIfLonger() {
		assertThat(decide(MIDDLE,
				attempt(3).saying(SignalKind.RATE_LIMIT_TOKENS, "1s").obeyed(SignalKind.RATE_LIMIT_TOKENS)))
			.isEqualTo(wait("4s"));
	}

	@Test
	void decideWhenSameLimitRefusesAgainWaitsTheHintIfLonger() {
		assertThat(decide(LOWEST,
				attempt(3).saying(SignalKind.RATE_LIMIT_TOKENS, "5s").obeyed(SignalKind.RATE_LIMIT_TOKENS)))
			.isEqualTo(wait("5s"));
	}

	@Test
	void decideWhenAnotherLimitRefusesWaitsTheHint() {
		assertThat(decide(LOWEST,
				attempt(3).saying(SignalKind.RATE_LIMIT_TOKENS, "1s").obeyed(SignalKind.RATE_LIMIT_REQUESTS)))
			.isEqualTo(wait("1s"));
	}

	@Test
	void decideWhenServerFailsAgainWaitsTheHint() {
		assertThat(decide(LOWEST, attempt(3).saying(SignalKind.SERVER_ERROR, "1s").obeyed(SignalKind.SERVER_ERROR)))
			.isEqualTo(wait("1s"));
	}

	@ParameterizedTest
	@CsvSource({ "1, 0.5s", "2, 1s", "3, 2s", "7, 32s", "8, 60s", "100, 60s" })
	void decideWhenServerFailsDoublesFromTheShorterBaseUpToTheCap(int number, String delay) {
		assertThat(decide(MIDDLE, attempt(number).saying(SignalKind.SERVER_ERROR, null))).isEqualTo(wait(delay));
	}

	@ParameterizedTest
	@EnumSource(names = { "OVERLOADED", "SERVER_ERROR", "CLIENT_ERROR" })
	void decideWhenNoLimitRefusedUsesTheShorterBase(SignalKind kind) {
		assertThat(decide(MIDDLE, attempt(1).saying(kind, null))).isEqualTo(wait("0.5s"));
	}

	@ParameterizedTest
	@CsvSource({ "1, 375ms, 624.999999ms", "100, 45s, 74.999999999s" })
	void decideWhenServerFailsJittersAfterTheCap(int number, String shortest, String longest) {
		FailedAttemptBuilder failed = attempt(number).saying(SignalKind.SERVER_ERROR, null);
		assertThat(decide(LOWEST, failed)).isEqualTo(wait(shortest));
		Repeat most = (Repeat) decide(HIGHEST, failed);
		assertThat(most.delay()).isBetween(duration(longest), duration(longest).plusNanos(999));
	}

	@Test
	void decideWhenBackoffExceedsWhatIsLeftGivesUp() {
		assertThat(decide(MIDDLE, attempt(1).saying(SignalKind.SERVER_ERROR, null).waitLeft("0.499999999s")))
			.isEqualTo(RetryDecision.GIVE_UP);
	}

	@ParameterizedTest
	@EnumSource(names = { "RATE_LIMIT_REQUESTS", "RATE_LIMIT_TOKENS", "RATE_LIMIT_UNKNOWN" })
	void decideWhenRefusedWithoutHintWaitsThePauseFree(SignalKind kind) {
		assertThat(decide(MIDDLE, attempt(1).saying(kind, null).paused("37s")))
			.isEqualTo(new Repeat(duration("37s"), false));
	}

	@Test
	void decideWhenPauseIsShorterThanTheBackoffWaitsThat() {
		assertThat(decide(MIDDLE, attempt(4).saying(SignalKind.RATE_LIMIT_TOKENS, null).paused("1s")))
			.isEqualTo(new Repeat(duration("8s"), false));
	}

	@Test
	void decideWhenAWindowHasNotPassedIsFree() {
		assertThat(decide(MIDDLE,
				attempt(3).saying(SignalKind.RATE_LIMIT_TOKENS, null).paused("5s").sinceFirst("59.999999999s")))
			.isEqualTo(new Repeat(duration("5s"), false));
	}

	@Test
	void decideWhenAWindowHasPassedIsCounted() {
		assertThat(decide(MIDDLE, attempt(3).saying(SignalKind.RATE_LIMIT_TOKENS, null).paused("5s").sinceFirst("60s")))
			.isEqualTo(wait("5s"));
	}

	@Test
	void decideWhenNoWindowCanBeMeantIsCounted() {
		FailedAttempt failed = new FailedAttempt(1, ProviderSignal.of(SignalKind.RATE_LIMIT_TOKENS, true, null), null,
				Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, MINUTE);
		assertThat(new RetryRules(RetrySettings.DEFAULTS, MIDDLE).decide(failed)).isEqualTo(wait("1s"));
	}

	@Test
	void decideWhenPauseExceedsTheWaitLeftGivesUp() {
		assertThat(decide(LOWEST,
				attempt(1).saying(SignalKind.RATE_LIMIT_TOKENS, null).paused("60s").waitLeft("59.999999999s")))
			.isEqualTo(RetryDecision.GIVE_UP);
	}

	@ParameterizedTest
	@EnumSource
	void decideWhenNotRetryableGivesUp(SignalKind kind) {
		FailedAttempt failed = new FailedAttempt(1, ProviderSignal.of(kind, false, Duration.ofMillis(1)), null,
				Duration.ZERO, MINUTE, Duration.ZERO, Duration.ZERO, MINUTE);
		assertThat(new RetryRules(RetrySettings.DEFAULTS, LOWEST).decide(failed)).isEqualTo(RetryDecision.GIVE_UP);
	}

	@Test
	void decideWhenOneAttemptIsAllowedRepeatsNotEvenFree() {
		RetrySettings once = new RetrySettings(1, Duration.ofSeconds(1), MINUTE, 0, Duration.ofSeconds(1), MINUTE,
				MINUTE);
		FailedAttempt failed = attempt(1).saying(SignalKind.RATE_LIMIT_TOKENS, null).paused("1s").build();
		assertThat(new RetryRules(once, LOWEST).decide(failed)).isEqualTo(RetryDecision.GIVE_UP);
	}

	private static RetryDecision decide(RandomGenerator random, FailedAttemptBuilder failed) {
		return new RetryRules(RetrySettings.DEFAULTS, random).decide(failed.build());
	}

	private static Repeat wait(String delay) {
		return new Repeat(duration(delay), true);
	}

	private static Duration duration(String text) {
		if (text.endsWith("ms")) {
			return Duration.ofNanos((long) (Double.parseDouble(text.substring(0, text.length() - 2)) * 1e6));
		}
		return Duration.parse("PT" + text);
	}

	private static FailedAttemptBuilder attempt(int number) {
		return new FailedAttemptBuilder(number);
	}

	/** What most tests leave as it is: a minute's window, 90 seconds to wait. */
	private static final class FailedAttemptBuilder {

		private final int number;

		private ProviderSignal signal = ProviderSignal.OK;

		private @Nullable SignalKind obeyed;

		private Duration paused = Duration.ZERO;

		private Duration sinceFirst = Duration.ZERO;

		private Duration elapsed = Duration.ZERO;

		private Duration waitLeft = Duration.ofSeconds(90);

		FailedAttemptBuilder(int number) {
			this.number = number;
		}

		FailedAttemptBuilder saying(SignalKind kind, @Nullable String hint) {
			this.signal = ProviderSignal.of(kind, true, (hint != null) ? duration(hint) : null);
			return this;
		}

		FailedAttemptBuilder obeyed(SignalKind kind) {
			this.obeyed = kind;
			return this;
		}

		FailedAttemptBuilder paused(String duration) {
			this.paused = duration(duration);
			return this;
		}

		FailedAttemptBuilder sinceFirst(String duration) {
			this.sinceFirst = duration(duration);
			return this;
		}

		FailedAttemptBuilder elapsed(String duration) {
			this.elapsed = duration(duration);
			return this;
		}

		FailedAttemptBuilder waitLeft(String duration) {
			this.waitLeft = duration(duration);
			return this;
		}

		FailedAttempt build() {
			return new FailedAttempt(this.number, this.signal, this.obeyed, this.paused, MINUTE, this.sinceFirst,
					this.elapsed, this.waitLeft);
		}

	}

}

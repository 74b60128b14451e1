package io.github.llmratelimit.provider;

import java.time.Duration;
import java.time.ZoneOffset;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link DialectTraits}.
 */
class DialectTraitsTests {

	private static final DialectTraits DOUBTFUL = DialectTraits.CAUTIOUS.withShortTokenHints();

	@Test
	void traitsWhenDialectSaysNothingAreCautious() {
		assertThat(new WrittenDialect().traits()).isEqualTo(new DialectTraits(1, false, false, null, false, false));
	}

	@Test
	void withWhenAllAreChangedChangesAll() {
		DialectTraits traits = DialectTraits.CAUTIOUS.withTokensRoundedTo(1_000)
			.withRefusedTokensCounting()
			.withDayResetZone(ZoneOffset.UTC)
			.withShortTokenHints()
			.withSlices();
		assertThat(traits).isEqualTo(new DialectTraits(1_000, false, true, ZoneOffset.UTC, true, true));
	}

	@Test
	void withExactRemainingWhenNothingIsRoundedChangesIt() {
		assertThat(DOUBTFUL.withExactRemaining()).isEqualTo(new DialectTraits(1, true, false, null, true, false));
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, -1, Long.MIN_VALUE })
	void createWhenRoundedToLessThanOneThrows(long tokensRoundedTo) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> DialectTraits.CAUTIOUS.withTokensRoundedTo(tokensRoundedTo))
			.withMessage("Invalid tokensRoundedTo (%s): must be 1 or more", tokensRoundedTo);
	}

	@Test
	void createWhenRoundedIsExactThrows() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> DialectTraits.CAUTIOUS.withExactRemaining().withTokensRoundedTo(1_000))
			.withMessage("Invalid tokensRoundedTo (1000): must be 1 where what remains is exact");
	}

	@ParameterizedTest
	@CsvSource({ "1, 0, 60", ", 0, 60", "1, , 60", "1, 61, 60", "1, 30, 30", "40, 30, 40", "90, 0, 90" })
	void leastWaitWhenTokensAreUsedUpIsTheirResetOrWindow(Long hint, Long reset, long expected) {
		ProviderSignal signal = signal(SignalKind.RATE_LIMIT_TOKENS, hint, quota(0L, reset, 60L));
		assertThat(DOUBTFUL.leastWait(signal)).hasSeconds(expected);
	}

	@Test
	void leastWaitWhenHintsAreToBeBelievedIsTheHint() {
		ProviderSignal signal = signal(SignalKind.RATE_LIMIT_TOKENS, 1L, quota(0L, 0L, 60L));
		assertThat(DialectTraits.CAUTIOUS.leastWait(signal)).hasSeconds(1);
	}

	@ParameterizedTest
	@EnumSource(value = SignalKind.class, mode = EnumSource.Mode.EXCLUDE, names = "RATE_LIMIT_TOKENS")
	void leastWaitWhenOtherThanTokensIsTheHint(SignalKind kind) {
		assertThat(DOUBTFUL.leastWait(signal(kind, 1L, quota(0L, 0L, 60L)))).hasSeconds(1);
	}

	@Test
	void leastWaitWhenTokensAreLeftIsTheHint() {
		assertThat(DOUBTFUL.leastWait(signal(SignalKind.RATE_LIMIT_TOKENS, 1L, quota(5L, 0L, 60L)))).hasSeconds(1);
	}

	@Test
	void leastWaitWhenWindowIsUnknownIsTheHint() {
		assertThat(DOUBTFUL.leastWait(signal(SignalKind.RATE_LIMIT_TOKENS, 1L, quota(0L, 0L, null)))).hasSeconds(1);
	}

	@Test
	void leastWaitWhenNothingIsToldIsNull() {
		assertThat(DOUBTFUL.leastWait(signal(SignalKind.RATE_LIMIT_TOKENS, null, Quota.UNKNOWN))).isNull();
	}

	private static ProviderSignal signal(SignalKind kind, Long hintSeconds, Quota tokens) {
		return new ProviderSignal(kind, true, seconds(hintSeconds), Quota.UNKNOWN, tokens, Quota.UNKNOWN,
				Quota.UNKNOWN);
	}

	private static Quota quota(Long remaining, Long resetSeconds, Long windowSeconds) {
		return new Quota(5_000L, remaining, seconds(resetSeconds), seconds(windowSeconds));
	}

	private static Duration seconds(Long seconds) {
		return (seconds != null) ? Duration.ofSeconds(seconds) : null;
	}

}

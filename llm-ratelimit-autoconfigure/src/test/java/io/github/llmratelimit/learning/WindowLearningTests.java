package io.github.llmratelimit.learning;

import java.time.Duration;

import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.learning.Told.Outcome;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link WindowLearning}: what its parts hear of each other.
 */
class WindowLearningTests {

	private static final long SECOND = 1_000_000_000L;

	/** Ten seconds before the clock overflows. */
	private static final long NOW = Long.MAX_VALUE - 10 * SECOND;

	private final WindowLearning window = learning(LearningRules.ALL);

	@Test
	void creditWhenAnsweredIsWhatRemains() {
		succeeded(this.window, 1_000L, 900L, NOW);
		assertThat(this.window.credit(NOW)).isEqualTo(900);
		assertThat(this.window.amount(NOW)).isEqualTo(1_000);
	}

	@Test
	void creditWhenLimitFallsIsForgotten() {
		succeeded(this.window, 1_000L, 900L, NOW);
		succeeded(this.window, 500L, null, NOW + SECOND);
		assertThat(this.window.limit().amount()).isEqualTo(500);
		assertThat(this.window.credit(NOW + SECOND)).isZero();
	}

	@Test
	void amountWhenLimitRisesIsNotCappedByOldAnswers() {
		succeeded(this.window, 100L, 0L, NOW);
		assertThat(this.window.amount(NOW)).isEqualTo(100);
		succeeded(this.window, 2_000L, 1_900L, NOW + SECOND);
		assertThat(this.window.amount(NOW + SECOND)).isEqualTo(2_000);
	}

	@Test
	void answeredWhenSentBeforeTheLimitChangedTellsNothingOfWhatRemains() {
		this.window.admitted(100, NOW);
		succeeded(this.window, 2_000L, 1_900L, NOW + SECOND);
		SentCall before = new SentCall(100, NOW, 100, 0);
		this.window.answered(new Told(null, 0L, Outcome.SUCCEEDED), before, NOW + 2 * SECOND);
		assertThat(this.window.amount(NOW + 2 * SECOND)).isEqualTo(2_000);
	}

	@Test
	void creditWhenSomebodyElseUsesTheKeyIsSuspended() {
		succeeded(this.window, 1_000L, 900L, NOW);
		succeeded(this.window, 1_000L, 300L, NOW + SECOND);
		assertThat(this.window.isShort(NOW + SECOND)).isTrue();
		assertThat(this.window.amount(NOW + SECOND)).isEqualTo(400);
		assertThat(this.window.credit(NOW + SECOND)).isZero();
		succeeded(this.window, 1_000L, 900L, NOW + 60 * SECOND);
		assertThat(this.window.credit(NOW + 60 * SECOND)).isZero();
		succeeded(this.window, 1_000L, 900L, NOW + 61 * SECOND);
		assertThat(this.window.credit(NOW + 61 * SECOND)).isEqualTo(900);
	}

	@Test
	void answeredWhenRefusedGivesNoCreditAndLeavesTheCallOut() {
		this.window.admitted(100, NOW);
		answer(this.window, new Told(1_000L, 50L, Outcome.REFUSED), 950, NOW);
		assertThat(this.window.amount(NOW)).isEqualTo(900);
		assertThat(this.window.credit(NOW)).isZero();
	}

	@Test
	void answeredWhenRefusedSuspendsCreditLongerEachTime() {
		long at = NOW;
		for (int minutes : new int[] { 1, 2, 4, 8, 16, 16 }) {
			answer(this.window, new Told(null, null, Outcome.REFUSED), 100, at);
			at += minutes * 60 * SECOND;
			succeeded(this.window, 1_000L, 900L, at - 1);
			assertThat(this.window.credit(at - 1)).as("%d minutes", minutes).isZero();
			succeeded(this.window, 1_000L, 900L, at);
			assertThat(this.window.credit(at)).as("%d minutes", minutes).isPositive();
		}
	}

	@Test
	void answeredWhenRefusedLongAfterASuspensionStartsAnew() {
		answer(this.window, new Told(null, null, Outcome.REFUSED), 100, NOW);
		long later = NOW + 120 * SECOND;
		answer(this.window, new Told(null, null, Outcome.REFUSED), 100, later);
		succeeded(this.window, 1_000L, 900L, later + 60 * SECOND);
		assertThat(this.window.credit(later + 60 * SECOND)).isEqualTo(900);
	}

	@Test
	void answeredWhenProviderFailedTeachesNothingThatShrinks() {
		this.window.admitted(100, NOW);
		answer(this.window, new Told(10L, 0L, Outcome.FAILED), 100, NOW);
		assertThat(this.window.limit().amount()).isEqualTo(1_000);
		assertThat(this.window.amount(NOW)).isEqualTo(1_000);
	}

	@Test
	void creditWhenInstanceHasAShareIsNone() {
		WindowLearning shared = learning(new LearningRules(true, true, true, 0.5, 1, true));
		succeeded(shared, 2_000L, 900L, NOW);
		assertThat(shared.credit(NOW)).isZero();
	}

	@Test
	void creditWhenTokensAreCountedAsProducedLeavesOutWhatIsInFlight() {
		WindowLearning produced = learning(new LearningRules(true, true, true, 1, 1, false));
		produced.admitted(100, NOW);
		SentCall call = new SentCall(100, NOW, 400, 300);
		produced.answered(new Told(1_000L, 700L, Outcome.SUCCEEDED), call, NOW);
		assertThat(produced.credit(NOW)).isEqualTo(700 - 300 - 100);
	}

	@Test
	void answeredWhenNothingMayBeLearnedChangesNothing() {
		WindowLearning fixed = learning(new LearningRules(false, false, false, 1, 1, true));
		succeeded(fixed, 10L, 0L, NOW);
		assertThat(fixed.amount(NOW)).isEqualTo(1_000);
		assertThat(fixed.credit(NOW)).isZero();
	}

	@Test
	void cameTooEarlyWhenThereIsCreditSuspendsIt() {
		succeeded(this.window, 1_000L, 900L, NOW);
		this.window.cameTooEarly(SECOND, NOW);
		succeeded(this.window, 1_000L, 900L, NOW + SECOND);
		assertThat(this.window.credit(NOW + SECOND)).isZero();
	}

	@Test
	void changeWhenRunningForgetsCredit() {
		succeeded(this.window, 1_000L, 900L, NOW);
		assertThat(this.window.change(300L, NOW).to().origin()).isEqualTo(LimitOrigin.RUNTIME);
		assertThat(this.window.credit(NOW)).isZero();
		assertThat(this.window.amount(NOW)).isEqualTo(300);
	}

	@Test
	void expireWhenNotConfirmedGoesBack() {
		succeeded(this.window, 500L, null, NOW);
		assertThat(this.window.expire(NOW + LimitLearner.CONFIRMED_FOR.toNanos()).to().amount()).isEqualTo(1_000);
	}

	@Test
	void rulesWhenOutOfRangeSaySo() {
		assertThatIllegalArgumentException().isThrownBy(() -> new LearningRules(true, true, true, 1, 0, true))
			.withMessage("Invalid roundedTo (0): must be at least 1.");
	}

	private static WindowLearning learning(LearningRules rules) {
		Limit limit = new Limit(Dimension.TOKENS, 1_000, Duration.ofMinutes(1), LimitOrigin.TIER);
		return new WindowLearning(limit, rules, SECOND / 10, NOW - SECOND);
	}

	/** A call of 100 that was alone. */
	private static void succeeded(WindowLearning window, Long limit, Long remaining, long at) {
		window.admitted(100, at);
		answer(window, new Told(limit, remaining, Outcome.SUCCEEDED), 100, at);
	}

	private static void answer(WindowLearning window, Told told, long takenWhenSent, long at) {
		window.answered(told, new SentCall(100, at, takenWhenSent, 0), at);
	}

}

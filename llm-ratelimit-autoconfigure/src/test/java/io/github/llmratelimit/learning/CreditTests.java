package io.github.llmratelimit.learning;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Credit}.
 */
class CreditTests {

	private static final long SECOND = 1_000_000_000L;

	private static final long GUARD = SECOND / 10;

	private static final long WINDOW = 60 * SECOND;

	/** Ten seconds before the clock overflows. */
	private static final long NOW = Long.MAX_VALUE - 10 * SECOND;

	private final AdmissionLog log = new AdmissionLog(GUARD, NOW - SECOND);

	private final Credit credit = new Credit(this.log, WINDOW, GUARD);

	@Test
	void availableWhenNothingWasAnsweredIsZero() {
		assertThat(this.credit.available(NOW)).isZero();
	}

	@Test
	void availableWhenAnsweredIsWhatRemains() {
		this.log.admitted(100, NOW);
		answered(600, 100, NOW, NOW + SECOND);
		assertThat(this.credit.available(NOW + SECOND)).isEqualTo(600);
	}

	@Test
	void availableWhenMoreWasAdmittedSinceIsLess() {
		this.log.admitted(100, NOW);
		this.log.admitted(50, NOW + SECOND / 2);
		answered(600, 100, NOW, NOW + SECOND);
		this.log.admitted(70, NOW + 2 * SECOND);
		assertThat(this.credit.available(NOW + 2 * SECOND)).isEqualTo(480);
	}

	@Test
	void availableWhenOthersWereSentJustBeforeAssumesTheyArriveLater() {
		this.log.admitted(30, NOW - GUARD + 1);
		this.log.admitted(100, NOW);
		answered(600, 100, NOW, NOW + SECOND);
		assertThat(this.credit.available(NOW + SECOND)).isEqualTo(570);
	}

	@Test
	void availableWhenOthersMayHaveBeenSentBeforeTheLogBeganIsZero() {
		AdmissionLog late = new AdmissionLog(GUARD, NOW);
		Credit uncertain = new Credit(late, WINDOW, GUARD);
		late.admitted(30, NOW);
		late.admitted(100, NOW + GUARD - 1);
		uncertain.answered(600, 0, 1_000, 100, NOW + GUARD - 1, NOW + SECOND);
		assertThat(uncertain.available(NOW + SECOND)).isZero();
		late.admitted(100, NOW + GUARD);
		uncertain.answered(600, 0, 1_000, 100, NOW + GUARD, NOW + SECOND);
		assertThat(uncertain.available(NOW + SECOND)).isEqualTo(470);
	}

	@Test
	void availableWhenEverythingIsSpentIsZero() {
		this.log.admitted(100, NOW);
		answered(600, 100, NOW, NOW + SECOND);
		this.log.admitted(601, NOW + SECOND);
		assertThat(this.credit.available(NOW + SECOND)).isZero();
	}

	@Test
	void availableWhenAWorseAnswerComesKeepsTheBest() {
		this.log.admitted(100, NOW);
		answered(600, 100, NOW, NOW + SECOND);
		answered(200, 100, NOW, NOW + SECOND);
		assertThat(this.credit.available(NOW + SECOND)).isEqualTo(600);
	}

	@Test
	void availableWhenAnswerIsOldIsZero() {
		this.log.admitted(100, NOW);
		answered(600, 100, NOW, NOW + SECOND);
		assertThat(this.credit.available(NOW + WINDOW + SECOND - 1)).isEqualTo(600);
		assertThat(this.credit.available(NOW + 2 * WINDOW + SECOND)).isZero();
	}

	@Test
	void answeredWhenNumbersAreImplausibleIsIgnored() {
		this.log.admitted(100, NOW);
		answered(-1, 100, NOW, NOW);
		answered(1_001, 100, NOW, NOW);
		answered(600, -1, NOW, NOW);
		answered(600, 1_001, NOW, NOW);
		answered(600, 100, NOW + 1, NOW);
		assertThat(this.credit.available(NOW)).isZero();
	}

	@Test
	void answeredWhenProviderGrantsMoreThanIsOursGivesNothing() {
		this.log.admitted(100, NOW);
		this.credit.answered(600, 2_000, 1_000, 100, NOW, NOW + SECOND);
		assertThat(this.credit.available(NOW + SECOND)).isZero();
	}

	@Test
	void suspendWhenUntilLaterIgnoresAnswersUntilThen() {
		this.log.admitted(100, NOW);
		answered(600, 100, NOW, NOW);
		this.credit.suspend(NOW + 20 * SECOND);
		this.credit.suspend(NOW + 5 * SECOND);
		answered(600, 100, NOW, NOW + 19 * SECOND);
		assertThat(this.credit.available(NOW + 20 * SECOND)).isZero();
		answered(600, 100, NOW, NOW + 20 * SECOND);
		assertThat(this.credit.available(NOW + 20 * SECOND)).isEqualTo(600);
	}

	@Test
	void guardWhenItGrowsForgetsWhatWasKnown() {
		this.log.admitted(100, NOW);
		answered(600, 100, NOW, NOW);
		this.credit.guard(GUARD);
		assertThat(this.credit.available(NOW)).isEqualTo(600);
		this.credit.guard(2 * GUARD);
		assertThat(this.credit.available(NOW)).isZero();
	}

	private void answered(long remaining, long cost, long sent, long now) {
		this.credit.answered(remaining, 0, 1_000, cost, sent, now);
	}

}

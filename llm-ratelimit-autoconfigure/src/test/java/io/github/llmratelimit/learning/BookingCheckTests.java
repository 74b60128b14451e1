package io.github.llmratelimit.learning;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.learning.StrictProvider.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link BookingCheck}.
 */
class BookingCheckTests {

	private static final long SECOND = 1_000_000_000L;

	private static final long WINDOW = 60 * SECOND;

	/** Ten seconds before the clock overflows. */
	private static final long NOW = Long.MAX_VALUE - 10 * SECOND;

	private static final long LIMIT = 100_000;

	private final AdmissionLog log = new AdmissionLog(SECOND / 10, NOW);

	private final BookingCheck check = new BookingCheck(this.log, WINDOW, SECOND / 10, NOW);

	private long at = NOW;

	private long use;

	@ParameterizedTest
	@EnumSource(Booking.class)
	void suggestionWhenWindowRollsIsWhatTheProviderDoes(Booking truth) {
		for (int seed = 0; seed < 20; seed++) {
			LearningClient client = client(Kind.ROLLING, truth, seed).run(12);
			for (Booking configured : Booking.values()) {
				Booking suggestion = client.check.suggestion(configured, client.ticks());
				assertThat(suggestion).as("%s, seed %d: %s", configured, seed, client.check)
					.isEqualTo((configured != truth) ? truth : null);
			}
		}
	}

	@ParameterizedTest
	@EnumSource(Booking.class)
	void suggestionWhenWindowDoesNotRollIsNeverWrong(Booking truth) {
		for (Kind kind : new Kind[] { Kind.FIXED, Kind.BUCKET }) {
			for (int seed = 0; seed < 20; seed++) {
				LearningClient client = client(kind, truth, seed).run(12);
				for (Booking configured : Booking.values()) {
					Booking suggestion = client.check.suggestion(configured, client.ticks());
					assertThat(suggestion).as("%s, %s, seed %d: %s", kind, configured, seed, client.check).isNull();
				}
			}
		}
	}

	@Test
	void answeredWhenOthersWereSentAroundComparesNothing() {
		for (int i = 0; i < 10; i++) {
			this.log.admitted(1_000, NOW + i);
			this.check.admitted(1_000, NOW + i);
		}
		this.check.answered(LIMIT - 1_000, LIMIT, NOW, NOW + SECOND);
		assertThat(this.check).hasToString("nothing compared yet");
	}

	private static LearningClient client(Kind kind, Booking booking, long seed) {
		StrictProvider provider = StrictProvider.of(kind, LIMIT, LearningClient.WINDOW);
		LearningClient client = new LearningClient(provider, LIMIT, LearningClient.JITTER, seed);
		client.callers = 20;
		client.settles = booking == Booking.SETTLED;
		client.countsActual = booking == Booking.ACTUAL;
		return client;
	}

	@Test
	void suggestionWhenTooLittleWasSeenIsNone() {
		feed(49, 2 * SECOND);
		assertThat(this.check.suggestion(Booking.SETTLED, NOW + 2 * WINDOW)).isNull();
		feed(1, 2 * SECOND);
		assertThat(this.check.suggestion(Booking.SETTLED, NOW + 2 * WINDOW)).isEqualTo(Booking.ESTIMATE);
	}

	@Test
	void suggestionWhenLessThanAMinutePassedIsNone() {
		feed(100, SECOND / 2);
		assertThat(this.check.suggestion(Booking.SETTLED, NOW + 50 * SECOND)).isNull();
	}

	@Test
	void suggestionWhenConfiguredFitsTooIsNone() {
		for (int i = 0; i < 100; i++) {
			step(1_000, 1_000, SECOND);
		}
		assertThat(this.check.suggestion(Booking.SETTLED, this.at)).isNull();
	}

	@Test
	void answeredWhenLimitChangesStartsAnew() {
		feed(100, SECOND);
		this.check.admitted(1, this.at);
		this.check.answered(10, 50_000, this.at, this.at);
		assertThat(this.check.suggestion(Booking.SETTLED, this.at + WINDOW)).isNull();
	}

	@Test
	void answeredWhenNumbersAreImplausibleIsIgnored() {
		this.check.admitted(Long.MIN_VALUE, NOW);
		this.check.answered(-1, LIMIT, NOW, NOW);
		this.check.admitted(1_000, NOW + 1);
		this.check.answered(LIMIT + 1, LIMIT, NOW + 1, NOW + 1);
		this.check.admitted(1_000, NOW + 2);
		this.check.answered(5, 0, NOW + 2, NOW + 2);
		this.check.answered(5, LIMIT, NOW + 3, NOW + 3);
		assertThat(this.check).hasToString("nothing compared yet");
	}

	@Test
	void admittedWhenNothingIsEverAnsweredComparesAgainLater() {
		for (int i = 0; i < 1_000; i++) {
			this.check.admitted(1, NOW + i);
		}
		long later = NOW + 3 * WINDOW;
		this.check.admitted(1_000, later);
		this.check.answered(LIMIT - 1_000, LIMIT, later, later);
		assertThat(this.check).hasToString("mean error: estimate 0.0 %, settled 0.0 %, actual 1.0 %");
	}

	/** Calls that use half, at a provider that counts all; fewer than a window's. */
	private void feed(int calls, long apart) {
		for (int i = 0; i < calls; i++) {
			step(1_000, 500, apart);
		}
	}

	private void step(long estimate, long actual, long apart) {
		this.log.admitted(estimate, this.at);
		this.check.admitted(estimate, this.at);
		this.use = Math.min(estimate * (WINDOW / apart), this.use + estimate);
		this.check.answered(LIMIT - this.use, LIMIT, this.at, this.at);
		this.check.ended(estimate, actual, this.at, this.at);
		this.at += apart;
	}

}

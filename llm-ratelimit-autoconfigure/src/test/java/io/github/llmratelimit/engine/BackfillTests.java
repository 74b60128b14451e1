package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.List;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.Priority;
import io.github.llmratelimit.engine.admission.Waiter;
import io.github.llmratelimit.engine.settings.QueueSettings;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for small calls that pass a large one while 900 of 1,000 tokens are taken.
 */
class BackfillTests extends PoolFixture {

	private static final Duration LATER = Duration.ofSeconds(40);

	BackfillTests() {
		this.limits = List.of(TOKENS);
		backfill(4);
	}

	private void backfill(int depth) {
		this.queue = new QueueSettings(1000, Duration.ofSeconds(30), depth, 0, 1);
	}

	private void spend() {
		ask(null, 900, LONG);
		at(LATER);
	}

	@Test
	void askWhenHeadStillStartsInTimePasses() {
		spend();
		Waiter head = ask(null, 800, LONG);
		Waiter small = ask(null, 100, LONG);
		assertThat(startOf(small)).isEqualTo(LATER);
		at(BACK);
		assertThat(startOf(head)).isEqualTo(BACK);
	}

	@Test
	void askWhenHeadWouldStartLaterDoesNotPass() {
		spend();
		Waiter head = ask(null, 950, LONG);
		Waiter small = ask(null, 100, LONG);
		assertThat(isWaiting(small)).isTrue();
		at(BACK);
		assertThat(startOf(head)).isEqualTo(BACK);
	}

	@Test
	void askWhenRealTokensCountHoldsTheMarginForWhatIsUncertainOnce() {
		this.booking = Booking.ACTUAL;
		this.limits = List.of(Limit.perMinute(Dimension.TOKENS, 1_000_000));
		for (int i = 0; i < 100; i++) {
			settle(ask(null, 10_000, LONG), (i % 2 == 0) ? 2_000 : 8_000);
		}
		at(LATER);
		ask(null, 150_000, LONG);
		assertThat(isWaiting(ask(null, 690_000, LONG))).isTrue();
		assertThat(startOf(ask(null, 10_000, LONG))).isEqualTo(LATER);
	}

	@Test
	void askWhenBackfillIsOffWaits() {
		backfill(0);
		spend();
		ask(null, 800, LONG);
		assertThat(isWaiting(ask(null, 100, LONG))).isTrue();
	}

	@Test
	void askWhenFartherBehindThanTheDepthWaits() {
		backfill(2);
		spend();
		ask(null, 800, LONG);
		ask(null, 800, LONG);
		ask(null, 800, LONG);
		assertThat(isWaiting(ask(null, 1, LONG))).isTrue();
	}

	@Test
	void askWhenAsFarBehindAsTheDepthPasses() {
		backfill(3);
		spend();
		ask(null, 800, LONG);
		ask(null, 800, LONG);
		ask(null, 800, LONG);
		assertThat(isGranted(ask(null, 1, LONG))).isTrue();
	}

	@Test
	void askWhenLessUrgentPassesToo() {
		spend();
		ask(null, Priority.HIGH, 800, LONG);
		assertThat(isGranted(ask(null, Priority.BATCH, 100, LONG))).isTrue();
	}

	@Test
	void askWhenItsTenantIsOverItsLimitDoesNotPass() {
		this.tenants = only("acme", concurrent(1));
		spend();
		ask("acme", 1, LONG);
		ask(null, 800, LONG);
		assertThat(isWaiting(ask("acme", 1, LONG))).isTrue();
	}

	@Test
	void askWhenHeadWaitsForTheEndOfACallDoesNotPass() {
		this.limits = List.of(TOKENS, concurrent(2));
		ask(null, 1, LONG);
		ask(null, 1, LONG);
		ask(null, 1, LONG);
		assertThat(isWaiting(ask(null, 1, LONG))).isTrue();
	}

	@Test
	void traceWhenRandomNeverDelaysTheHeadAndMissesNoChance() {
		int passed = 0;
		for (int seed = 0; seed < 150; seed++) {
			BackfillTrace trace = new BackfillTrace(seed);
			trace.run(60);
			passed += trace.passed();
		}
		assertThat(passed).isGreaterThan(500);
	}

}

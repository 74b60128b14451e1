package io.github.llmratelimit.engine.ledger;

import java.time.Duration;
import java.util.List;
import java.util.Random;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.CostRule;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.engine.settings.QueueSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what of a {@link Ledger} may be taken without delaying a call that is
 * forecast: compared with the forecast after it was taken.
 */
class SlackTests {

	private static final long START = Long.MAX_VALUE - Duration.ofSeconds(40).toNanos();

	private static final List<Limit> LIMITS = List.of(Limit.perMinute(Dimension.REQUESTS, 12),
			Limit.perMinute(Dimension.TOKENS, 1000),
			new Limit(Dimension.TOKENS, 400, Duration.ofSeconds(10), LimitOrigin.CONFIGURED));

	private Random random;

	private Ledger ledger;

	private long now;

	private int within;

	@ParameterizedTest
	@CsvSource({ "0, 1", "0, 0.8", "0.2, 1", "0.5, 1", "0.9, 1", "0.2, 0.5" })
	void isWithinWhenTrueDelaysNobody(double lowWatermark, double maxShare) {
		for (int seed = 0; seed < 300; seed++) {
			fill(seed, lowWatermark, maxShare);
			checkNextCalls(false);
		}
		assertThat(this.within).as("calls that could pass").isGreaterThan(50);
	}

	@Test
	void isWithinWhenFalseWouldDelay() {
		for (int seed = 0; seed < 300; seed++) {
			fill(seed, 0, 1);
			checkNextCalls(true);
		}
	}

	private void fill(int seed, double lowWatermark, double maxShare) {
		this.random = new Random(seed);
		this.now = START;
		this.ledger = new Ledger(LIMITS, new Tariff(CostRule.PLAIN, Booking.ESTIMATE), null,
				new QueueSettings(100, Duration.ZERO, 4, lowWatermark, maxShare), START);
		for (int i = 0; i < 40; i++) {
			Cost cost = Cost.ofTotal(this.random.nextInt(150));
			if (this.ledger.fits(cost)) {
				this.ledger.take(cost);
			}
			this.now += this.random.nextLong(Duration.ofSeconds(4).toNanos());
			this.ledger.advance(this.now);
		}
	}

	private void checkNextCalls(boolean exactly) {
		for (int i = 0; i < 20; i++) {
			Cost head = Cost.ofTotal(this.random.nextInt(400));
			Cost small = Cost.ofTotal(this.random.nextInt(200));
			if (this.ledger.fits(head) || !this.ledger.fits(small)) {
				continue;
			}
			long start = this.ledger.fitsAt(this.now, head);
			boolean isWithin = this.ledger.isWithin(this.ledger.slackAt(start, head), small);
			Ledger after = this.ledger.copy();
			after.take(small);
			long startAfter = after.fitsAt(this.now, head);
			if (isWithin) {
				this.within++;
				assertThat(startAfter - start).as("delay of %s by %s", head, small).isLessThanOrEqualTo(1000);
			}
			if (exactly) {
				assertThat(isWithin).as("%s passes %s", small, head).isEqualTo(startAfter - start <= 0);
			}
		}
	}

}

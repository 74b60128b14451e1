package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.Priority;
import io.github.llmratelimit.engine.admission.Waiter;
import io.github.llmratelimit.engine.settings.QueueSettings;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A tenant over its own limit is in nobody's way: everybody else is answered, and starts,
 * exactly as if it were not there.
 */
class TenantIsolationTests {

	@Test
	void traceWhenATenantIsOverItsLimitAnswersAllOthersAsWithoutIt() {
		for (int seed = 0; seed < 60; seed++) {
			assertThat(new World(seed, true).run()).as("seed %d", seed).isEqualTo(new World(seed, false).run());
		}
	}

	/** One life of a pool; twice the same but for the calls of one tenant. */
	private static final class World extends PoolFixture {

		private static final int OTHERS = 8;

		private final Random random;

		private final Random noise;

		private final boolean noisy;

		private final List<String> answers = new ArrayList<>();

		private final Waiter[] latest = new Waiter[OTHERS];

		World(long seed, boolean noisy) {
			this.random = new Random(seed);
			this.noise = new Random(seed);
			this.noisy = noisy;
			this.queue = new QueueSettings(1000, Duration.ofSeconds(20), (int) (seed % 5), 0, 1);
			Limit day = new Limit(Dimension.TOKENS, 100, Duration.ofDays(1), LimitOrigin.CONFIGURED);
			this.tenants = only("noisy", day);
		}

		List<String> run() {
			budget().keep(ask("noisy", 100, LONG).entry);
			for (int i = 0; i < 150; i++) {
				if (this.noisy) {
					Priority priority = Priority.values()[this.noise.nextInt(3)];
					ask("noisy", priority, Cost.ofTotal(this.noise.nextInt(100)), Duration.ofDays(30));
				}
				askAnother();
				this.time.advance(Duration.ofMillis(this.random.nextInt(3000)));
			}
			for (int i = 0; i < OTHERS; i++) {
				note(i);
			}
			return this.answers;
		}

		/** Each of the others makes one call at a time. */
		private void askAnother() {
			int tenant = this.random.nextInt(OTHERS);
			Priority priority = Priority.values()[tenant % 3];
			long tokens = this.random.nextInt(300);
			Duration maxWait = Duration.ofSeconds(this.random.nextInt(120));
			if (this.random.nextInt(6) == 0) {
				this.answers.add("took at once: " + tryTake("tenant " + tenant, tokens));
			}
			else if (this.latest[tenant] == null || !isWaiting(this.latest[tenant])) {
				note(tenant);
				this.latest[tenant] = ask("tenant " + tenant, priority, Cost.ofTotal(tokens), maxWait);
			}
			else if (this.random.nextInt(4) == 0) {
				budget().cancel(this.latest[tenant]);
				this.latest[tenant] = null;
			}
		}

		private void note(int tenant) {
			if (this.latest[tenant] != null) {
				this.answers.add(tenant + ": " + this.latest[tenant].answer());
				if (isGranted(this.latest[tenant])) {
					budget().keep(this.latest[tenant].entry);
				}
			}
		}

	}

}

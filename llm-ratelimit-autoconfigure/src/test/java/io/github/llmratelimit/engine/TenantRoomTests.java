package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LlmRateLimitExceededException.Reason;
import io.github.llmratelimit.engine.admission.Waiter;
import io.github.llmratelimit.engine.settings.QueueSettings;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the room that tenants over their own limits leave to others in the queue.
 */
class TenantRoomTests extends PoolFixture {

	private static final int CAPACITY = 10;

	TenantRoomTests() {
		this.queue = new QueueSettings(CAPACITY, Duration.ofSeconds(30), 0, 0, 1);
		this.tenants = each(Limit.perMinute(Dimension.TOKENS, 300));
	}

	@Test
	void askWhenTenantIsOverItsLimitFillsHalfOfTheQueue() {
		assertThat(queuedOf("acme", 300)).isEqualTo(5);
	}

	@Test
	void askWhenTenantHasFilledItsPartIsRefusedWithIt() {
		queuedOf("acme", 300);
		assertThat(refusal(ask("acme", 300, LONG))).satisfies((refusal) -> {
			assertThat(refusal.reason()).isEqualTo(Reason.QUEUE_FULL);
			assertThat(refusal.limit()).isEqualTo(5);
		});
	}

	@Test
	void askWhenSomebodyElseIsOverTheirLimitFillsHalfOfWhatIsLeft() {
		queuedOf("acme", 300);
		assertThat(queuedOf("zoo", 300)).isEqualTo(2);
	}

	@Test
	void askWhenManyTenantsAreOverTheirLimitsFindsRoom() {
		this.limits = List.of(Limit.perMinute(Dimension.TOKENS, 30_000));
		for (int i = 0; i < 100; i++) {
			queuedOf("tenant " + i, 300);
		}
		assertThat(isWaiting(ask(null, 300, LONG))).isTrue();
	}

	@Test
	void askWhenAnotherTenantIsOverItsLimitFillsTheRest() {
		spend();
		queuedOf("acme", 300);
		assertThat(waitingOf(null, 300)).isEqualTo(5);
		assertThat(refusal(ask(null, 300, LONG)).limit()).isEqualTo(CAPACITY);
	}

	@Test
	void askWhenItsOwnLimitsDoNotHoldItBackFillsTheQueue() {
		spend();
		assertThat(waitingOf("acme", 10)).isEqualTo(CAPACITY);
	}

	@Test
	void askWhenTenantMayHoldTwoFillsHalfOfTheQueueWithFurtherOnes() {
		this.tenants = each(concurrent(2));
		spend();
		assertThat(waitingOf("acme", 10)).isEqualTo(5);
	}

	@Test
	void askWhenTheQueueHoldsOneWaits() {
		this.queue = new QueueSettings(1, Duration.ofSeconds(30), 0, 0, 1);
		assertThat(queuedOf("acme", 300)).isEqualTo(1);
	}

	/** Lets nobody start. */
	private void spend() {
		assertThat(tryTake(null, 1000)).isTrue();
	}

	/** How many calls wait after the first, which its tenant's limits allow. */
	private int queuedOf(String tenant, long tokens) {
		ask(tenant, tokens, LONG);
		return waitingOf(tenant, tokens);
	}

	private int waitingOf(String tenant, long tokens) {
		List<Waiter> waiters = new ArrayList<>();
		for (int i = 0; i < 2 * CAPACITY; i++) {
			waiters.add(ask(tenant, tokens, LONG));
		}
		return (int) waiters.stream().filter(PoolFixture::isWaiting).count();
	}

}

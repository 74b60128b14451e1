package io.github.llmratelimit.engine.admission;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.CostRule;
import io.github.llmratelimit.Priority;
import io.github.llmratelimit.engine.admission.FairQueueOracle.LineKey;
import io.github.llmratelimit.engine.admission.Waiter.Asked;
import io.github.llmratelimit.engine.ledger.Tariff;
import io.github.llmratelimit.engine.settings.QueueSettings;
import io.github.llmratelimit.engine.settings.TenantPolicy;
import io.github.llmratelimit.engine.settings.TenantSettings;
import io.github.llmratelimit.time.Ticks;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A random life of one {@link FairQueue} beside its {@link FairQueueOracle}, on a clock
 * that overflows meanwhile.
 */
final class FairQueueTrace {

	private static final Map<String, Integer> WEIGHTS = Map.of("a", 1, "b", 1, "c", 3, "d", 10);

	private static final List<String> TENANTS = WEIGHTS.keySet().stream().sorted().toList();

	private static final int MOST_WAITING = 16;

	private static final Duration AGEING = Duration.ofSeconds(10);

	private final Random random;

	private final Duration ageing;

	private final Tenants tenants;

	private final FairQueue queue;

	private final FairQueueOracle oracle;

	private final List<Waiter> waiting = new ArrayList<>();

	private final List<Waiter> running = new ArrayList<>();

	/** Calls that may be made again. */
	private final List<Waiter> ended = new ArrayList<>();

	private long now = Long.MAX_VALUE - Duration.ofSeconds(30).toNanos();

	private long arrivals;

	/** How often somebody else than the first to arrive was next. */
	int reordered;

	FairQueueTrace(long seed) {
		this.random = new Random(seed);
		this.ageing = (seed % 5 == 0) ? Duration.ZERO : AGEING;
		Tariff tariff = new Tariff(CostRule.PLAIN, Booking.ESTIMATE);
		Map<String, TenantPolicy> policies = Map.of("c", new TenantPolicy(3, List.of()), "d",
				new TenantPolicy(10, List.of()));
		this.tenants = new Tenants(new TenantSettings(TenantPolicy.FAIR, policies), tariff);
		this.queue = new FairQueue(this.tenants, tariff, this.ageing);
		this.oracle = new FairQueueOracle(WEIGHTS, this.ageing.toNanos());
	}

	void run(int steps) {
		for (int i = 0; i < steps; i++) {
			step();
			check();
		}
		List.copyOf(this.waiting).forEach(this::remove);
		List.copyOf(this.running).forEach(this::end);
		check();
	}

	private void step() {
		switch (this.random.nextInt(12)) {
			case 0, 1, 2, 3, 4 -> addAny();
			case 5 -> any(this.waiting, this::remove);
			case 6, 7, 8 -> startHead();
			case 9 -> any(this.running, this::end);
			case 10 -> blockOrRelease();
			default -> passTime();
		}
	}

	private void addAny() {
		if (this.waiting.size() >= MOST_WAITING) {
			return;
		}
		if (this.random.nextInt(5) == 0) {
			repeat();
		}
		else {
			add(newcomer());
		}
	}

	private Waiter newcomer() {
		String tenant = (this.random.nextInt(4) == 0) ? null : TENANTS.get(this.random.nextInt(TENANTS.size()));
		Priority priority = Priority.values()[this.random.nextInt(3)];
		return waiter(tenant, priority, false, ++this.arrivals, this.now);
	}

	/** A call that had been admitted; some of them without ever having waited. */
	private void repeat() {
		if (this.ended.isEmpty() || this.random.nextInt(3) == 0) {
			add(waiter("a", Priority.NORMAL, true, 0, this.now - upTo(AGEING)));
			return;
		}
		Waiter first = this.ended.remove(this.random.nextInt(this.ended.size()));
		long since = this.now - (long) ((this.now - first.sinceNanos()) * this.random.nextDouble());
		add(waiter(first.asked.tenant(), first.asked.priority(), true, first.arrival, since));
	}

	private Waiter waiter(String tenant, Priority priority, boolean repeated, long arrival, long since) {
		Cost cost = Cost.ofTotal((this.random.nextInt(8) == 0) ? 0 : this.random.nextInt(1000));
		long maxWait = Duration.ofMinutes(10).toNanos();
		return new Waiter(new Asked("model", cost, priority, tenant, maxWait), repeated, arrival, since + maxWait,
				() -> {
				});
	}

	private void add(Waiter waiter) {
		if (!waiter.repeated && this.queue.isInArrivalOrderFor(waiter)) {
			List<Waiter> expected = this.oracle.freeInArrivalOrder();
			expected.add(waiter);
			assertThat(names(this.oracle.orderWith(waiter, this.now))).as("order that is said to be that of arrival")
				.isEqualTo(names(expected));
		}
		this.waiting.add(waiter);
		this.queue.add(waiter, this.now);
		this.oracle.add(waiter);
	}

	private void remove(Waiter waiter) {
		this.waiting.remove(waiter);
		this.queue.remove(waiter, this.now);
		this.oracle.remove(waiter);
	}

	private void startHead() {
		Waiter head = this.queue.head(this.now);
		if (head != null) {
			if (head != this.oracle.inArrivalOrder().get(0)) {
				this.reordered++;
			}
			this.waiting.remove(head);
			this.running.add(head);
			this.queue.started(head, this.now);
			this.oracle.started(head);
		}
	}

	private void end(Waiter waiter) {
		this.running.remove(waiter);
		this.queue.ended(this.tenants.known(waiter.asked.tenant()), this.now);
		this.oracle.ended(waiter.asked.tenant());
		if (waiter.arrival > 0) {
			this.ended.add(waiter);
		}
	}

	private void blockOrRelease() {
		Waiter head = this.queue.head(this.now);
		if (this.random.nextBoolean() && head != null) {
			long until = this.now + (this.random.nextInt(3) == 0 ? Ticks.FOREVER_NANOS : upTo(AGEING));
			this.queue.heldBack().add(head.line, until);
			this.oracle.block(LineKey.of(head), until);
		}
		else {
			String tenant = TENANTS.get(this.random.nextInt(TENANTS.size()));
			if (this.tenants.known(tenant) != null) {
				this.queue.heldBack().release(this.tenants.known(tenant));
			}
			this.oracle.release(tenant);
		}
	}

	private void passTime() {
		long ageing = this.queue.nextAgeing(this.now) - this.now;
		boolean exactly = this.random.nextBoolean() && ageing < Ticks.FOREVER_NANOS;
		this.now += exactly ? ageing - this.random.nextInt(2) : upTo(AGEING);
		this.queue.heldBack().releaseDue(this.now);
		this.oracle.releaseDue(this.now);
	}

	private long upTo(Duration most) {
		return (long) (most.toNanos() * this.random.nextDouble());
	}

	private static List<String> names(List<Waiter> waiters) {
		return waiters.stream()
			.map((waiter) -> "%d%s of %s (%s)".formatted(waiter.arrival, waiter.repeated ? " again" : "",
					waiter.asked.tenant(), waiter.asked.priority()))
			.toList();
	}

	private <T> void any(List<T> list, Consumer<T> action) {
		if (!list.isEmpty()) {
			action.accept(list.get(this.random.nextInt(list.size())));
		}
	}

	private void check() {
		assertThat(this.queue.size()).isEqualTo(this.oracle.size());
		assertThat(this.queue.isEmpty()).isEqualTo(this.oracle.size() == 0);
		for (Priority priority : Priority.values()) {
			assertThat(this.queue.sizeByPriority().get(priority)).as("%s calls", priority)
				.isEqualTo((int) this.oracle.size(priority));
		}
		assertThat(this.queue.head(this.now)).as("head").isSameAs(this.oracle.head(this.now));
		List<Waiter> order = this.oracle.order(this.now);
		int most = 1 + this.random.nextInt(QueueSettings.DEEPEST_BACKFILL);
		assertThat(names(this.queue.behindHead(most, this.now))).as("next %d", most)
			.isEqualTo(names(order.subList(Math.min(1, order.size()), Math.min(1 + most, order.size()))));
		assertThat(this.queue.inArrivalOrder()).isEqualTo(this.oracle.inArrivalOrder());
		assertThat(this.queue.freeInArrivalOrder()).isEqualTo(this.oracle.freeInArrivalOrder());
		assertThat(this.queue.nextAgeing(this.now)).as("next ageing").isEqualTo(this.oracle.nextAgeing(this.now));
		long release = this.oracle.blocked()
			.values()
			.stream()
			.reduce(Ticks::earliest)
			.orElse(this.now + Ticks.FOREVER_NANOS);
		assertThat(this.queue.heldBack().nextRelease(this.now)).as("next release").isEqualTo(release);
		long known = this.tenants.known() + (this.tenants.known((String) null).isActive() ? 1 : 0);
		assertThat(known).as("tenants remembered").isEqualTo(this.oracle.activeTenants());
	}

}

package io.github.llmratelimit.engine.admission;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.llmratelimit.Priority;
import io.github.llmratelimit.time.Ticks;

/**
 * The order of {@link FairQueue} as its design note states it, looked up anew each time
 * among all that wait. Slow and obviously right.
 */
final class FairQueueOracle {

	private static final Comparator<Waiter> BY_ARRIVAL = Comparator.comparing((Waiter waiter) -> !waiter.repeated)
		.thenComparingLong((waiter) -> waiter.arrival);

	private final Map<String, Integer> weights;

	private final long ageingNanos;

	/** All that wait; among equal arrivals of one line in the order of coming. */
	private final List<Waiter> waiting = new ArrayList<>();

	/** Tenants with something queued or in flight. */
	private final Map<String, Account> active = new HashMap<>();

	/** Lines that are held back, by tenant and priority. */
	private final Map<LineKey, Long> blocked = new HashMap<>();

	private double virtualTime;

	FairQueueOracle(Map<String, Integer> weights, long ageingNanos) {
		this.weights = weights;
		this.ageingNanos = ageingNanos;
	}

	private FairQueueOracle(FairQueueOracle other) {
		this(other.weights, other.ageingNanos);
		this.waiting.addAll(other.waiting);
		other.active.forEach((tenant, account) -> this.active.put(tenant, account.copy()));
		this.blocked.putAll(other.blocked);
		this.virtualTime = other.virtualTime;
	}

	int size() {
		return this.waiting.size();
	}

	int activeTenants() {
		return this.active.size();
	}

	Map<LineKey, Long> blocked() {
		return this.blocked;
	}

	long size(Priority priority) {
		return this.waiting.stream().filter((waiter) -> waiter.asked.priority() == priority).count();
	}

	void add(Waiter waiter) {
		Account account = activate(waiter.asked.tenant());
		if (account.queued == 0) {
			account.virtualTime = Math.max(account.virtualTime, this.virtualTime);
		}
		account.queued++;
		Waiter first = first(LineKey.of(waiter));
		this.waiting.add(waiter);
		releaseIfFirstChanged(LineKey.of(waiter), first);
	}

	void remove(Waiter waiter) {
		Waiter first = first(LineKey.of(waiter));
		this.waiting.remove(waiter);
		releaseIfFirstChanged(LineKey.of(waiter), first);
		this.active.get(name(waiter)).queued--;
		forgetIdle();
	}

	void started(Waiter waiter) {
		Account account = this.active.get(name(waiter));
		account.inFlight++;
		this.virtualTime += tokens(waiter) / activeWeight();
		remove(waiter);
		account.virtualTime += tokens(waiter) / account.weight;
	}

	void startedAtOnce(String tenant) {
		activate(tenant).inFlight++;
	}

	void ended(String tenant) {
		this.active.get(String.valueOf(tenant)).inFlight--;
		forgetIdle();
	}

	private Account activate(String tenant) {
		return this.active.computeIfAbsent(String.valueOf(tenant),
				(name) -> new Account(this.weights.getOrDefault(name, 1), this.virtualTime));
	}

	private void forgetIdle() {
		this.active.values().removeIf((account) -> account.queued == 0 && account.inFlight == 0);
		this.virtualTime = this.active.isEmpty() ? 0 : this.virtualTime;
	}

	private long activeWeight() {
		return this.active.values().stream().mapToLong((account) -> account.weight).sum();
	}

	void block(LineKey line, long untilNanos) {
		this.blocked.put(line, untilNanos);
	}

	void release(String tenant) {
		this.blocked.keySet().removeIf((line) -> line.tenant().equals(tenant));
	}

	void releaseDue(long nowNanos) {
		this.blocked.values().removeIf((until) -> until - nowNanos <= 0);
	}

	private void releaseIfFirstChanged(LineKey line, Waiter before) {
		if (first(line) != before) {
			this.blocked.remove(line);
		}
	}

	/** The first call of a line, {@code null} if nobody stands in it. */
	Waiter first(LineKey line) {
		return this.waiting.stream().filter((waiter) -> LineKey.of(waiter).equals(line)).min(BY_ARRIVAL).orElse(null);
	}

	/** The lines in which somebody stands who may start, each by its first call. */
	private List<Waiter> firsts() {
		Map<LineKey, Waiter> firsts = new LinkedHashMap<>();
		for (Waiter waiter : this.waiting) {
			LineKey line = LineKey.of(waiter);
			if (!this.blocked.containsKey(line)) {
				firsts.putIfAbsent(line, first(line));
			}
		}
		return List.copyOf(firsts.values());
	}

	Waiter head(long nowNanos) {
		return head(levels(nowNanos));
	}

	private Map<Priority, Integer> levels(long nowNanos) {
		Map<Priority, Integer> levels = new HashMap<>();
		for (Priority priority : Priority.values()) {
			levels.put(priority, level(priority, nowNanos));
		}
		return levels;
	}

	private Waiter head(Map<Priority, Integer> levels) {
		Comparator<Waiter> order = Comparator.<Waiter>comparingInt((waiter) -> levels.get(waiter.asked.priority()))
			.thenComparing((waiter) -> !waiter.repeated)
			.thenComparingDouble((waiter) -> waiter.repeated ? 0 : this.active.get(name(waiter)).virtualTime)
			.thenComparingLong((waiter) -> waiter.arrival);
		return firsts().stream().min(order).orElse(null);
	}

	/** One class up for each ageing time that the oldest call has waited. */
	private int level(Priority priority, long nowNanos) {
		Waiter oldest = oldest(priority);
		if (oldest == null || this.ageingNanos == 0) {
			return priority.ordinal();
		}
		long steps = Math.max(0, (nowNanos - oldest.sinceNanos()) / this.ageingNanos);
		return (int) Math.max(0, priority.ordinal() - steps);
	}

	private Waiter oldest(Priority priority) {
		Waiter oldest = null;
		for (Waiter waiter : this.waiting) {
			boolean mayStart = waiter.asked.priority() == priority && !this.blocked.containsKey(LineKey.of(waiter));
			if (mayStart && (oldest == null || waiter.sinceNanos() - oldest.sinceNanos() < 0)) {
				oldest = waiter;
			}
		}
		return oldest;
	}

	/** When a class next rises, if there is another one to rise above. */
	long nextAgeing(long nowNanos) {
		long next = nowNanos + Ticks.FOREVER_NANOS;
		for (Priority priority : Priority.values()) {
			boolean alone = firsts().stream().allMatch((waiter) -> waiter.asked.priority() == priority);
			Waiter oldest = oldest(priority);
			int level = level(priority, nowNanos);
			if (!alone && oldest != null && level > 0 && this.ageingNanos > 0) {
				long steps = 1 + priority.ordinal() - level;
				next = Ticks.earliest(next, oldest.sinceNanos() + steps * this.ageingNanos);
			}
		}
		return next;
	}

	/**
	 * All that may start, in order, as if each had started at once; classes stay as old.
	 */
	List<Waiter> order(long nowNanos) {
		FairQueueOracle copy = new FairQueueOracle(this);
		List<Waiter> order = new ArrayList<>();
		Map<Priority, Integer> levels = levels(nowNanos);
		for (Waiter head = copy.head(levels); head != null; head = copy.head(levels)) {
			order.add(head);
			copy.waiting.remove(head);
			Account account = copy.active.get(name(head));
			account.virtualTime += tokens(head) / account.weight;
		}
		return order;
	}

	/** The same if a newcomer had been let in. */
	List<Waiter> orderWith(Waiter newcomer, long nowNanos) {
		FairQueueOracle copy = new FairQueueOracle(this);
		copy.add(newcomer);
		return copy.order(nowNanos);
	}

	/** All that wait: repeated calls first, each kind by arrival. */
	List<Waiter> inArrivalOrder() {
		List<Waiter> order = new ArrayList<>(this.waiting);
		order.sort(BY_ARRIVAL);
		return order;
	}

	/** The same without those whose lines are held back. */
	List<Waiter> freeInArrivalOrder() {
		List<Waiter> free = inArrivalOrder();
		free.removeIf((waiter) -> this.blocked.containsKey(LineKey.of(waiter)));
		return free;
	}

	private static double tokens(Waiter waiter) {
		return Math.max(1, waiter.cost().totalTokens());
	}

	private static String name(Waiter waiter) {
		return String.valueOf(waiter.asked.tenant());
	}

	/**
	 * Names a line.
	 *
	 * @param tenant its tenant
	 * @param priority its class
	 */
	record LineKey(String tenant, Priority priority) {

		static LineKey of(Waiter waiter) {
			return new LineKey(name(waiter), waiter.asked.priority());
		}

	}

	private static final class Account {

		private final int weight;

		private double virtualTime;

		private int queued;

		private int inFlight;

		Account(int weight, double virtualTime) {
			this.weight = weight;
			this.virtualTime = virtualTime;
		}

		Account copy() {
			Account copy = new Account(this.weight, this.virtualTime);
			copy.queued = this.queued;
			copy.inFlight = this.inFlight;
			return copy;
		}

	}

}

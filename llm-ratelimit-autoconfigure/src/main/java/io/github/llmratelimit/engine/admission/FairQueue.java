package io.github.llmratelimit.engine.admission;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Priority;
import io.github.llmratelimit.engine.ledger.Tariff;
import io.github.llmratelimit.time.Ticks;
import org.jspecify.annotations.Nullable;

/**
 * Waiting calls in the order in which they are to start.
 */
final class FairQueue {

	/*
	 * Urgency, then fairness between tenants, then arrival
	 *
	 * Problem. One tenant with a thousand calls must not make the others wait for all of
	 * them; urgent calls go first, and yet nobody may starve.
	 *
	 * Simple schemes: arrival order alone (in simulation, with one tenant offering 60 %
	 * of a load of 1.3 times the limit, the p99 wait of the 199 others is 256 s); strict
	 * priority (a batch call waits for as long as anybody more urgent comes, in
	 * simulation up to 9,040 s); promoting each call that is old enough (under a long
	 * backlog of one tenant all of its calls get promoted, and go before the fresh calls
	 * of the others).
	 *
	 * Chosen. Every tenant has a line per class, in the order of arrival. Within a class
	 * the tenant goes first that was granted the fewest tokens by its weight: its virtual
	 * time, which starts at that of the queue when the tenant comes and is forgotten when
	 * it has nothing queued or in flight. (Remembered longer, it doubles the p99 wait of
	 * tenants with one call at a time, who get the order of arrival this way.) The
	 * virtual time of the queue advances by what is granted over the weights of all who
	 * are active: with a frozen clock newcomers would always go before a tenant that has
	 * had something. Containment as above: p99 of the others 22 s.
	 *
	 * A class ages as a whole: one level up for each ageing time that its oldest call has
	 * waited. It has then earned its turns; which of its tenants takes them is decided as
	 * ever. Two classes of one level go by virtual time and arrival too. Nothing moves
	 * when a class ages, so 100,000 waiting calls cost nothing while they wait.
	 *
	 * A tenant that its own limits hold back is set aside until they allow its first
	 * call, and in nobody's way. All steps are O(log n) in the number of tenants that
	 * wait.
	 */

	private static final int CLASSES = Priority.values().length;

	private final PriorityClass[] classes = new PriorityClass[CLASSES];

	private final HeldBack heldBack = new HeldBack(this.classes);

	private final Tenants tenants;

	private final Tariff tariff;

	private final long ageingNanos;

	private int size;

	/** Virtual time: tokens that a tenant of weight 1 that never pauses was granted. */
	private double virtualTime;

	/** Weights of all tenants that have something queued or in flight. */
	private long activeWeight;

	FairQueue(Tenants tenants, Tariff tariff, Duration ageing) {
		this.tenants = tenants;
		this.tariff = tariff;
		this.ageingNanos = Ticks.nanos(ageing);
		for (int i = 0; i < CLASSES; i++) {
			this.classes[i] = new PriorityClass();
		}
	}

	/** A copy with copies of all that wait, whose tenants are copied too. */
	FairQueue(FairQueue original, Tenants tenants, long nowNanos) {
		this.tenants = tenants;
		this.tariff = original.tariff;
		this.ageingNanos = original.ageingNanos;
		for (int i = 0; i < CLASSES; i++) {
			this.classes[i] = new PriorityClass();
		}
		this.virtualTime = original.virtualTime;
		this.activeWeight = original.activeWeight;
		for (Waiter waiter : original.inArrivalOrder()) {
			Waiter copy = waiter.copy();
			enqueue(copy, tenants.find(copy.asked.tenant(), nowNanos));
		}
		for (Line line : original.heldBack.lines()) {
			Line copy = tenants.find(line.tenant.name, nowNanos).lines[line.priority];
			if (copy != null) {
				this.heldBack.add(copy, line.blockedUntilNanos);
			}
		}
	}

	boolean isEmpty() {
		return this.size == 0;
	}

	int size() {
		return this.size;
	}

	/** Lines that their tenants' own limits hold back. */
	HeldBack heldBack() {
		return this.heldBack;
	}

	Map<Priority, Integer> sizeByPriority() {
		Map<Priority, Integer> sizes = new EnumMap<>(Priority.class);
		for (Priority priority : Priority.values()) {
			sizes.put(priority, this.classes[priority.ordinal()].size());
		}
		return sizes;
	}

	void add(Waiter waiter, long nowNanos) {
		Tenant tenant = this.tenants.find(waiter.asked.tenant(), nowNanos);
		activate(tenant);
		if (tenant.queued == 0) {
			tenant.virtualTime = Math.max(tenant.virtualTime, this.virtualTime);
		}
		enqueue(waiter, tenant);
	}

	private void enqueue(Waiter waiter, Tenant tenant) {
		tenant.queued++;
		this.size++;
		waiter.queued = true;
		int priority = waiter.asked.priority().ordinal();
		Line line = tenant.lines[priority];
		if (line == null) {
			line = new Line(tenant, priority, this.tariff);
			tenant.lines[priority] = line;
		}
		waiter.line = line;
		this.classes[priority].add(line, waiter);
		if (line.blocked && line.first() == waiter) {
			this.heldBack.firstChanged(line);
		}
	}

	void remove(Waiter waiter, long nowNanos) {
		Line line = waiter.line;
		if (!waiter.queued || line == null) {
			return;
		}
		waiter.queued = false;
		waiter.line = null;
		boolean wasFirst = line.first() == waiter;
		this.classes[line.priority].remove(line, waiter);
		if (line.blocked && wasFirst) {
			this.heldBack.firstChanged(line);
		}
		Tenant tenant = line.tenant;
		if (line.size() == 0) {
			tenant.lines[line.priority] = null;
		}
		tenant.queued--;
		this.size--;
		passivate(tenant, nowNanos);
	}

	/** A call is granted that waited: its tenant has had its turn. */
	void started(Waiter waiter, long nowNanos) {
		Line line = waiter.line;
		if (line == null) {
			return;
		}
		Tenant tenant = line.tenant;
		waiter.entry.countedBy(tenant);
		tenant.inFlight++;
		double tokens = tokens(waiter);
		this.virtualTime += tokens / this.activeWeight;
		remove(waiter, nowNanos);
		tenant.virtualTime += tokens / tenant.weight;
		for (Line other : tenant.lines) {
			if (other != null && !other.blocked) {
				this.classes[other.priority].hadTurn(other);
			}
		}
	}

	/** A call is granted that did not wait, of a tenant that counts its calls. */
	void startedAtOnce(Tenant tenant, Entry entry) {
		activate(tenant);
		entry.countedBy(tenant);
		tenant.inFlight++;
	}

	/** A counted call has ended. */
	void ended(Tenant tenant, long nowNanos) {
		tenant.inFlight--;
		passivate(tenant, nowNanos);
	}

	private void activate(Tenant tenant) {
		if (!tenant.isActive()) {
			tenant.virtualTime = this.virtualTime;
			this.activeWeight += tenant.weight;
		}
	}

	private void passivate(Tenant tenant, long nowNanos) {
		if (!tenant.isActive()) {
			this.activeWeight -= tenant.weight;
			this.virtualTime = (this.activeWeight == 0) ? 0 : this.virtualTime;
			this.tenants.becameIdle(tenant, nowNanos);
		}
	}

	private double tokens(Waiter waiter) {
		return Math.max(1, this.tariff.estimate(waiter.cost(), Dimension.TOKENS));
	}

	private void pretend(Tenant tenant, double newVirtualTime) {
		tenant.virtualTime = newVirtualTime;
		for (Line line : tenant.lines) {
			if (line != null && line.size() > 0 && !line.blocked) {
				this.classes[line.priority].moved(line);
			}
		}
	}

	/** The call that is next, leaving out tenants whose own limits hold them back. */
	@Nullable Waiter head(long nowNanos) {
		return first(levels(nowNanos));
	}

	private int[] levels(long nowNanos) {
		int[] levels = new int[CLASSES];
		for (int i = 0; i < CLASSES; i++) {
			levels[i] = level(i, nowNanos);
		}
		return levels;
	}

	private @Nullable Waiter first(int[] levels) {
		Line best = null;
		int bestLevel = CLASSES;
		for (int i = 0; i < CLASSES; i++) {
			Line first = this.classes[i].first();
			int level = levels[i];
			if (first != null && (best == null || level < bestLevel || (level == bestLevel && first.isBefore(best)))) {
				best = first;
				bestLevel = level;
			}
		}
		return (best != null) ? best.first() : null;
	}

	private int level(int priority, long nowNanos) {
		Line oldest = this.classes[priority].oldest();
		if (this.ageingNanos == 0 || oldest == null) {
			return priority;
		}
		long aged = (nowNanos - oldest.sinceNanos()) / this.ageingNanos;
		return (int) Math.max(0, priority - Math.max(0, aged));
	}

	/** When a class next rises by age, if that can change who is next. */
	long nextAgeing(long nowNanos) {
		long next = nowNanos + Ticks.FOREVER_NANOS;
		for (int i = 1; i < CLASSES && this.ageingNanos > 0; i++) {
			Line oldest = this.classes[i].oldest();
			int level = level(i, nowNanos);
			if (oldest != null && level > 0 && this.classes[i].free() < free()) {
				next = Ticks.earliest(next, oldest.sinceNanos() + (i - level + 1) * this.ageingNanos);
			}
		}
		return next;
	}

	/**
	 * The calls that are next behind the first, each as if those before it had started;
	 * classes stay as old as they are, so that who is next changes only as they age. They
	 * are taken out and put back, so this costs O(log n) for each.
	 */
	List<Waiter> behindHead(int most, long nowNanos) {
		List<Waiter> passed = new ArrayList<>(most + 1);
		double[] virtualTimes = new double[most + 1];
		int[] levels = levels(nowNanos);
		for (Waiter next = first(levels); next != null && next.line != null; next = first(levels)) {
			virtualTimes[passed.size()] = next.line.tenant.virtualTime;
			passed.add(next);
			if (passed.size() > most) {
				break;
			}
			this.classes[next.line.priority].remove(next.line, next);
			pretend(next.line.tenant, next.line.tenant.virtualTime + tokens(next) / next.line.tenant.weight);
		}
		return putBack(passed, virtualTimes, most);
	}

	private List<Waiter> putBack(List<Waiter> passed, double[] virtualTimes, int most) {
		for (int i = Math.min(passed.size(), most) - 1; i >= 0; i--) {
			Waiter waiter = passed.get(i);
			if (waiter.line != null) {
				pretend(waiter.line.tenant, virtualTimes[i]);
				this.classes[waiter.line.priority].putBack(waiter.line, waiter);
			}
		}
		return passed.isEmpty() ? passed : passed.subList(1, passed.size());
	}

	/** All that are not held back by their tenants' own limits, by their arrival. */
	List<Waiter> freeInArrivalOrder() {
		List<Waiter> free = new ArrayList<>(this.size);
		for (PriorityClass each : this.classes) {
			each.addTo(free);
		}
		free.sort(Waiter.ARRIVAL);
		return free;
	}

	/** All that wait, in the order of their arrival. */
	List<Waiter> inArrivalOrder() {
		List<Waiter> all = freeInArrivalOrder();
		this.heldBack.addTo(all);
		all.sort(Waiter.ARRIVAL);
		return all;
	}

	/** How many are not held back by their tenants' own limits. */
	private int free() {
		int free = 0;
		for (PriorityClass each : this.classes) {
			free += each.free();
		}
		return free;
	}

	/**
	 * Whether nobody stands before a newcomer: those who are held back by their own
	 * limits are in the way of their own tenant only.
	 */
	boolean isFreeFor(@Nullable String tenant, long nowNanos) {
		if (this.size == 0) {
			return true;
		}
		Tenant known = this.tenants.known(tenant);
		return free() == 0 && this.heldBack.nextRelease(nowNanos) - nowNanos > 0
				&& (known == null || known.queued == 0);
	}

	/**
	 * Whether the queue is as simple as can be for a newcomer: it would be the last of
	 * all that may start, and those before it start in the order of their arrival.
	 */
	boolean isInArrivalOrderFor(Waiter newcomer) {
		int priority = newcomer.asked.priority().ordinal();
		Tenant tenant = this.tenants.known(newcomer.asked.tenant());
		Line line = (tenant != null) ? tenant.lines[priority] : null;
		return this.classes[priority].free() == free()
				&& this.classes[priority].isInArrivalOrderFor(line, turn(tenant));
	}

	/** The virtual time at which a newcomer of a tenant would stand. */
	private double turn(@Nullable Tenant tenant) {
		if (tenant == null || !tenant.isActive()) {
			return this.virtualTime;
		}
		return (tenant.queued > 0) ? tenant.virtualTime : Math.max(tenant.virtualTime, this.virtualTime);
	}

	/**
	 * What will be granted before a newcomer, by dimension, estimated in a few dozen
	 * steps: all of the classes above, and of its own class what others get before it is
	 * its tenant's turn.
	 */
	long[] ahead(Waiter newcomer, long nowNanos) {
		int priority = newcomer.asked.priority().ordinal();
		Tenant tenant = this.tenants.known(newcomer.asked.tenant());
		long[] ahead = new long[Dimension.values().length];
		for (int i = 0; i < CLASSES; i++) {
			if (i != priority && level(i, nowNanos) < level(priority, nowNanos)) {
				this.classes[i].addAll(ahead);
			}
		}
		double turn = turn(tenant);
		Line own = (tenant != null) ? tenant.lines[priority] : null;
		if (own != null) {
			PriorityClass.add(ahead, own.amounts, 1);
			turn += (double) own.amounts[Dimension.TOKENS.ordinal()] / own.tenant.weight;
		}
		this.classes[priority].addBefore(turn, own, ahead);
		return ahead;
	}

}

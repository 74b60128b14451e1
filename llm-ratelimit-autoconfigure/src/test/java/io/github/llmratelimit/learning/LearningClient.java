package io.github.llmratelimit.learning;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * A client with a backlog, an exact ledger, and what is tested beside it, against a
 * {@link StrictProvider}, in virtual time. Answers tell what remained when their request
 * arrived, and come when the call ends.
 */
final class LearningClient {

	static final long MILLI = 1_000_000L;

	static final long WINDOW = 10_000 * MILLI;

	static final long JITTER = 60 * MILLI;

	private static final long STEP = 10 * MILLI;

	/** The clock of what is tested overflows half a minute after the start. */
	static final long ORIGIN = Long.MAX_VALUE - 30_000 * MILLI;

	private final PriorityQueue<Event> events = new PriorityQueue<>(
			Comparator.comparingLong(Event::at).thenComparingLong(Event::number));

	private final Deque<Call> ledger = new ArrayDeque<>();

	private final StrictProvider provider;

	private final Random random;

	final long believedLimit;

	final AdmissionLog log;

	final Credit credit;

	final RemainingCap cap = new RemainingCap(1);

	boolean usesCredit;

	boolean usesCap;

	/** If set, decides instead of the single parts. */
	WindowLearning learning;

	boolean tellsLimit;

	boolean usesPace;

	final RestartPace pace = new RestartPace();

	final BookingCheck check;

	/** The provider counts what was used, when the call ends, and so does the ledger. */
	boolean countsActual;

	/** Provider counts between this and all of our cost. */
	double leastCounted = 1;

	boolean settles;

	/** Share of the true limit that somebody else sends. */
	double foreign;

	int callers = 60;

	long now;

	private long number;

	private long ledgerSum;

	private int inFlight;

	private long inFlightCost;

	private long nextCost;

	private long pausedUntil;

	long admitted;

	long sent;

	long refused;

	long refusedAfterStart;

	long byCreditOnly;

	long capActive;

	long steps;

	LearningClient(StrictProvider provider, long believedLimit, long guard, long seed) {
		this.provider = provider;
		this.believedLimit = believedLimit;
		this.random = new Random(seed);
		this.log = new AdmissionLog(guard, ORIGIN - guard);
		this.credit = new Credit(this.log, WINDOW, guard);
		this.check = new BookingCheck(this.log, WINDOW, guard, ORIGIN);
		this.nextCost = cost();
	}

	private long cost() {
		long cost = (long) (this.provider.limit * 0.01 * Math.exp(this.random.nextGaussian()));
		return Math.max(1, Math.min(cost, this.provider.limit / 5));
	}

	/** Runs for so many windows. */
	LearningClient run(int windows) {
		for (; this.now < windows * WINDOW; this.now += STEP) {
			long step = this.now;
			while (!this.events.isEmpty() && this.events.peek().at() <= step) {
				this.now = this.events.peek().at();
				this.events.poll().action().run();
			}
			this.now = step;
			this.steps++;
			this.capActive += this.cap.isActive(this.believedLimit, ticks()) ? 1 : 0;
			othersSend();
			admit();
		}
		return this;
	}

	long ticks() {
		return ORIGIN + this.now;
	}

	private void othersSend() {
		if (this.foreign > 0 && this.now % (200 * MILLI) == 0) {
			this.provider.arrives(this.now, (long) (this.foreign * this.provider.limit * 200 * MILLI / WINDOW));
		}
	}

	private void admit() {
		while (!this.ledger.isEmpty() && this.ledger.peekFirst().stampedAt <= this.now - WINDOW - JITTER) {
			this.ledgerSum -= this.ledger.removeFirst().booked;
		}
		while (this.inFlight < this.callers && this.now >= this.pausedUntil) {
			boolean fits = this.ledgerSum + this.nextCost <= amount();
			if (this.usesPace && this.pace.startsAt(ticks()) != ticks()) {
				return;
			}
			if (!fits && this.nextCost > credit()) {
				return;
			}
			this.byCreditOnly += fits ? 0 : 1;
			send(this.nextCost);
			this.nextCost = cost();
		}
	}

	private long amount() {
		if (this.learning != null) {
			return this.learning.amount(ticks());
		}
		return this.usesCap ? this.cap.amount(this.believedLimit, ticks()) : this.believedLimit;
	}

	private long credit() {
		if (this.learning != null) {
			return this.learning.credit(ticks());
		}
		return this.usesCredit ? this.credit.available(ticks()) : 0;
	}

	private void send(long cost) {
		Call call = new Call();
		call.cost = cost;
		call.booked = cost;
		call.sentAt = this.now;
		call.stampedAt = this.now;
		this.log.admitted(cost, ticks());
		if (this.learning != null) {
			this.learning.admitted(cost, ticks());
		}
		this.check.admitted(cost, ticks());
		this.pace.started(cost);
		this.ledger.addLast(call);
		this.ledgerSum += cost;
		call.takenWhenSent = this.ledgerSum;
		call.othersInFlight = this.inFlightCost;
		this.inFlight++;
		this.inFlightCost += cost;
		this.sent++;
		double counted = this.leastCounted + (1 - this.leastCounted) * this.random.nextDouble();
		call.counted = Math.max(1, (long) (cost * counted));
		call.actual = Math.max(1, (long) (call.counted / (1 + 2 * this.random.nextDouble())));
		at(oneWay(), () -> arrives(call));
	}

	private void arrives(Call call) {
		call.arrivedAt = this.now;
		call.accepted = this.provider.arrives(this.now, this.countsActual ? 0 : call.counted);
		call.remaining = this.provider.remaining(this.now);
		long takes = call.accepted ? (100 + this.random.nextInt(4_000)) * MILLI : MILLI;
		at(takes, () -> {
			if (call.accepted && this.settles) {
				this.provider.giveBack(call.arrivedAt, this.now, call.counted - call.actual);
			}
			if (call.accepted && this.countsActual) {
				this.provider.take(this.now, call.actual);
			}
			at(oneWay(), () -> answered(call));
		});
	}

	private void answered(Call call) {
		this.inFlight--;
		this.inFlightCost -= call.cost;
		learn(call);
		if (!call.accepted) {
			this.refused++;
			this.refusedAfterStart += (this.now > 3 * WINDOW) ? 1 : 0;
			this.cap.answered(call.remaining, call.takenWhenSent - call.cost, 0, ticks());
			this.pausedUntil = this.now + WINDOW / 10;
			this.pace.resume(this.believedLimit, WINDOW, ORIGIN + this.pausedUntil);
			return;
		}
		this.admitted += call.counted;
		if (this.settles && call.sentAt > this.now - WINDOW - JITTER) {
			this.ledgerSum -= call.booked - call.actual;
			call.booked = call.actual;
		}
		if (this.countsActual && this.ledger.remove(call)) {
			this.ledgerSum -= call.booked - call.actual;
			call.booked = call.actual;
			call.stampedAt = this.now;
			this.ledger.addLast(call);
		}
		long sentAt = ORIGIN + call.sentAt;
		this.check.ended(call.cost, call.actual, sentAt, ticks());
		this.check.answered(call.remaining, this.provider.limit, sentAt, ticks());
		if (this.countsActual) {
			this.credit.answeredUncounted(call.remaining, 0, this.believedLimit, call.othersInFlight, sentAt, ticks());
		}
		else {
			this.credit.answered(call.remaining, 0, this.believedLimit, call.cost, sentAt, ticks());
		}
		this.cap.answered(call.remaining, call.takenWhenSent, this.log.soonAfter(sentAt, call.cost, JITTER), ticks());
	}

	private void learn(Call call) {
		if (this.learning != null) {
			Told told = new Told(this.tellsLimit ? this.provider.limit : null, call.remaining,
					call.accepted ? Told.Outcome.SUCCEEDED : Told.Outcome.REFUSED);
			this.learning.answered(told,
					new SentCall(call.cost, ORIGIN + call.sentAt, call.takenWhenSent, call.othersInFlight), ticks());
		}
	}

	private long oneWay() {
		return 10 * MILLI + (long) (this.random.nextDouble() * (JITTER - MILLI));
	}

	private void at(long delay, Runnable action) {
		this.events.add(new Event(this.now + delay, this.number++, action));
	}

	private static final class Call {

		private long cost;

		private long counted;

		private long actual;

		private long booked;

		private long sentAt;

		private long stampedAt;

		private long arrivedAt;

		private long takenWhenSent;

		private long othersInFlight;

		private long remaining;

		private boolean accepted;

	}

	/**
	 * Something that happens later.
	 *
	 * @param at when
	 * @param number order of those at the same instant
	 * @param action what
	 */
	private record Event(long at, long number, Runnable action) {

	}

}

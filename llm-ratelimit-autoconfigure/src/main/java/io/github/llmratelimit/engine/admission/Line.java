package io.github.llmratelimit.engine.admission;

import java.util.List;

import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.engine.ledger.Tariff;
import io.github.llmratelimit.time.Ticks;
import org.jspecify.annotations.Nullable;

/**
 * The waiting calls of one tenant and one priority class, in the order of their arrival:
 * a linked list through the waiters themselves, so that any of them leaves in one step.
 */
final class Line {

	private static final Dimension[] DIMENSIONS = Dimension.values();

	final Tenant tenant;

	/** Its priority class, 0 for the most urgent. */
	final int priority;

	/** Where it stands among the lines that may start, or among those held back. */
	int index = IndexedHeap.NOWHERE;

	/** Where it stands among the lines that may start, by age. */
	int ageIndex = IndexedHeap.NOWHERE;

	/** Until when its tenant's own limits hold it back; only while it is held back. */
	long blockedUntilNanos;

	boolean blocked;

	/** What all its calls together need, by dimension. */
	final long[] amounts = new long[DIMENSIONS.length];

	private @Nullable Waiter head;

	private @Nullable Waiter tail;

	private int size;

	/** Since when the call has been waiting that has waited longest. */
	private long sinceNanos;

	private final Tariff tariff;

	Line(Tenant tenant, int priority, Tariff tariff) {
		this.tenant = tenant;
		this.priority = priority;
		this.tariff = tariff;
	}

	/** The first call of a line that is not empty, as every line of the queue is. */
	Waiter first() {
		if (this.head == null) {
			throw new IllegalStateException("a line without calls");
		}
		return this.head;
	}

	int size() {
		return this.size;
	}

	/** Since when the oldest of its calls has been waiting. */
	long sinceNanos() {
		return this.sinceNanos;
	}

	/**
	 * Newcomers stand in the order in which they began to wait. Only a repeated call in
	 * front of them may have begun later.
	 */
	private void findOldest() {
		Waiter waiter = first();
		this.sinceNanos = waiter.sinceNanos();
		while (waiter.repeated && waiter.behind != null) {
			waiter = waiter.behind;
			this.sinceNanos = Ticks.earliest(this.sinceNanos, waiter.sinceNanos());
		}
	}

	/**
	 * Lets a waiter in at its place. A newcomer's is at the end; a repeated call stands
	 * in front, where only other repeated calls stand.
	 */
	void add(Waiter waiter) {
		added(waiter);
		if (!waiter.repeated) {
			link(this.tail, waiter, null);
			return;
		}
		Waiter next = this.head;
		while (next != null && next.repeated && next.arrival <= waiter.arrival) {
			next = next.behind;
		}
		link((next != null) ? next.before : this.tail, waiter, next);
	}

	/** Lets its first call back in that was taken out a moment ago. */
	void putBack(Waiter waiter) {
		added(waiter);
		link(null, waiter, this.head);
	}

	private void added(Waiter waiter) {
		long since = waiter.sinceNanos();
		this.sinceNanos = (this.size == 0) ? since : Ticks.earliest(this.sinceNanos, since);
		this.size++;
		addNeeds(waiter, this.amounts, 1);
	}

	private void link(@Nullable Waiter before, Waiter waiter, @Nullable Waiter behind) {
		waiter.before = before;
		waiter.behind = behind;
		if (before != null) {
			before.behind = waiter;
		}
		else {
			this.head = waiter;
		}
		if (behind != null) {
			behind.before = waiter;
		}
		else {
			this.tail = waiter;
		}
	}

	void remove(Waiter waiter) {
		this.size--;
		addNeeds(waiter, this.amounts, -1);
		if (waiter.before != null) {
			waiter.before.behind = waiter.behind;
		}
		else {
			this.head = waiter.behind;
		}
		if (waiter.behind != null) {
			waiter.behind.before = waiter.before;
		}
		else {
			this.tail = waiter.before;
		}
		waiter.before = null;
		waiter.behind = null;
		if (this.size > 0 && waiter.sinceNanos() == this.sinceNanos) {
			findOldest();
		}
	}

	/** What one of its calls needs of a dimension. */
	long need(Waiter waiter, Dimension dimension) {
		return this.tariff.estimate(waiter.cost(), dimension);
	}

	/** Adds what one of its calls needs to sums by dimension, or takes it off. */
	void addNeeds(Waiter waiter, long[] sums, int sign) {
		for (Dimension dimension : DIMENSIONS) {
			sums[dimension.ordinal()] += sign * need(waiter, dimension);
		}
	}

	void addTo(List<Waiter> all) {
		for (Waiter waiter = this.head; waiter != null; waiter = waiter.behind) {
			all.add(waiter);
		}
	}

	/**
	 * Whether its first call goes before that of another line. A repeated call was in
	 * front of all once and is so again; else the tenant that has had less goes first,
	 * and among equals the call that arrived first.
	 */
	boolean isBefore(Line other) {
		Waiter own = first();
		Waiter others = other.first();
		if (own.repeated != others.repeated) {
			return own.repeated;
		}
		if (!own.repeated && this.tenant.virtualTime != other.tenant.virtualTime) {
			return this.tenant.virtualTime < other.tenant.virtualTime;
		}
		return own.arrival < others.arrival;
	}

	/** Where a line stands is written down once: it may start, or is held back. */
	private abstract static class ByIndex extends IndexedHeap<Line> {

		@Override
		int index(Line line) {
			return line.index;
		}

		@Override
		void index(Line line, int index) {
			line.index = index;
		}

	}

	/** Lines in the order in which they may start. */
	static final class ByTurn extends ByIndex {

		@Override
		boolean isBefore(Line one, Line other) {
			return one.isBefore(other);
		}

	}

	/** Lines by how long their oldest call has been waiting, the longest first. */
	static final class ByAge extends IndexedHeap<Line> {

		@Override
		boolean isBefore(Line one, Line other) {
			return one.sinceNanos - other.sinceNanos < 0;
		}

		@Override
		int index(Line line) {
			return line.ageIndex;
		}

		@Override
		void index(Line line, int index) {
			line.ageIndex = index;
		}

	}

	/** Lines that are held back, by when that ends. */
	static final class ByRelease extends ByIndex {

		@Override
		boolean isBefore(Line one, Line other) {
			return one.blockedUntilNanos - other.blockedUntilNanos < 0;
		}

	}

}

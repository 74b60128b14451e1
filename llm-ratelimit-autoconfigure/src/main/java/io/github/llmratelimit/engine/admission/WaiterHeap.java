package io.github.llmratelimit.engine.admission;

/**
 * Waiters by the instant at which something is due to them: the end of their own delay,
 * or their deadline. The nearest is on top.
 */
final class WaiterHeap extends IndexedHeap<Waiter> {

	/** Lets a waiter in; it is in one such heap at a time. */
	void add(Waiter waiter, long dueNanos) {
		waiter.dueNanos = dueNanos;
		add(waiter);
	}

	@Override
	boolean isBefore(Waiter one, Waiter other) {
		return one.dueNanos - other.dueNanos < 0;
	}

	@Override
	int index(Waiter waiter) {
		return waiter.heapIndex;
	}

	@Override
	void index(Waiter waiter, int index) {
		waiter.heapIndex = index;
	}

}

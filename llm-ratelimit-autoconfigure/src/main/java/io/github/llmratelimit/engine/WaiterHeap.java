package io.github.llmratelimit.engine;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * Waiters by the instant at which something is due to them, the nearest on top: a binary
 * heap that knows where each waiter stands, so that any of them leaves in O(log n).
 */
final class WaiterHeap {

	private Waiter[] waiters = new Waiter[16];

	private int size;

	@Nullable Waiter nearest() {
		return (this.size > 0) ? this.waiters[0] : null;
	}

	/** Lets a waiter in; it is in one heap at a time. */
	void add(Waiter waiter, long dueNanos) {
		waiter.dueNanos = dueNanos;
		if (this.size == this.waiters.length) {
			this.waiters = Arrays.copyOf(this.waiters, this.size * 2);
		}
		this.size++;
		siftUp(this.size - 1, waiter);
	}

	@SuppressWarnings("NullAway") // a free place of the array is null and never read
	void remove(Waiter waiter) {
		int index = waiter.heapIndex;
		if (index < 0) {
			return;
		}
		waiter.heapIndex = -1;
		this.size--;
		Waiter last = this.waiters[this.size];
		this.waiters[this.size] = null;
		if (last != waiter) {
			siftUp(index, last);
			if (last.heapIndex == index) {
				siftDown(index, last);
			}
		}
	}

	private void siftUp(int from, Waiter waiter) {
		int index = from;
		while (index > 0) {
			Waiter parent = this.waiters[(index - 1) / 2];
			if (parent.dueNanos - waiter.dueNanos <= 0) {
				break;
			}
			place(index, parent);
			index = (index - 1) / 2;
		}
		place(index, waiter);
	}

	private void siftDown(int from, Waiter waiter) {
		int index = from;
		while (2 * index + 1 < this.size) {
			int child = 2 * index + 1;
			if (child + 1 < this.size && this.waiters[child + 1].dueNanos - this.waiters[child].dueNanos < 0) {
				child++;
			}
			if (waiter.dueNanos - this.waiters[child].dueNanos <= 0) {
				break;
			}
			place(index, this.waiters[child]);
			index = child;
		}
		place(index, waiter);
	}

	private void place(int index, Waiter waiter) {
		this.waiters[index] = waiter;
		waiter.heapIndex = index;
	}

}

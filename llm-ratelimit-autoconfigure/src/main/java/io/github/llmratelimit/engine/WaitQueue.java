package io.github.llmratelimit.engine;

import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;

import io.github.llmratelimit.Priority;
import org.jspecify.annotations.Nullable;

/**
 * Waiting calls in the order of their arrival: a linked list through the waiters
 * themselves, so that any of them leaves in one step.
 */
final class WaitQueue implements Iterable<Waiter> {

	private static final Priority[] PRIORITIES = Priority.values();

	private @Nullable Waiter head;

	private @Nullable Waiter tail;

	private int size;

	private final int[] sizeByPriority = new int[PRIORITIES.length];

	@Nullable Waiter head() {
		return this.head;
	}

	boolean isEmpty() {
		return this.size == 0;
	}

	int size() {
		return this.size;
	}

	Map<Priority, Integer> sizeByPriority() {
		Map<Priority, Integer> sizes = new EnumMap<>(Priority.class);
		for (Priority priority : PRIORITIES) {
			sizes.put(priority, this.sizeByPriority[priority.ordinal()]);
		}
		return sizes;
	}

	/**
	 * Lets a waiter in at its place. A newcomer's is at the end; a repeated call arrived
	 * early and is looked for from the front, where only other repeated calls stand.
	 * @return whether the place is at the end
	 */
	boolean add(Waiter waiter) {
		waiter.queued = true;
		this.size++;
		this.sizeByPriority[waiter.asked.priority().ordinal()]++;
		if (this.tail == null || this.tail.arrival <= waiter.arrival) {
			link(this.tail, waiter, null);
			return true;
		}
		Waiter next = this.head;
		while (next != null && next.arrival <= waiter.arrival) {
			next = next.behind;
		}
		link((next != null) ? next.before : this.tail, waiter, next);
		return false;
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
		if (!waiter.queued) {
			return;
		}
		waiter.queued = false;
		this.size--;
		this.sizeByPriority[waiter.asked.priority().ordinal()]--;
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
	}

	@Override
	public Iterator<Waiter> iterator() {
		return new Iterator<>() {

			private @Nullable Waiter next = WaitQueue.this.head;

			@Override
			public boolean hasNext() {
				return this.next != null;
			}

			@Override
			public Waiter next() {
				if (this.next == null) {
					throw new NoSuchElementException();
				}
				Waiter waiter = this.next;
				this.next = waiter.behind;
				return waiter;
			}

		};
	}

}

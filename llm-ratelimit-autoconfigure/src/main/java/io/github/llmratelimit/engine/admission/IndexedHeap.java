package io.github.llmratelimit.engine.admission;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * A binary heap whose elements know where they stand, so that any of them can leave, or
 * move after its key has changed, in O(log n).
 *
 * @param <E> type of the elements; each is in one heap of its kind at a time
 */
abstract class IndexedHeap<E> {

	/** Index of an element that is in no heap. */
	static final int NOWHERE = -1;

	private @Nullable Object[] elements = new Object[4];

	private int size;

	/** Whether one element comes before another. */
	abstract boolean isBefore(E one, E other);

	/** Where an element stands, {@link #NOWHERE} outside of the heap. */
	abstract int index(E element);

	abstract void index(E element, int index);

	@Nullable E first() {
		return (this.size > 0) ? get(0) : null;
	}

	int size() {
		return this.size;
	}

	@SuppressWarnings({ "unchecked", "NullAway" }) // only free places are null
	E get(int index) {
		return (E) this.elements[index];
	}

	void add(E element) {
		if (this.size == this.elements.length) {
			this.elements = Arrays.copyOf(this.elements, this.size * 2);
		}
		this.size++;
		siftUp(this.size - 1, element);
	}

	void remove(E element) {
		int index = index(element);
		if (index == NOWHERE) {
			return;
		}
		index(element, NOWHERE);
		this.size--;
		E last = get(this.size);
		this.elements[this.size] = null;
		if (last != element) {
			sift(index, last);
		}
	}

	/** An element's key has changed. */
	void moved(E element) {
		int index = index(element);
		if (index != NOWHERE) {
			sift(index, element);
		}
	}

	private void sift(int from, E element) {
		siftUp(from, element);
		if (index(element) == from) {
			siftDown(from, element);
		}
	}

	private void siftUp(int from, E element) {
		int index = from;
		while (index > 0) {
			E parent = get((index - 1) / 2);
			if (!isBefore(element, parent)) {
				break;
			}
			place(index, parent);
			index = (index - 1) / 2;
		}
		place(index, element);
	}

	private void siftDown(int from, E element) {
		int index = from;
		while (2 * index + 1 < this.size) {
			int child = 2 * index + 1;
			if (child + 1 < this.size && isBefore(get(child + 1), get(child))) {
				child++;
			}
			if (!isBefore(get(child), element)) {
				break;
			}
			place(index, get(child));
			index = child;
		}
		place(index, element);
	}

	private void place(int index, E element) {
		this.elements[index] = element;
		index(element, index);
	}

}

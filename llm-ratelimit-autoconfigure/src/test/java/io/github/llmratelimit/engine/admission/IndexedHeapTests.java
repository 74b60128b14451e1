package io.github.llmratelimit.engine.admission;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link IndexedHeap}.
 */
class IndexedHeapTests {

	private final Heap heap = new Heap();

	@Test
	void firstWhenEmptyIsNull() {
		assertThat(this.heap.first()).isNull();
	}

	@Test
	void removeWhenNotInsideChangesNothing() {
		Element inside = new Element(1);
		this.heap.add(inside);
		this.heap.remove(new Element(0));
		assertThat(this.heap.size()).isEqualTo(1);
		assertThat(this.heap.first()).isSameAs(inside);
	}

	@Test
	void movedWhenNotInsideLetsNobodyIn() {
		this.heap.moved(new Element(0));
		assertThat(this.heap.size()).isZero();
	}

	@Test
	void removeWhenInsideLeavesNoIndex() {
		Element element = new Element(1);
		this.heap.add(element);
		this.heap.remove(element);
		assertThat(element.index).isEqualTo(IndexedHeap.NOWHERE);
	}

	@Test
	void firstWhenElementsComeMoveAndLeaveIsThatOfASortedList() {
		Random random = new Random(7);
		List<Element> sorted = new ArrayList<>();
		for (int step = 0; step < 20_000; step++) {
			change(random, sorted);
			sorted.sort(Comparator.comparingInt((element) -> element.key));
			assertThat(this.heap.size()).isEqualTo(sorted.size());
			// among equals any may be first
			assertThat((this.heap.first() != null) ? this.heap.first().key : -1)
				.isEqualTo(sorted.isEmpty() ? -1 : sorted.get(0).key);
			for (int i = 0; i < this.heap.size(); i++) {
				assertThat(this.heap.get(i).index).isEqualTo(i);
			}
		}
	}

	private void change(Random random, List<Element> sorted) {
		int kind = random.nextInt(5);
		if (kind < 2 && sorted.size() < 50 || sorted.isEmpty()) {
			Element element = new Element(random.nextInt(100));
			sorted.add(element);
			this.heap.add(element);
			return;
		}
		Element element = sorted.get((kind == 2) ? 0 : random.nextInt(sorted.size()));
		if (kind == 4) {
			element.key = random.nextInt(100);
			this.heap.moved(element);
		}
		else {
			sorted.remove(element);
			this.heap.remove(element);
		}
	}

	private static final class Element {

		private int key;

		private int index = IndexedHeap.NOWHERE;

		Element(int key) {
			this.key = key;
		}

	}

	private static final class Heap extends IndexedHeap<Element> {

		@Override
		boolean isBefore(Element one, Element other) {
			return one.key < other.key;
		}

		@Override
		int index(Element element) {
			return element.index;
		}

		@Override
		void index(Element element, int index) {
			element.index = index;
		}

	}

}

package io.github.llmratelimit.usage;

import java.util.AbstractList;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.llmratelimit.Usage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link UsageFinder}: the application's extractors, and values that fight
 * back.
 */
class UsageFinderTests {

	private static final Map<String, Object> CHAT = Map.of("usage",
			Map.of("prompt_tokens", 100, "completion_tokens", 20));

	private final UsageFinder finder = new UsageFinder(List.of());

	@Test
	void findWhenNullIsNull() {
		assertThat(this.finder.find(null)).isNull();
	}

	@Test
	void findWhenApplicationKnowsTheValueAsksNobodyElse() {
		UsageFinder own = new UsageFinder(List.of((result) -> Usage.of(1, 2)));
		assertThat(own.find(CHAT)).isEqualTo(Usage.of(1, 2));
	}

	@Test
	void findWhenApplicationDoesNotKnowTheValueAsksWhatIsBuiltIn() {
		UsageFinder own = new UsageFinder(List.of((result) -> null));
		assertThat(own.find(CHAT)).isEqualTo(Usage.of(100, 20));
	}

	@Test
	void findWhenExtractorThrowsAsksTheNext() {
		assertThat(broken().find(CHAT)).isEqualTo(Usage.of(100, 20));
	}

	@Test
	void findWhenExtractorThrowsCountsIt() {
		UsageFinder broken = broken();
		broken.find(CHAT);
		broken.find(CHAT);
		assertThat(broken.failures()).isEqualTo(2);
	}

	@Test
	void findWhenMemoryIsOutThrows() {
		UsageFinder own = new UsageFinder(List.of((result) -> {
			throw new OutOfMemoryError("none left");
		}));
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> own.find(CHAT));
	}

	@Test
	void findWhenGetterThrowsLooksElsewhere() {
		assertThat(this.finder.find(new Throwing(CHAT))).isEqualTo(Usage.of(100, 20));
	}

	@Test
	void findWhenGetterThrowsCountsNoFailure() {
		this.finder.find(new Throwing(CHAT));
		assertThat(this.finder.failures()).isZero();
	}

	@Test
	void findWhenGetterMayDoWorkLeavesItAlone() {
		Working working = new Working();
		this.finder.find(working);
		assertThat(working.calls).isZero();
	}

	@Test
	void findWhenGraphIsCyclicEnds() {
		Map<String, Object> cycle = new HashMap<>();
		cycle.put("response", cycle);
		cycle.put("message", cycle);
		cycle.put("usage", cycle);
		assertThat(this.finder.find(cycle)).isNull();
	}

	@Test
	void findWhenListHoldsItselfEnds() {
		List<Object> list = new ArrayList<>();
		list.add(list);
		assertThat(this.finder.find(list)).isNull();
	}

	@Test
	void findWhenGraphIsInfiniteEnds() {
		Endless endless = new Endless(new int[1]);
		assertThat(this.finder.find(endless)).isNull();
		assertThat(endless.created[0]).isLessThan(100);
	}

	@Test
	void findWhenListIsHugeReadsItsEndsOnly() {
		Huge huge = new Huge();
		assertThat(this.finder.find(huge)).isNull();
		assertThat(huge.reads).isEqualTo(12);
	}

	@Test
	void findWhenListShrinksMeanwhileReadsWhatIsLeft() {
		assertThat(this.finder.find(new Shrunk())).isEqualTo(Usage.of(100, 20));
	}

	@Test
	void findWhenMapThrowsIsNull() {
		assertThat(this.finder.find(new ThrowingMap())).isNull();
	}

	@Test
	void findWhenEachValueIsOfTheJdkCallsNothing() {
		Object[] values = { "text", 1, new Thread(() -> {
		}), new StringBuilder(), Set.of(1), new int[3], Thread.State.NEW, String.class };
		assertThat(values).allSatisfy((value) -> assertThat(this.finder.find(value)).isNull());
	}

	@Test
	void findWhenNumbersAreHugeKeepsThemInRange() {
		Map<String, Object> usage = Map.of("input_tokens", Long.MAX_VALUE, "output_tokens", 1e300,
				"cache_read_input_tokens", Long.MAX_VALUE);
		assertThat(this.finder.find(Map.of("usage", usage)))
			.isEqualTo(new Usage(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE));
	}

	@Test
	void findWhenUsageIsNotANumberIsNull() {
		assertThat(this.finder.find(Map.of("usage", Map.of("prompt_tokens", Double.NaN)))).isNull();
	}

	private static UsageFinder broken() {
		return new UsageFinder(List.of((result) -> {
			throw new IllegalStateException("broken on purpose");
		}));
	}

	static class Throwing {

		private final Object response;

		Throwing(Object response) {
			this.response = response;
		}

		public Object getUsage() {
			throw new IllegalStateException("not there");
		}

		public Object getResponse() {
			return this.response;
		}

	}

	static class Working {

		private int calls;

		public Object getUsage() throws InterruptedException {
			return count();
		}

		public Object getConnection() {
			return count();
		}

		public String getBody() {
			return count().toString();
		}

		private Object count() {
			this.calls++;
			return CHAT;
		}

	}

	record Endless(int[] created) {

		public Endless response() {
			return next();
		}

		public Endless getMessage() {
			return next();
		}

		private Endless next() {
			this.created[0]++;
			return new Endless(this.created);
		}

	}

	static class Huge extends AbstractList<Object> {

		private int reads;

		@Override
		public Object get(int index) {
			this.reads++;
			return Map.of("index", index);
		}

		@Override
		public int size() {
			return Integer.MAX_VALUE;
		}

	}

	static class Shrunk extends AbstractList<Object> {

		@Override
		public Object get(int index) {
			return Collections.singletonList(CHAT).get(index);
		}

		@Override
		public int size() {
			return 5;
		}

	}

	static class ThrowingMap extends AbstractMap<String, Object> {

		@Override
		public @Nullable Object get(Object key) {
			throw new UnsupportedOperationException();
		}

		@Override
		public Set<Entry<String, Object>> entrySet() {
			throw new UnsupportedOperationException();
		}

	}

}

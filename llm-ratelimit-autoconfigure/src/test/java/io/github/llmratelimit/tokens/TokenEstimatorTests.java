package io.github.llmratelimit.tokens;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

/**
 * Tests for {@link TokenEstimator}: texts, models and failures. Messages are in
 * {@link PromptReaderTests}.
 */
class TokenEstimatorTests {

	private static final String TEXT = "The parcel is waiting in the warehouse.";

	private static final long EMPTY = 7;

	private final TokenEstimator estimator = estimator();

	@Test
	void estimateWhenTextIsItsTokensAndOneMessage() {
		assertThat(this.estimator.estimate("gpt-4o", TEXT)).isEqualTo(Vocabulary.O200K.open().count(TEXT) + 4 + 3);
	}

	@Test
	void estimateWhenTextIsNoStringIsTheSame() {
		assertThat(this.estimator.estimate("gpt-4o", new StringBuilder(TEXT)))
			.isEqualTo(this.estimator.estimate("gpt-4o", TEXT));
	}

	@Test
	void estimateWhenTextHasAMarkOfASpecialTokenCountsItAsText() {
		assertThat(this.estimator.estimate("gpt-4o", "<|endoftext|>")).isEqualTo(EMPTY + 7);
		assertThat(this.estimator.failures()).isZero();
	}

	@ParameterizedTest
	@MethodSource("nothing")
	void estimateWhenNothingIsNeverZero(Object value) {
		assertThat(this.estimator.estimate("gpt-4o", value)).isEqualTo(EMPTY);
		assertThat(this.estimator.failures()).isZero();
	}

	@Test
	void estimateWhenNullIsNeverZero() {
		assertThat(this.estimator.estimate("gpt-4o", null)).isEqualTo(EMPTY);
	}

	@Test
	void estimateWhenModelIsOfAnotherFamilyUsesItsVocabulary() {
		String greek = SampleTexts.languages().get("Greek");
		assertThat(this.estimator.estimate("gpt-4", greek)).isEqualTo(Vocabulary.CL100K.open().count(greek) + EMPTY);
		assertThat(this.estimator.estimate("gpt-4.1", greek)).isEqualTo(Vocabulary.O200K.open().count(greek) + EMPTY);
	}

	@ParameterizedTest
	@MethodSource("natural")
	void estimateWhenVocabularyIsNotPublicIsNearThatOfO200k(String name) {
		String text = SampleTexts.natural().get(name);
		assertThat(this.estimator.estimate("claude-sonnet-4-5", text))
			.isCloseTo(EMPTY + Math.round(1.1 * Vocabulary.O200K.open().count(text)), withPercentage(25));
	}

	@Test
	void estimateWhenVocabularyIsNotLoadedDoesNotWaitForIt() {
		Queue<Runnable> tasks = new ArrayDeque<>();
		TokenEstimator cold = new TokenEstimator(List.of(), Vocabulary::open, tasks::add);
		long before = cold.estimate("gpt-4o", TEXT);
		tasks.remove().run();
		assertThat(before).isEqualTo(this.estimator.estimate("claude-sonnet-4-5", TEXT));
		assertThat(cold.estimate("gpt-4o", TEXT)).isEqualTo(this.estimator.estimate("gpt-4o", TEXT));
		assertThat(tasks).isEmpty();
	}

	@Test
	void estimateWhenVocabularyCanNotBeLoadedEstimatesWithout() {
		TokenEstimator broken = new TokenEstimator(List.of(), (vocabulary) -> {
			throw new NoClassDefFoundError("jtokkit");
		}, Runnable::run);
		broken.warmUp("gpt-4o");
		assertThat(broken.estimate("gpt-4o", TEXT)).isEqualTo(this.estimator.estimate("claude-sonnet-4-5", TEXT));
		assertThat(broken.failures()).isOne();
	}

	@Test
	void warmUpWhenModelHasNoPublicVocabularyDoesNothing() {
		this.estimator.warmUp("claude-sonnet-4-5");
		assertThat(this.estimator.failures()).isZero();
	}

	@ParameterizedTest
	@ValueSource(classes = { IllegalStateException.class, StackOverflowError.class, NoSuchMethodError.class })
	void estimateWhenTokenizerFailsIsAThirdOfTheBytes(Class<? extends Throwable> type) {
		TokenEstimator failing = estimatorWith((text) -> {
			if (text.startsWith("x")) {
				throw sneaky(type);
			}
			return text.length();
		});
		assertThat(failing.estimate("gpt-4o", "x" + "é".repeat(149))).isEqualTo(EMPTY + 100);
		assertThat(failing.failures()).isOne();
	}

	@Test
	void estimateWhenModelIsNullByMistakeIsGuessed() {
		assertThat(this.estimator.estimate(null, TEXT)).isBetween(EMPTY + 1, 100L);
		assertThat(this.estimator.failures()).isOne();
	}

	@Test
	void estimateWhenTextLiesIsNeverZero() {
		CharSequence liar = new LyingText();
		assertThat(this.estimator.estimate("gpt-4o", liar)).isGreaterThanOrEqualTo(EMPTY);
		assertThat(this.estimator.failures()).isOne();
	}

	@Test
	void estimateWhenTypeIsUnknownIsAThirdOfItsToString() {
		assertThat(this.estimator.estimate("gpt-4o", Locale.GERMANY)).isEqualTo(EMPTY + 2); // de_DE
		assertThat(this.estimator.failures()).isOne();
	}

	@Test
	void estimateWhenBytesIsAThirdOfThem() {
		assertThat(this.estimator.estimate("gpt-4o", new byte[299])).isEqualTo(EMPTY + 100);
		assertThat(this.estimator.failures()).isOne();
	}

	@Test
	void estimateWhenCustomCounterSupportsTheValueIsItsAnswer() {
		assertThat(estimator(counter(42)).estimate("gpt-4o", TEXT)).isEqualTo(42);
	}

	@Test
	void estimateWhenCustomCounterAnswersZeroIsOne() {
		assertThat(estimator(counter(0)).estimate("gpt-4o", TEXT)).isOne();
	}

	@Test
	void estimateWhenCustomCounterSupportsAnElementAddsItsAnswer() {
		TokenEstimator custom = estimator(new FixedCounter(Locale.class, 42));
		long without = custom.estimate("gpt-4o", List.of(TEXT));
		assertThat(custom.estimate("gpt-4o", List.of(TEXT, Locale.GERMANY))).isEqualTo(without + 42);
		assertThat(custom.failures()).isZero();
	}

	@Test
	void estimateWhenTwoCustomCountersSupportTheValueIsTheFirstOnes() {
		assertThat(estimator(counter(42), counter(43)).estimate("gpt-4o", TEXT)).isEqualTo(42);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2, 3 })
	void estimateWhenCustomCounterFailsFallsBack(int way) {
		TokenEstimator custom = estimator(new FailingCounter(way));
		assertThat(custom.estimate("gpt-4o", TEXT)).isEqualTo(this.estimator.estimate("gpt-4o", TEXT));
		assertThat(custom.failures()).isOne();
	}

	@Test
	void estimateWhenCustomCounterFailsAsksTheNext() {
		assertThat(estimator(new FailingCounter(0), counter(42)).estimate("gpt-4o", TEXT)).isEqualTo(42);
	}

	@Test
	void failuresWhenManyAreAllCounted() {
		TokenEstimator custom = estimator(new FailingCounter(0));
		for (int i = 0; i < 10; i++) {
			custom.estimate("gpt-4o", TEXT);
		}
		assertThat(custom.failures()).isEqualTo(10);
	}

	@Test
	void estimateWhenManyThreadsIsTheSameOnAll() throws Exception {
		List<String> texts = new ArrayList<>(SampleTexts.natural().values());
		SampleTexts.longNatural(30_000, 1).values().forEach(texts::add);
		List<Long> expected = estimates(estimator(), texts);
		ExecutorService threads = Executors.newFixedThreadPool(8);
		try {
			List<Callable<List<Long>>> tasks = Collections.nCopies(24, () -> {
				List<String> shuffled = new ArrayList<>(texts);
				Collections.shuffle(shuffled);
				estimates(this.estimator, shuffled);
				return estimates(this.estimator, texts);
			});
			for (Future<List<Long>> result : threads.invokeAll(tasks)) {
				assertThat(result.get()).isEqualTo(expected);
			}
		}
		finally {
			threads.shutdownNow();
		}
	}

	@ParameterizedTest
	@MethodSource("prompts")
	void supportsWhenPromptIsTrue(Object value) {
		assertThat(this.estimator.supports(value)).isTrue();
	}

	@ParameterizedTest
	@MethodSource("others")
	void supportsWhenOtherIsFalse(Object value) {
		assertThat(this.estimator.supports(value)).isFalse();
	}

	@Test
	void supportsWhenNullIsFalse() {
		assertThat(this.estimator.supports(null)).isFalse();
	}

	@Test
	void supportsWhenCustomCounterDoesIsTrue() {
		assertThat(estimator(new FixedCounter(Locale.class, 42)).supports(Locale.GERMANY)).isTrue();
	}

	@Test
	void supportsWhenCustomCounterFailsIsFalse() {
		assertThat(estimator(new FailingCounter(1)).supports(Locale.GERMANY)).isFalse();
	}

	static Stream<Arguments> nothing() {
		return Stream
			.of("", new StringBuilder(), List.of(), List.of(List.of()), new Object[0], Map.of("role", "user"),
					Map.of("role", "user", "content", ""), new Turn("user", null))
			.map((value) -> Arguments.of(value));
	}

	static Stream<Arguments> prompts() {
		return Stream
			.of(TEXT, "", new StringBuilder(TEXT), List.of(TEXT), new String[] { TEXT },
					List.of(1, new Turn("user", TEXT)), Map.of("role", "user", "content", TEXT), new Turn("user", TEXT),
					List.of(List.of(TEXT)), Map.of("messages", List.of()))
			.map((value) -> Arguments.of(value));
	}

	static Stream<Arguments> others() {
		Map<Object, Object> variables = new HashMap<>(Map.of("name", "Anna"));
		List<Object> cycle = new ArrayList<>();
		cycle.add(cycle);
		return Stream
			.of(1, 2L, true, 'c', Locale.GERMANY, new byte[3], new char[3], new int[0], List.of(), List.of(1, 2, 3),
					variables, Map.of(1, "a"), new Turn("user", null), Thread.State.NEW, cycle, new Page(List.of(1, 2)))
			.map((value) -> Arguments.of(value));
	}

	static Collection<String> natural() {
		return SampleTexts.natural().keySet();
	}

	private static List<Long> estimates(TokenEstimator estimator, List<String> texts) {
		return texts.stream().map((text) -> estimator.estimate("gpt-4o", text)).toList();
	}

	private static TokenEstimator estimator(TokenCounter... counters) {
		TokenEstimator estimator = new TokenEstimator(List.of(counters), Vocabulary::open, Runnable::run);
		estimator.warmUp("gpt-4o");
		estimator.warmUp("gpt-4");
		return estimator;
	}

	private static TokenEstimator estimatorWith(TextTokenizer tokenizer) {
		TokenEstimator estimator = new TokenEstimator(List.of(), (vocabulary) -> tokenizer, Runnable::run);
		estimator.warmUp("gpt-4o");
		return estimator;
	}

	@SuppressWarnings("unchecked")
	private static <E extends Throwable> RuntimeException sneaky(Class<? extends Throwable> type) throws E {
		try {
			throw (E) type.getDeclaredConstructor().newInstance();
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalArgumentException(ex);
		}
	}

	private static TokenCounter counter(long tokens) {
		return new FixedCounter(Object.class, tokens);
	}

	record Turn(String role, String content) {
	}

	record Page(List<Integer> content) {
	}

	record FixedCounter(Class<?> type, long tokens) implements TokenCounter {

		@Override
		public boolean supports(Object value) {
			return this.type.isInstance(value);
		}

		@Override
		public long count(String model, Object value) {
			return this.tokens;
		}

	}

	/** Fails in one of four ways. */
	record FailingCounter(int way) implements TokenCounter {

		@Override
		public boolean supports(Object value) {
			if (this.way == 1) {
				throw new IllegalStateException("supports");
			}
			return true;
		}

		@Override
		public long count(String model, Object value) {
			return switch (this.way) {
				case 2 -> throw new AssertionError("count");
				case 3 -> -5;
				default -> throw new IllegalStateException("count");
			};
		}

	}

	/** A text without a string. */
	private static final class LyingText implements CharSequence {

		@Override
		public int length() {
			return Integer.MAX_VALUE;
		}

		@Override
		public char charAt(int index) {
			throw new IndexOutOfBoundsException(index);
		}

		@Override
		public CharSequence subSequence(int start, int end) {
			return this;
		}

		@Override
		public String toString() {
			return null;
		}

	}

}

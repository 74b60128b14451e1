package io.github.llmratelimit.tokens;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;

import io.github.llmratelimit.tokens.Failures.Kind;
import org.jspecify.annotations.Nullable;

/**
 * The counter of each vocabulary, once it is loaded. Loading never happens on a thread
 * that asks for a counter.
 */
final class TextCounters {

	/**
	 * Counted again and again by a warm-up; the kinds of text that prompts are made of.
	 */
	private static final String WARM_UP_TEXT = """
			You are a helpful assistant. Summarise the customer's message below in three sentences, don't invent facts.
			{"id": 4711, "status": "OPEN", "tags": ["billing", "urgent"], "amount": 1249.50}
			public static int max(int a, int b) { return (a > b) ? a : b; } // simple
			Sehr geehrte Damen und Herren, können Sie mir bitte die Rechnung schicken?
			请用三句话总结以下内容。 Спасибо за быстрый ответ! ありがとうございます。
			""";

	/**
	 * Enough for the JIT compiler to notice; some 0.2 s, and the first call takes 1 ms
	 * rather than 12.
	 */
	private static final int WARM_UP_ROUNDS = 500;

	/** Every so many rounds, a text that is long enough to be sampled. */
	private static final int LONG_TEXT_ROUNDS = 50;

	/**
	 * The vocabularies whose code is compiled: once is enough for all estimators of a
	 * JVM.
	 */
	private static final AtomicIntegerArray WARM = new AtomicIntegerArray(Vocabulary.values().length);

	private final Function<Vocabulary, TextTokenizer> opener;

	private final Executor loader;

	private final Failures failures;

	private final AtomicReferenceArray<@Nullable TextCounter> counters = new AtomicReferenceArray<>(
			Vocabulary.values().length);

	private final AtomicIntegerArray requested = new AtomicIntegerArray(Vocabulary.values().length);

	TextCounters(Function<Vocabulary, TextTokenizer> opener, Executor loader, Failures failures) {
		this.opener = opener;
		this.loader = loader;
		this.failures = failures;
	}

	/**
	 * Return the counter of a vocabulary without waiting for it. The first request of one
	 * that isn't loaded has it loaded by the executor.
	 * @param vocabulary the vocabulary
	 * @return its counter, or {@code null} if it isn't loaded
	 */
	@Nullable TextCounter getIfLoaded(Vocabulary vocabulary) {
		TextCounter counter = this.counters.get(vocabulary.ordinal());
		if (counter == null && this.requested.compareAndSet(vocabulary.ordinal(), 0, 1)) {
			startLoading(vocabulary);
		}
		return counter;
	}

	private void startLoading(Vocabulary vocabulary) {
		try {
			this.loader.execute(() -> load(vocabulary));
		}
		catch (RuntimeException | Error ex) { // no thread can be had
			this.failures.record(Kind.VOCABULARY, vocabulary, ex);
		}
	}

	/**
	 * Load a vocabulary, if it isn't, on this thread. A failure is recorded, not thrown.
	 * @param vocabulary the vocabulary
	 */
	void load(Vocabulary vocabulary) {
		this.requested.set(vocabulary.ordinal(), 1);
		if (this.counters.get(vocabulary.ordinal()) != null) {
			return;
		}
		try {
			TextTokenizer tokenizer = this.opener.apply(vocabulary);
			if (WARM.compareAndSet(vocabulary.ordinal(), 0, 1)) {
				warmUp(new TextCounter(tokenizer));
			}
			this.counters.compareAndSet(vocabulary.ordinal(), null, new TextCounter(tokenizer));
		}
		catch (Throwable ex) {
			// without it everything still works, less exactly; also where memory is short
			this.failures.record(Kind.VOCABULARY, vocabulary, ex);
		}
	}

	private static void warmUp(TextCounter counter) {
		for (int i = 0; i < WARM_UP_ROUNDS; i++) {
			counter.count(i + WARM_UP_TEXT); // no two alike: none is remembered
			if (i % LONG_TEXT_ROUNDS == 0) {
				counter.count(i + WARM_UP_TEXT.repeat(LONG_TEXT_ROUNDS));
			}
		}
	}

}

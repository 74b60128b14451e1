package io.github.llmratelimit.tokens;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

import io.github.llmratelimit.tokens.Failures.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Estimates the tokens of a prompt before the call. Thread-safe; one per application is
 * enough.
 * <p>
 * A prompt is a text, a message, or a collection or array of them. Messages are maps in
 * the JSON of OpenAI, Anthropic or Gemini, and objects of any library that have
 * {@code getText()}, {@code text()}, {@code getContent()} or {@code content()}; objects
 * with {@code messages()}, {@code getMessages()} or {@code getInstructions()} are whole
 * conversations. {@link TokenCounter}s are asked first.
 * <p>
 * Estimates are meant to be on the upper side: a prompt of one text counts as one user
 * message, with the tokens that the provider adds around it; what is too expensive to
 * count exactly, more than some 18 KB of English or 2,000 Chinese characters, is counted
 * in samples and raised by their error; models whose tokenizer isn't public are estimated
 * by the script and shape of the text, plus 10 %.
 * <p>
 * Vocabularies are never loaded on the calling thread. Until a model's is loaded, by
 * {@link #warmUp} or in the background from the first estimate on, its prompts are
 * estimated as if its tokenizer weren't public.
 * <p>
 * Not promised: the tokens of images, sounds and files (a fixed guess), of tool
 * definitions that aren't in the argument, and of what a client library adds on its own.
 */
public final class TokenEstimator {

	/** No prompt costs less: an empty message and the start of the reply. */
	static final long MIN_TOKENS = PromptReader.MESSAGE_TOKENS + PromptReader.REPLY_TOKENS;

	/** Elements that are looked at to tell whether a sequence is a prompt. */
	private static final int INSPECTED_ELEMENTS = 16;

	/** Levels that are looked at for the same. */
	private static final int INSPECTED_LEVELS = 4;

	/**
	 * Tokens per token that the profile of a text tells, where nothing is known of the
	 * model. One in ten more than the profile says, whose own error is 8 % in the root
	 * mean square: most estimates are then on the upper side.
	 */
	public static final double SAFE_RATIO = 1.1;

	private final ModelTable models = new ModelTable();

	private final Failures failures = new Failures();

	private final CustomCounters customCounters;

	private final TextCounters textCounters;

	private final ToDoubleFunction<String> ratios;

	/**
	 * Create an estimator.
	 * @param counters the application's own counters, the most important first
	 */
	public TokenEstimator(List<TokenCounter> counters) {
		this(counters, (model) -> SAFE_RATIO);
	}

	/**
	 * Create an estimator for models whose ratios are known or learned.
	 * @param counters the application's own counters, the most important first
	 * @param ratios tokens of a model, by the provider's name, per token that the profile
	 * of a text tells; asked for models without public vocabulary
	 */
	public TokenEstimator(List<TokenCounter> counters, ToDoubleFunction<String> ratios) {
		this(counters, ratios, Vocabulary::open, TokenEstimator::runInBackground);
	}

	TokenEstimator(List<TokenCounter> counters, Function<Vocabulary, TextTokenizer> opener, Executor loader) {
		this(counters, (model) -> SAFE_RATIO, opener, loader);
	}

	private TokenEstimator(List<TokenCounter> counters, ToDoubleFunction<String> ratios,
			Function<Vocabulary, TextTokenizer> opener, Executor loader) {
		this.ratios = ratios;
		this.customCounters = new CustomCounters(counters, this.failures);
		this.textCounters = new TextCounters(opener, loader, this.failures);
	}

	private static void runInBackground(Runnable task) {
		Thread thread = new Thread(task, "llm-ratelimit-vocabulary");
		thread.setDaemon(true);
		thread.start();
	}

	/**
	 * Estimate the tokens of a prompt. Takes at most 5 ms on a warm JVM, custom counters
	 * not included, whatever the value; never throws. Where something can't be counted,
	 * it is guessed from its UTF-8 bytes ÷ 3, and the failure is counted.
	 * @param model the provider's name of the model, such as {@code gpt-4o-2024-11-20}
	 * @param value the prompt
	 * @return its tokens, the overhead of messages included; at least 7, the tokens of an
	 * empty prompt, unless a custom counter answers for the whole value (then at least 1)
	 */
	public long estimate(String model, @Nullable Object value) {
		return measure(model, value).tokens();
	}

	/**
	 * As {@link #estimate}, with what is needed to learn from the actual tokens.
	 * @param model the provider's name of the model
	 * @param value the prompt
	 * @return the estimate and how it came about
	 */
	public TokenEstimate measure(String model, @Nullable Object value) {
		if (value == null) {
			return counted(MIN_TOKENS);
		}
		if (value instanceof String text && this.customCounters.isEmpty()) {
			TokenEstimate of = measureTexts(model, List.of(text));
			return new TokenEstimate(MIN_TOKENS + of.tokens(), of.profiled(), MIN_TOKENS);
		}
		long counted = this.customCounters.count(model, value);
		if (counted != CustomCounters.UNKNOWN) {
			return counted(Math.max(1, counted));
		}
		PromptReader reader = new PromptReader(model, this.customCounters, this.failures);
		reader.read(value);
		TokenEstimate texts = measureTexts(model, reader.texts());
		long total = Math.max(MIN_TOKENS, reader.total(texts.tokens()));
		return new TokenEstimate(total, texts.profiled(), total - texts.tokens());
	}

	private static TokenEstimate counted(long tokens) {
		return new TokenEstimate(tokens, 0, tokens);
	}

	private TokenEstimate measureTexts(String model, List<String> texts) {
		try {
			TokenModel tokenModel = this.models.find(model);
			Vocabulary vocabulary = tokenModel.vocabulary();
			TextCounter counter = (vocabulary != null) ? this.textCounters.getIfLoaded(vocabulary) : null;
			if (counter != null) {
				return new TokenEstimate(counter.count(texts), 0, 0);
			}
			double profiled = TextSize.of(new TextWindows(texts)).tokens();
			return (vocabulary != null) // will be there soon
					? new TokenEstimate((long) Math.ceil(profiled * SAFE_RATIO), 0, 0)
					: new TokenEstimate((long) Math.ceil(profiled * this.ratios.applyAsDouble(model)), profiled, 0);
		}
		catch (Throwable ex) {
			Failures.throwIfFatal(ex);
			this.failures.record(Kind.TOKENIZER, model, ex);
			return new TokenEstimate(TextSize.bytes(texts) / PromptReader.BYTES_PER_TOKEN + 1, 0, 0);
		}
	}

	/**
	 * Tell whether a value is a prompt or a part of one: a text, a message, or a
	 * collection or array that has one among its first elements. Numbers, dates, plain
	 * maps and other objects aren't. Never throws.
	 * @param value an argument of a method
	 * @return whether its tokens can be counted
	 */
	public boolean supports(@Nullable Object value) {
		try {
			return supports(value, INSPECTED_LEVELS);
		}
		catch (Throwable ex) {
			Failures.throwIfFatal(ex);
			return false; // what can't even be looked at is no prompt
		}
	}

	private boolean supports(@Nullable Object value, int levels) throws Throwable {
		if (value == null || levels == 0) {
			return false;
		}
		if (value instanceof CharSequence || this.customCounters.supports(value)) {
			return true;
		}
		if (value instanceof Map<?, ?> map) {
			return MessageMaps.isMessageLike(map);
		}
		if (value instanceof Collection<?> collection) {
			return supportsAny(collection, levels - 1);
		}
		if (value instanceof Object[] array) {
			return supportsAny(Arrays.asList(array), levels - 1);
		}
		ContentAccess access = ContentAccess.of(value.getClass());
		return supports(access.conversation(value), levels - 1) || supports(access.content(value), levels - 1);
	}

	private boolean supportsAny(Collection<?> elements, int levels) throws Throwable {
		int inspected = 0;
		for (Object element : elements) {
			if (supports(element, levels)) {
				return true;
			}
			if (++inspected == INSPECTED_ELEMENTS) {
				return false;
			}
		}
		return false;
	}

	/**
	 * Load the vocabulary of a model, if it has a public one, on the calling thread;
	 * takes about half a second and 30 MB of heap for the first model of each family.
	 * Meant for a thread that no request waits for. A failure is counted and logged, not
	 * thrown; the model is then estimated without.
	 * @param model the provider's name of the model
	 */
	public void warmUp(String model) {
		Vocabulary vocabulary = this.models.find(model).vocabulary();
		if (vocabulary != null) {
			this.textCounters.load(vocabulary);
		}
	}

	/**
	 * Return how often something could only be guessed: a custom counter that threw, a
	 * value of an unknown type, an image, a vocabulary that can't be loaded.
	 * @return the count since the start
	 */
	public long failures() {
		return this.failures.count();
	}

}

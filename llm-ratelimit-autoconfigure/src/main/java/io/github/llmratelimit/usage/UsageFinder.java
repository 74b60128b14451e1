package io.github.llmratelimit.usage;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

import io.github.llmratelimit.Usage;
import org.jspecify.annotations.Nullable;

/**
 * All extractors as one that does not throw: the application's, then what is built in.
 * <p>
 * Built in is any value with the {@code usage} of OpenAI (Chat Completions, Responses) or
 * Anthropic, as a {@code Map}, a tree of Jackson 3, a record or a bean, in snake or camel
 * case, or the whole response as text where Jackson 3 is there. It may be the value
 * itself, or lie up to two objects below it in members with usual names
 * ({@code response}, {@code metadata}, {@code body}, ...) or in any component of a
 * record. In a list of chunks the last one counts, completed by earlier ones. Usage
 * without input, or of nothing but zeros, is unknown. Nothing is waited for or consumed.
 */
public final class UsageFinder {

	private static final Logger logger = System.getLogger(UsageExtractor.class.getName());

	private final UsageExtractor[] extractors;

	private final LongAdder failures = new LongAdder();

	private final Set<Class<?>> broken = ConcurrentHashMap.newKeySet();

	/**
	 * Creates a finder.
	 * @param extractors the application's extractors, in their order
	 */
	public UsageFinder(List<UsageExtractor> extractors) {
		this.extractors = new UsageExtractor[extractors.size() + 1];
		for (int i = 0; i < extractors.size(); i++) {
			this.extractors[i] = extractors.get(i);
		}
		this.extractors[extractors.size()] = new ResultUsage();
	}

	/**
	 * Finds the usage in a return value.
	 * @param result what the method returned
	 * @return the usage, or {@code null} if none was found
	 */
	public @Nullable Usage find(@Nullable Object result) {
		if (result == null) {
			return null;
		}
		for (UsageExtractor extractor : this.extractors) {
			try {
				Usage usage = extractor.extract(result);
				if (usage != null) {
					return usage;
				}
			}
			catch (Throwable ex) { // also of a stack that overflows on the value
				Fatal.rethrow(ex);
				failed(extractor, ex);
			}
		}
		return null;
	}

	/**
	 * How often an extractor has failed.
	 * @return the count since the start
	 */
	public long failures() {
		return this.failures.sum();
	}

	private void failed(UsageExtractor extractor, Throwable ex) {
		this.failures.increment();
		if (this.broken.add(extractor.getClass())) {
			logger.log(Level.WARNING, "A usage extractor failed and is still asked; further failures are only counted: "
					+ extractor.getClass().getName(), ex);
		}
	}

}

package io.github.llmratelimit.aop;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * What could not be read of one method's annotation while calls are made. None of it
 * fails a call; it is counted, and logged once per attribute: a broken expression a
 * second must not become a log line a second.
 */
final class AttributeFailures {

	private static final Log logger = LogFactory.getLog(AttributeFailures.class);

	private final AnnotatedMethod method;

	private final LongAdder count;

	private final Set<String> logged = ConcurrentHashMap.newKeySet();

	AttributeFailures(AnnotatedMethod method, LongAdder count) {
		this.method = method;
		this.count = count;
	}

	/**
	 * An attribute's value can't be used.
	 * @param attribute its name
	 * @param problem what is wrong with it
	 * @param instead what is done instead
	 * @param cause what was thrown, if anything
	 */
	void add(String attribute, String problem, String instead, @Nullable Throwable cause) {
		this.count.increment();
		if (this.logged.add(attribute)) {
			logger.warn("Invalid %s in a call of %s: %s. Instead, %s. Further ones are only counted."
				.formatted(attribute, this.method, problem, instead), cause);
		}
	}

	/**
	 * Throws on what no fallback may hide: a JVM that runs out of memory or is broken. A
	 * stack that overflows on a deep value isn't that.
	 */
	static void throwIfFatal(Throwable failure) {
		if (failure instanceof VirtualMachineError error && !(failure instanceof StackOverflowError)) {
			throw error;
		}
	}

}

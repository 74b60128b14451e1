package io.github.llmratelimit.tokens;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.LongAdder;

import org.jspecify.annotations.Nullable;

/**
 * Counts what could only be guessed, and says so once per kind: a prompt a second must
 * not become a log line a second.
 */
final class Failures {

	private static final Logger logger = System.getLogger(Failures.class.getPackageName());

	private final LongAdder count = new LongAdder();

	private final AtomicIntegerArray logged = new AtomicIntegerArray(Kind.values().length);

	void record(Kind kind, @Nullable Object culprit, @Nullable Throwable cause) {
		this.count.increment();
		if (this.logged.compareAndSet(kind.ordinal(), 0, 1)) {
			logger.log(Level.WARNING, kind.message.formatted(name(culprit)) + " Further ones are only counted.", cause);
		}
	}

	private static String name(@Nullable Object culprit) {
		if (culprit == null || culprit instanceof Enum<?> || culprit instanceof String) {
			return String.valueOf(culprit);
		}
		return culprit.getClass().getName();
	}

	long count() {
		return this.count.sum();
	}

	/**
	 * Throw on what no estimate may hide: a JVM that runs out of memory or is broken. A
	 * stack that overflows on a deep value isn't that.
	 * @param cause what was caught
	 */
	static void throwIfFatal(Throwable cause) {
		if (cause instanceof VirtualMachineError error && !(cause instanceof StackOverflowError)) {
			throw error;
		}
	}

	/** What can fail. */
	enum Kind {

		/** A counter of the application threw or answered a negative number. */
		COUNTER("The TokenCounter %s failed, so the value is counted without it."),

		/** A collection, map or accessor threw while it was read. */
		CONTENT("The content of %s can't be read, so its tokens are guessed."),

		/** A value of a type that nobody counts. */
		TYPE("The tokens of %s are guessed from its toString(); a TokenCounter bean can count them."),

		/** An image, a sound or a file. */
		MEDIA("The tokens of the image, sound or file %s are guessed; a TokenCounter bean can count them."),

		/** A vocabulary can't be loaded. */
		VOCABULARY("The vocabulary %s can't be loaded, so tokens are estimated without it."),

		/** The tokenizer threw. */
		TOKENIZER("The tokenizer of %s failed, so tokens are guessed from the size of the text.");

		private final String message;

		Kind(String message) {
			this.message = message;
		}

	}

}

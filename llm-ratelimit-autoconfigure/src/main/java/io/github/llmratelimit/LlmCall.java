package io.github.llmratelimit;

import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * The limited call that the current thread is making. A method that runs inside one can
 * look at it and tell it what the call took.
 */
public interface LlmCall {

	/**
	 * Returns the limited call that this thread is making.
	 * @return the innermost call, or nothing outside of one
	 */
	static Optional<LlmCall> current() {
		return Optional.ofNullable(CurrentCall.get());
	}

	/**
	 * Makes a call the current one of this thread until the scope is closed. For code
	 * that runs bodies of calls; applications need it only to carry a call over to
	 * another thread.
	 * @param call the call
	 * @return what ends the scope, on the same thread
	 */
	static Scope open(LlmCall call) {
		return CurrentCall.open(call);
	}

	/**
	 * Returns the model that was granted.
	 * @return its name
	 */
	String model();

	/**
	 * Returns which attempt this is.
	 * @return 1 for the first
	 */
	int attempt();

	/**
	 * Tells what the provider said the call took. The last report of an attempt counts.
	 * If the attempt sends several requests through Spring's clients, as many reports are
	 * added up: one for each, or one sum at the end.
	 * @param usage the usage
	 */
	void recordUsage(Usage usage);

	/** Ends a call's time as the current one. */
	interface Scope extends AutoCloseable {

		@Override
		void close();

	}

	/**
	 * Returns the current call without an allocation.
	 * @return the innermost call, or {@code null}
	 */
	static @Nullable LlmCall currentOrNull() {
		return CurrentCall.get();
	}

}

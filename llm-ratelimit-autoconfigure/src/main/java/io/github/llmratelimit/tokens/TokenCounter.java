package io.github.llmratelimit.tokens;

/**
 * Counts the tokens of values that the built-in counting doesn't know, or knows less well
 * than the application: own message types, images, a tokenizer of another vendor.
 * <p>
 * Counters are asked in their order and before the built-in counting, for the argument
 * itself and for everything found inside it. Implementations must be thread-safe and
 * quick: they run on the thread of every limited call.
 */
public interface TokenCounter {

	/**
	 * Tell whether this counter counts the given value.
	 * @param value an argument, or an element, message or part inside one
	 * @return whether {@link #count} is to be asked for it
	 */
	boolean supports(Object value);

	/**
	 * Count the tokens of a value, everything included: nothing is added for the message
	 * that it may be.
	 * <p>
	 * A counter that throws, or answers a negative number, doesn't fail the call: the
	 * failure is counted and the next counter asked.
	 * @param model the provider's name of the model
	 * @param value a value that {@link #supports} accepted
	 * @return the tokens, never negative
	 */
	long count(String model, Object value);

}

package io.github.llmratelimit.tokens;

/**
 * The exact tokens of a text; the only part of counting that is expensive. Thread-safe.
 */
@FunctionalInterface
interface TextTokenizer {

	/**
	 * Count exactly. Marks of special tokens such as {@code <|endoftext|>} are text.
	 * @param text the text, possibly malformed
	 * @return its tokens
	 */
	int count(String text);

}

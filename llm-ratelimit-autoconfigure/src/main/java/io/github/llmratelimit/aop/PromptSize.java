package io.github.llmratelimit.aop;

import java.util.Arrays;
import java.util.Collection;

import org.jspecify.annotations.Nullable;

/**
 * The size of a prompt whose tokens can't be counted: its UTF-8 bytes, without looking
 * closely and without failing.
 */
final class PromptSize {

	/** Elements of a collection that are looked at. */
	private static final int MOST_ELEMENTS = 1_000;

	/** Collections inside collections that are looked at. */
	private static final int DEEPEST = 4;

	private PromptSize() {
	}

	static long bytes(@Nullable Object value) {
		try {
			return bytes(value, DEEPEST);
		}
		catch (Throwable ex) { // an argument's own code may throw whatever it likes
			AttributeFailures.throwIfFatal(ex);
			return 0;
		}
	}

	private static long bytes(@Nullable Object value, int depth) {
		if (value == null || depth == 0) {
			return 0;
		}
		if (value instanceof CharSequence text) {
			return utf8(text);
		}
		if (value instanceof Object[] array) {
			return bytes(Arrays.asList(array), depth);
		}
		if (value instanceof Collection<?> collection) {
			long sum = 0;
			int left = MOST_ELEMENTS;
			for (Object element : collection) {
				if (left-- == 0) {
					// the rest is taken to be like the beginning
					return sum / MOST_ELEMENTS * collection.size();
				}
				sum += bytes(element, depth - 1);
			}
			return sum;
		}
		return utf8(value.toString());
	}

	private static long utf8(CharSequence text) {
		long bytes = text.length();
		for (int i = 0; i < text.length(); i++) {
			char character = text.charAt(i);
			if (character >= 0x800 && !Character.isSurrogate(character)) {
				bytes += 2;
			}
			else if (character >= 0x80) {
				// also half of a surrogate pair, which is 4 bytes
				bytes++;
			}
		}
		return bytes;
	}

}

package io.github.llmratelimit.tokens;

import java.util.List;
import java.util.SplittableRandom;

/**
 * Some texts seen as one after the other, and windows spread evenly over them.
 */
final class TextWindows {

	/** How far the edge of a window may move to meet a blank. */
	private static final int EDGE = 24;

	private final List<String> texts;

	private final long characters;

	TextWindows(List<String> texts) {
		this.texts = texts;
		long characters = 0;
		for (String text : texts) {
			characters += text.length();
		}
		this.characters = characters;
	}

	List<String> texts() {
		return this.texts;
	}

	long characters() {
		return this.characters;
	}

	/**
	 * Return how long windows are on average: shorter than asked for where texts are.
	 * @param size the length asked for
	 * @return the length that {@link #visit} can be expected to meet
	 */
	double averageLength(int size) {
		double sum = 0;
		for (String text : this.texts) {
			sum += (double) text.length() * Math.min(text.length(), size);
		}
		return sum / this.characters;
	}

	/**
	 * Divide the texts into strata of equal length and visit one window at a random place
	 * of each. The places are the same for the same lengths, so that repeated estimates
	 * agree. Edges lie before a blank where there is one near, never inside a surrogate
	 * pair.
	 * @param count how many windows, at most one per character
	 * @param size their length; a shorter text is a window as a whole
	 * @param visitor what to do with each
	 */
	void visit(int count, int size, Visitor visitor) {
		SplittableRandom random = new SplittableRandom(this.characters);
		double stratum = (double) this.characters / count;
		int index = 0;
		long start = 0; // of the text at index
		for (int i = 0; i < count; i++) {
			long place = Math.min(this.characters - 1, (long) ((i + random.nextDouble()) * stratum));
			while (place >= start + this.texts.get(index).length()) {
				start += this.texts.get(index).length();
				index++;
			}
			String text = this.texts.get(index);
			int from = (int) Math.min(place - start, Math.max(0, text.length() - size));
			from = edge(text, from);
			visitor.visit(text, from, edge(text, Math.min(from + size, text.length())));
		}
	}

	private static int edge(String text, int place) {
		if (place == 0) {
			return 0;
		}
		int end = Math.min(text.length(), place + EDGE);
		for (int i = place; i < end; i++) {
			if (Character.isWhitespace(text.charAt(i)) && !Character.isWhitespace(text.charAt(i - 1))) {
				return i;
			}
		}
		boolean insidePair = place < text.length() && Character.isLowSurrogate(text.charAt(place))
				&& Character.isHighSurrogate(text.charAt(place - 1));
		return insidePair ? place - 1 : place;
	}

	/**
	 * Sees the windows in their order.
	 */
	@FunctionalInterface
	interface Visitor {

		void visit(String text, int from, int to);

	}

}

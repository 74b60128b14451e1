package io.github.llmratelimit.tokens;

import java.util.concurrent.atomic.AtomicReferenceArray;

import org.jspecify.annotations.Nullable;

/**
 * Remembers the tokens of texts that come again, such as system prompts and the earlier
 * messages of a conversation.
 */
final class TextMemo {

	/*
	 * Problem: every call counts the same system prompt; looking it up must cost far less
	 * than counting, hold a bounded amount of memory and never make threads wait.
	 *
	 * Simple scheme: a concurrent map from text to tokens that is emptied when full.
	 *
	 * Why it fails: most prompts never come again, so it would be full of them; String's
	 * hash reads the whole text, a microsecond for each KB of a freshly built prompt; its
	 * memory depends on the size of the prompts.
	 *
	 * Chosen scheme: two tables, for short and for long texts, each a fixed array of
	 * pairs of places. The hash reads at most 16 characters, so texts that differ
	 * elsewhere share a pair; the comparison decides. A hit marks its entry; a new text
	 * takes the place of an unmarked entry of its pair, and when both are marked they
	 * lose their marks. So a text that comes again stays while texts that come once pass
	 * by. Races are harmless: entries are immutable but for the mark, and a lost update
	 * is a text that is counted once more.
	 *
	 * Numbers: 2 x 512 texts of up to 2,048 characters and 2 x 16 of up to 65,536 are at
	 * most 8 MB (4 MB if they are Latin), reached only by texts that are all that long. A
	 * hit takes 15 to 60 ns.
	 */

	/** Longest text of the table of short ones. */
	static final int SHORT_CHARACTERS = 2_048;

	/** Longest text that is remembered. */
	static final int LONG_CHARACTERS = 65_536;

	private static final int SHORT_PAIRS = 512;

	private static final int LONG_PAIRS = 16;

	private static final int HASHED_CHARACTERS = 16;

	private final AtomicReferenceArray<@Nullable Entry> shortTexts = new AtomicReferenceArray<>(2 * SHORT_PAIRS);

	private final AtomicReferenceArray<@Nullable Entry> longTexts = new AtomicReferenceArray<>(2 * LONG_PAIRS);

	/**
	 * Look a text up.
	 * @param text the text
	 * @return its tokens, or -1 if it isn't remembered
	 */
	long get(String text) {
		if (text.length() > LONG_CHARACTERS) {
			return -1;
		}
		AtomicReferenceArray<@Nullable Entry> table = table(text);
		int place = place(text, table);
		Entry entry = table.getAcquire(place);
		if (entry == null || !entry.text.equals(text)) {
			entry = table.getAcquire(place + 1);
			if (entry == null || !entry.text.equals(text)) {
				return -1;
			}
		}
		if (!entry.marked) { // no write when a hot text is hit again
			entry.marked = true;
		}
		return entry.tokens;
	}

	/**
	 * Remember a text, if it isn't too long and others don't deserve the place more.
	 * @param text the text
	 * @param tokens its tokens
	 */
	void put(String text, long tokens) {
		if (text.length() > LONG_CHARACTERS) {
			return;
		}
		AtomicReferenceArray<@Nullable Entry> table = table(text);
		int place = place(text, table);
		Entry first = table.getAcquire(place);
		Entry second = table.getAcquire(place + 1);
		if (first != null && first.marked && second != null && second.marked) {
			first.marked = false;
			second.marked = false;
		}
		else {
			int victim = (first == null || (second != null && second.marked)) ? place : place + 1;
			table.setRelease(victim, new Entry(text, tokens));
		}
	}

	private AtomicReferenceArray<@Nullable Entry> table(String text) {
		return (text.length() <= SHORT_CHARACTERS) ? this.shortTexts : this.longTexts;
	}

	private static int place(String text, AtomicReferenceArray<@Nullable Entry> table) {
		int length = text.length();
		int hash = length;
		int step = length / HASHED_CHARACTERS + 1;
		for (int i = length - 1; i >= 0; i -= step) {
			hash = 31 * hash + text.charAt(i);
		}
		hash *= 0x9E3779B9; // spread to the upper bits
		return ((hash >>> 16) & (table.length() / 2 - 1)) * 2;
	}

	private static final class Entry {

		private final String text;

		private final long tokens;

		/** Whether the text came again; a race may lose a mark, which is harmless. */
		private boolean marked;

		Entry(String text, long tokens) {
			this.text = text;
			this.tokens = tokens;
		}

	}

}

package io.github.llmratelimit.tokens;

import java.util.ArrayList;
import java.util.List;

/**
 * Counts the tokens of texts by a tokenizer, exactly where that is cheap, else from
 * samples. Thread-safe.
 */
final class TextCounter {

	/*
	 * Problem: an estimate must take at most 5 ms whatever the text. Counting 200 KB
	 * exactly takes 10 ms of English, 100 ms of Chinese and 0.2 s and 140 MB of garbage
	 * of random letters.
	 *
	 * Simple scheme: count the first 64 KB, estimate the rest by characters per token.
	 *
	 * Why it fails: 64 KB of Chinese take 30 ms already, and a prompt often begins with
	 * instructions and goes on with data that has other characters per token.
	 *
	 * Chosen scheme: size all texts of the call up without a vocabulary (TextProfile, 2
	 * ns a character). If the work that this foretells is within WORK_LIMIT, count
	 * exactly. If not, count as many windows of WINDOW characters as the limit pays for,
	 * one at a random place of each of equally long strata, and scale the size by what
	 * they say:
	 *
	 * tokens = size of all x (tokens of the windows / size of the windows)
	 *
	 * The size knows scripts, so windows need only tell how far it is off; a text that is
	 * half English and half Chinese is no harder than each. The answer is raised by twice
	 * its standard error, 1 % at least: a limit that is exceeded costs more than one that
	 * isn't quite used.
	 *
	 * Numbers, for 200,000 characters and o200k, in CPU time on two shared cores: English
	 * 1.5 ms (exactly: 13), Chinese 1.1 (45), random lower-case letters 0.7 (300), base64
	 * 3.8 (41), which is the slowest of 42 kinds; 20 MB of English 1.5 ms. The tokenizer
	 * is given 10,000 to 16,000 characters of text in Latin letters, 2,000 to 5,000 of
	 * other scripts, 2,000 to 10,000 of a hostile text. Error: −1 to +5 % for natural
	 * text of one kind, −3 to +6 % for random characters of one kind, up to +20 % for two
	 * kinds that differ as wildly as Chinese and random ideographs. cl100k, to which
	 * scripts are less alike: up to +23 % for a dozen languages at once. 3,000 short
	 * messages: +3 % on average, −1 to +9 % at the extremes. A pattern such as "-=-=" for
	 * pages has fewer tokens than its pieces: +37 %.
	 */

	/** Work that one estimate may cost, in the unit of {@link TextProfile#work()}. */
	static final double WORK_LIMIT = 1_000_000;

	/** Characters of a sample: long enough that its edges hardly matter. */
	static final int WINDOW = 128;

	/** Fewer samples say too little about their own error. */
	static final int MIN_WINDOWS = 8;

	private static final double STANDARD_ERRORS = 2;

	private static final double MIN_MARGIN = 0.01;

	/** Samples that differ more than this say that nothing is known. */
	private static final double MAX_MARGIN = 0.25;

	private final TextTokenizer tokenizer;

	private final TextMemo memo = new TextMemo();

	TextCounter(TextTokenizer tokenizer) {
		this.tokenizer = tokenizer;
	}

	/**
	 * Count the tokens of one text.
	 * @param text the text
	 * @return its tokens, exactly or as an upper estimate
	 */
	long count(String text) {
		long known = this.memo.get(text);
		if (known >= 0) {
			return known;
		}
		TextWindows windows = new TextWindows(List.of(text));
		TextSize size = TextSize.of(windows);
		long tokens = isCheap(size) ? this.tokenizer.count(text) : sample(windows, size);
		this.memo.put(text, tokens);
		return tokens;
	}

	/**
	 * Count the tokens of all texts of a call, for no more work than those of one.
	 * @param texts the texts
	 * @return the sum of their tokens
	 */
	long count(List<String> texts) {
		if (texts.size() == 1) {
			return count(texts.get(0));
		}
		long tokens = 0;
		List<String> unknown = new ArrayList<>();
		for (String text : texts) {
			long known = this.memo.get(text);
			if (known >= 0) {
				tokens += known;
			}
			else {
				unknown.add(text);
			}
		}
		TextWindows windows = new TextWindows(unknown);
		TextSize size = TextSize.of(windows);
		return tokens + (isCheap(size) ? countExactly(unknown) : sample(windows, size));
	}

	private static boolean isCheap(TextSize size) {
		return size.complete() && size.work() + size.textWork() <= WORK_LIMIT;
	}

	private long countExactly(List<String> texts) {
		long tokens = 0;
		for (String text : texts) {
			long exact = this.tokenizer.count(text);
			this.memo.put(text, exact);
			tokens += exact;
		}
		return tokens;
	}

	private long sample(TextWindows windows, TextSize size) {
		double windowWork = size.work() / windows.characters() * windows.averageLength(WINDOW) + TextSize.TEXT_WORK;
		int count = (int) Math.max(MIN_WINDOWS, WORK_LIMIT / windowWork);
		Densities tokens = new Densities(count);
		Densities sizes = new Densities(count);
		windows.visit(count, WINDOW, (text, from, to) -> {
			tokens.add(this.tokenizer.count(text.substring(from, to)), to - from);
			sizes.add(new TextProfile().add(text, from, to).tokens(), to - from);
		});
		if (sizes.mean() == 0) { // nothing but single blanks
			return (long) Math.ceil(tokens.mean() * windows.characters());
		}
		double error = Math.hypot(tokens.ratioError(sizes), size.error());
		double margin = Math.max(MIN_MARGIN, Math.min(MAX_MARGIN, STANDARD_ERRORS * error));
		return (long) Math.ceil(size.tokens() * tokens.mean() / sizes.mean() * (1 + margin));
	}

}

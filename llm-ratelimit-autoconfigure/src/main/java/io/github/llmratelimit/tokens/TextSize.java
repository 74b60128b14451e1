package io.github.llmratelimit.tokens;

import java.util.List;

/**
 * What can be said of texts without a vocabulary.
 *
 * @param tokens the estimated tokens
 * @param error the standard error of these for not having read all, relative to them
 * @param work what counting their characters exactly would cost, in the unit of
 * {@link TextProfile#work()}
 * @param textWork what it would cost besides, for each text
 * @param complete whether all of them was read, rather than windows of it
 */
record TextSize(double tokens, double error, double work, double textWork, boolean complete) {

	/** Characters that are read at most: half a millisecond. */
	static final int CHARACTER_LIMIT = 262_144;

	private static final int WINDOW = 1_024;

	/** Work per text or window, however short. */
	static final double TEXT_WORK = 1_000;

	static TextSize of(TextWindows windows) {
		double textWork = windows.texts().size() * TEXT_WORK;
		if (windows.characters() <= CHARACTER_LIMIT) {
			TextProfile profile = new TextProfile();
			for (String text : windows.texts()) {
				profile.add(text, 0, text.length());
			}
			return new TextSize(profile.tokens(), 0, profile.work(), textWork, true);
		}
		int count = (int) (CHARACTER_LIMIT / windows.averageLength(WINDOW));
		Densities tokens = new Densities(count);
		Densities work = new Densities(count);
		windows.visit(count, WINDOW, (text, from, to) -> {
			TextProfile profile = new TextProfile().add(text, from, to);
			tokens.add(profile.tokens(), to - from);
			work.add(profile.work(), to - from);
		});
		double characters = windows.characters();
		return new TextSize(tokens.mean() * characters, tokens.error(), work.mean() * characters, textWork, false);
	}

	/**
	 * Return the size of texts where nothing else can be told.
	 * @param texts the texts
	 * @return their UTF-8 bytes; of the characters above the limit, the most they can
	 * have
	 */
	static long bytes(List<String> texts) {
		long bytes = 0;
		long left = CHARACTER_LIMIT;
		for (String text : texts) {
			if (text.length() <= left) {
				bytes += TextProfile.utf8Bytes(text);
				left -= text.length();
			}
			else {
				bytes += 3L * text.length();
			}
		}
		return bytes;
	}

}

package io.github.llmratelimit.autoconfigure.diagnostics;

import java.util.Collection;

import org.jspecify.annotations.Nullable;

/**
 * Guesses what somebody meant to type.
 */
public final class Suggestions {

	private Suggestions() {
	}

	/**
	 * Finds the word that is most like another.
	 * @param typed what was typed
	 * @param words what could be meant
	 * @return one of the words, or {@code null} if none is near enough: one slip, and a
	 * further one for every four characters
	 */
	public static @Nullable String closest(String typed, Collection<String> words) {
		String closest = null;
		int smallest = 2 + typed.length() / 4;
		for (String word : words) {
			int distance = distance(typed, word);
			if (distance < smallest) {
				smallest = distance;
				closest = word;
			}
		}
		return closest;
	}

	/** How many characters are missing, added, replaced, or swapped with the next. */
	private static int distance(String one, String other) {
		int[][] distances = new int[one.length() + 1][other.length() + 1];
		for (int i = 0; i <= one.length(); i++) {
			for (int j = 0; j <= other.length(); j++) {
				distances[i][j] = (Math.min(i, j) == 0) ? Math.max(i, j) : distance(distances, one, i, other, j);
			}
		}
		return distances[one.length()][other.length()];
	}

	private static int distance(int[][] distances, String one, int i, String other, int j) {
		boolean same = one.charAt(i - 1) == other.charAt(j - 1);
		int distance = Math.min(distances[i - 1][j - 1] + (same ? 0 : 1),
				Math.min(distances[i - 1][j], distances[i][j - 1]) + 1);
		boolean swapped = i > 1 && j > 1 && one.charAt(i - 1) == other.charAt(j - 2)
				&& one.charAt(i - 2) == other.charAt(j - 1);
		return swapped ? Math.min(distance, distances[i - 2][j - 2] + 1) : distance;
	}

}

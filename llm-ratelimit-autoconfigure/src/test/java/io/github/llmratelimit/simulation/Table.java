package io.github.llmratelimit.simulation;

import java.util.ArrayList;
import java.util.List;

/**
 * A table in Markdown that is easy to read in a terminal too: words to the left, numbers
 * to the right.
 */
final class Table {

	private final int words;

	private final List<List<String>> rows = new ArrayList<>();

	/**
	 * Begins a table.
	 * @param words how many columns hold words, at the left
	 * @param titles titles of the columns
	 */
	Table(int words, List<String> titles) {
		this.words = words;
		this.rows.add(titles);
	}

	/** Adds a row; cells that are missing at its end are empty. */
	void add(List<String> cells) {
		this.rows.add(cells);
	}

	@Override
	public String toString() {
		StringBuilder text = new StringBuilder();
		int[] widths = widths();
		append(text, this.rows.get(0), widths);
		text.append('|');
		for (int column = 0; column < widths.length; column++) {
			text.append("-".repeat(widths[column] + 1)).append((column < this.words) ? '-' : ':').append('|');
		}
		text.append('\n');
		this.rows.subList(1, this.rows.size()).forEach((row) -> append(text, row, widths));
		return text.toString();
	}

	private int[] widths() {
		int[] widths = new int[this.rows.get(0).size()];
		for (List<String> row : this.rows) {
			for (int column = 0; column < row.size(); column++) {
				widths[column] = Math.max(widths[column], row.get(column).length());
			}
		}
		return widths;
	}

	private void append(StringBuilder text, List<String> row, int[] widths) {
		text.append('|');
		for (int column = 0; column < widths.length; column++) {
			String cell = (column < row.size()) ? row.get(column) : "";
			String padding = " ".repeat(widths[column] - cell.length());
			text.append(' ').append((column < this.words) ? cell + padding : padding + cell).append(" |");
		}
		text.append('\n');
	}

}

package io.github.llmratelimit.provider;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds the data of server-sent events. One {@code data:} line is one event here, since
 * every provider sends its JSON in one line.
 */
final class EventStream {

	private static final List<String> BEGINNINGS = List.of("data:", "event:", "id:", "retry:", ":");

	private EventStream() {
	}

	static boolean begins(String text) {
		return BEGINNINGS.stream().anyMatch(text::startsWith);
	}

	/**
	 * Return what follows {@code data:} in each line that begins so.
	 */
	static List<String> data(String text) {
		List<String> data = new ArrayList<>();
		int start = 0;
		while (start < text.length()) {
			int end = endOfLine(text, start);
			if (text.startsWith("data:", start)) {
				data.add(text.substring(start + "data:".length(), end));
			}
			start = end + 1;
		}
		return data;
	}

	private static int endOfLine(String text, int start) {
		int end = start;
		while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
			end++;
		}
		return end;
	}

}

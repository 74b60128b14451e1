package io.github.llmratelimit.provider;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The header fields of a response: names in any case, values without blanks around them,
 * one value per field line. Immutable.
 */
public final class HttpFields {

	/** No fields. */
	public static final HttpFields EMPTY = new HttpFields(Map.of());

	private final Map<String, List<String>> valuesByName;

	private HttpFields(Map<String, List<String>> valuesByName) {
		this.valuesByName = valuesByName;
	}

	/**
	 * Create fields from the headers of any HTTP client. What is {@code null} is left
	 * out: the map, a name (some clients file the status line under it), a value.
	 * @param headers names and their lines
	 * @return the fields
	 */
	public static HttpFields of(@Nullable Map<String, ? extends Collection<String>> headers) {
		if (headers == null || headers.isEmpty()) {
			return EMPTY;
		}
		Map<String, List<String>> valuesByName = new HashMap<>(headers.size() * 2);
		headers.forEach((name, values) -> add(valuesByName, name, values));
		return new HttpFields(valuesByName);
	}

	private static void add(Map<String, List<String>> valuesByName, @Nullable String name,
			@Nullable Collection<String> values) {
		if (name == null || values == null) {
			return;
		}
		List<String> lines = new ArrayList<>(values.size());
		for (String value : values) {
			addLine(lines, value);
		}
		// the same name in another case is the same field
		valuesByName.merge(name.trim().toLowerCase(Locale.ROOT), List.copyOf(lines), HttpFields::join);
	}

	private static void addLine(List<String> lines, @Nullable String value) {
		if (value != null) {
			lines.add(value.trim());
		}
	}

	private static List<String> join(List<String> first, List<String> second) {
		List<String> all = new ArrayList<>(first);
		all.addAll(second);
		return List.copyOf(all);
	}

	/**
	 * Return all lines of a field.
	 * @param name the name in any case
	 * @return the values, empty if there is no such field
	 */
	public List<String> values(String name) {
		return this.valuesByName.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
	}

	/**
	 * Return the first line of a field.
	 * @param name the name in any case
	 * @return the value, or {@code null} if there is no such field
	 */
	public @Nullable String first(String name) {
		List<String> values = values(name);
		return values.isEmpty() ? null : values.get(0);
	}

	boolean isEmpty() {
		return this.valuesByName.isEmpty();
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof HttpFields fields && this.valuesByName.equals(fields.valuesByName);
	}

	@Override
	public int hashCode() {
		return this.valuesByName.hashCode();
	}

	/**
	 * Return the names only, since values may be secret.
	 */
	@Override
	public String toString() {
		return "HttpFields" + this.valuesByName.keySet();
	}

}

package io.github.llmratelimit.autoconfigure.tiers;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * A part of a bundled file, of which everything has to be read.
 */
final class YamlNode {

	private final String place;

	private final Map<?, ?> entries;

	private final Set<String> read = new HashSet<>();

	YamlNode(String place, Map<?, ?> entries) {
		this.place = place;
		this.entries = entries;
	}

	/**
	 * Reads a part as a whole.
	 * @param reader makes a value of it
	 * @return the value
	 * @throws IllegalStateException if an entry was not asked for
	 */
	<T> T read(Function<YamlNode, T> reader) {
		T value = reader.apply(this);
		for (Object key : this.entries.keySet()) {
			if (!this.read.contains(String.valueOf(key))) {
				throw new IllegalStateException("Invalid entry (%s): has no meaning in %s.".formatted(key, this.place));
			}
		}
		return value;
	}

	@Nullable String text(String key) {
		Object value = value(key);
		if (value == null || value instanceof String || value instanceof Number) {
			return (value != null) ? value.toString() : null;
		}
		throw new IllegalStateException(
				"Invalid %s (%s) in %s: must be text; put dates in quotes.".formatted(key, value, this.place));
	}

	String text(String key, String usual) {
		String text = text(key);
		return (text != null) ? text : usual;
	}

	@Nullable Double number(String key) {
		String text = text(key);
		return (text != null) ? Double.valueOf(text) : null;
	}

	double number(String key, double usual) {
		Double number = number(key);
		return (number != null) ? number : usual;
	}

	<E extends Enum<E>> E constant(Class<E> type, String key, E usual) {
		String text = text(key);
		return (text != null) ? Enum.valueOf(type, text.toUpperCase(Locale.ROOT).replace('-', '_')) : usual;
	}

	List<String> texts(String key) {
		return elements(key).map(String::valueOf).toList();
	}

	<T> List<T> list(String key, Function<YamlNode, T> reader) {
		return elements(key).map((element) -> node(key, element).read(reader)).toList();
	}

	<T> Map<String, T> map(String key, Function<YamlNode, T> reader) {
		Map<String, T> map = new LinkedHashMap<>();
		Object value = value(key);
		if (value != null) {
			YamlNode node = node(key, value);
			node.entries.forEach((name, entry) -> map.put(String.valueOf(name),
					node.node(String.valueOf(name), entry).read(reader)));
		}
		return map;
	}

	/** All entries of this part, whatever they are called. */
	<T> Map<String, T> all(Function<YamlNode, T> reader) {
		Map<String, T> map = new LinkedHashMap<>();
		this.entries.forEach((name, entry) -> {
			this.read.add(String.valueOf(name));
			map.put(String.valueOf(name), node(String.valueOf(name), entry).read(reader));
		});
		return map;
	}

	private Stream<?> elements(String key) {
		Object value = value(key);
		return (value instanceof Collection<?> elements) ? elements.stream() : Stream.ofNullable(value);
	}

	private YamlNode node(String key, @Nullable Object value) {
		if (value instanceof Map<?, ?> map) {
			return new YamlNode(this.place + ", " + key, map);
		}
		throw new IllegalStateException("Invalid %s (%s) in %s: must have entries.".formatted(key, value, this.place));
	}

	private @Nullable Object value(String key) {
		this.read.add(key);
		return this.entries.get(key);
	}

}

package io.github.llmratelimit.autoconfigure.diagnostics;

import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.github.llmratelimit.autoconfigure.diagnostics.NameElements.Element;
import io.github.llmratelimit.autoconfigure.properties.LlmRateLimitProperties;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Name;

/**
 * Which properties there are, read from the records that they are bound to.
 */
final class PropertyTree {

	/** What holds the name of an entry whose key can't, by type of the entry. */
	private static final Map<Type, String> NAME_PROPERTIES = Map.of(LlmRateLimitProperties.Model.class, KeyCheck.NAME,
			LlmRateLimitProperties.TierRow.class, KeyCheck.NAME, LlmRateLimitProperties.Tenant.class, KeyCheck.ID);

	private PropertyTree() {
	}

	/**
	 * Finds what is wrong with a name.
	 * @param elements the name without our prefix
	 * @return the first element that isn't known, or {@code null} if all are
	 */
	static @Nullable Unknown findUnknown(List<Element> elements) {
		return findUnknown(LlmRateLimitProperties.class, elements, 0);
	}

	private static @Nullable Unknown findUnknown(Type type, List<Element> elements, int index) {
		if (index == elements.size()) {
			return null;
		}
		if (type instanceof ParameterizedType generic) {
			Type[] arguments = generic.getActualTypeArguments();
			Type value = arguments[arguments.length - 1];
			if (generic.getRawType() == List.class && !elements.get(index).bracketed()) {
				return new Unknown(index, List.of(), null);
			}
			Unknown unknown = findUnknown(value, elements, index + 1);
			return (unknown != null && unknown.index() == index + 1 && NAME_PROPERTIES.containsKey(value))
					? withDottedKey(value, elements, index, unknown) : unknown;
		}
		Map<String, Type> children = children(type);
		for (Map.Entry<String, Type> child : children.entrySet()) {
			if (NormalForm.ofKey(child.getKey()).equals(elements.get(index).normal())) {
				return findUnknown(child.getValue(), elements, index + 1);
			}
		}
		return new Unknown(index, children.keySet(), null);
	}

	/** Whether the rest makes sense if the key goes on behind the dot. */
	private static Unknown withDottedKey(Type value, List<Element> elements, int keyIndex, Unknown unknown) {
		for (int end = keyIndex + 2; end < elements.size(); end++) {
			if (findUnknown(value, elements, end) == null) {
				String key = String.join(".", elements.subList(keyIndex, end).stream().map(Element::text).toList());
				String form = KeyCheck.nameForm(key, NAME_PROPERTIES.getOrDefault(value, KeyCheck.NAME));
				return new Unknown(end - 1, unknown.known(), new DottedKey(key, form));
			}
		}
		return unknown;
	}

	/**
	 * All names that could be set, list entries left out.
	 * @param keys keys that maps have or could have, by name of the map
	 * @return the names, with our prefix
	 */
	static List<String> names(Map<String, Collection<String>> keys) {
		List<String> names = new ArrayList<>();
		collect(LlmRateLimitProperties.class, LlmRateLimitProperties.PREFIX, keys, names);
		return names;
	}

	private static void collect(Type type, String path, Map<String, Collection<String>> keys, List<String> names) {
		if (type instanceof ParameterizedType generic && generic.getRawType() == Map.class) {
			for (String key : keys.getOrDefault(path, List.of())) {
				collect(generic.getActualTypeArguments()[1], TypedProperties.child(path, key), keys, names);
			}
		}
		else if (children(type).isEmpty()) {
			names.add(path);
		}
		else {
			children(type).forEach((name, child) -> collect(child, path + "." + name, keys, names));
		}
	}

	private static Map<String, Type> children(Type type) {
		Map<String, Type> children = new LinkedHashMap<>();
		if (type instanceof Class<?> record && record.isRecord()) {
			RecordComponent[] components = record.getRecordComponents();
			Parameter[] parameters = record.getDeclaredConstructors()[0].getParameters();
			for (int i = 0; i < components.length; i++) {
				Name name = parameters[i].getAnnotation(Name.class);
				String dashed = components[i].getName().replaceAll("(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
				children.put((name != null) ? name.value() : dashed, components[i].getGenericType());
			}
		}
		return children;
	}

	/**
	 * An element that means nothing.
	 *
	 * @param index where it is
	 * @param known what could be there
	 * @param dottedKey the whole key, if it is the end of one that has a dot
	 */
	record Unknown(int index, Collection<String> known, @Nullable DottedKey dottedKey) {

	}

	/**
	 * A key that has a dot.
	 *
	 * @param text the key
	 * @param form how to write its entry
	 */
	record DottedKey(String text, String form) {

	}

}

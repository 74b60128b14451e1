package io.github.llmratelimit.autoconfigure.diagnostics;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import io.github.llmratelimit.autoconfigure.diagnostics.NameElements.Element;
import io.github.llmratelimit.autoconfigure.diagnostics.TypedProperties.Typed;
import org.jspecify.annotations.Nullable;

/**
 * Finds keys of maps that Boot reads without complaint, but not as they were meant: keys
 * with characters that it drops, and different keys that are one to it, so that each of
 * them gets the values of both.
 */
public final class KeyCheck {

	/** The elements of our prefix; the next one is the name of a property. */
	private static final int PREFIX_LENGTH = 2;

	private static final Set<String> MAPS = Set.of("models", "providers", "tenants");

	/** What holds a model's name. */
	static final String NAME = "name";

	/** What holds a tenant's name. */
	static final String ID = "id";

	private final TypedProperties properties;

	/** What was typed first, by the normal form of all that leads to it. */
	private final Map<String, Seen> seen = new HashMap<>();

	private KeyCheck(TypedProperties properties) {
		this.properties = properties;
	}

	/**
	 * Checks all keys.
	 * @param properties where they were typed
	 * @throws ConfigurationMistakeException at the first that is read otherwise
	 */
	public static void check(TypedProperties properties) {
		KeyCheck check = new KeyCheck(properties);
		// an environment variable can't hold what a file can, so it says less about keys
		check.properties.forEach((typed) -> {
			if (!typed.isVariable()) {
				check.check(typed, NameElements.of(typed.name()));
			}
		});
	}

	private void check(Typed typed, List<Element> elements) {
		String path = (elements.size() > PREFIX_LENGTH) ? elements.get(PREFIX_LENGTH).normal() : "";
		int key = PREFIX_LENGTH + (path.equals("tenants") ? 2 : 1);
		if (elements.size() <= key || !MAPS.contains(path) || isNoOverride(path, elements)) {
			return;
		}
		checkKept(typed, elements.get(key), nameProperty(path));
		path = checkUnique(typed, elements, key, path, elements.get(key).normal());
		boolean inTier = path.startsWith("providers") && elements.size() > key + 2
				&& elements.get(key + 1).normal().equals("tiers");
		if (inTier) {
			Element tier = elements.get(key + 2);
			path = checkUnique(typed, elements, key + 2, path, NormalForm.ofTier(tier.text()));
		}
		if (inTier && elements.size() > key + 3) {
			Element row = elements.get(key + 3);
			checkKept(typed, row, NAME);
			checkUnique(typed, elements, key + 3, path, row.normal());
		}
	}

	private static boolean isNoOverride(String map, List<Element> elements) {
		return map.equals("tenants") && !elements.get(PREFIX_LENGTH + 1).normal().equals("overrides");
	}

	private static @Nullable String nameProperty(String map) {
		return switch (map) {
			case "models" -> NAME;
			case "tenants" -> ID;
			default -> null;
		};
	}

	private static void checkKept(Typed typed, Element key, @Nullable String nameProperty) {
		if (!key.isKept()) {
			throw dropped(typed, key, nameProperty);
		}
	}

	/**
	 * A key of which Boot would drop a part.
	 * @param typed where it stands
	 * @param key the key
	 * @return what to tell about it
	 */
	static ConfigurationMistakeException dropped(Typed typed, Element key) {
		List<Element> elements = NameElements.of(typed.name());
		String map = elements.get(PREFIX_LENGTH).normal();
		return dropped(typed, key,
				map.equals("providers") && elements.indexOf(key) > PREFIX_LENGTH + 1 ? NAME : nameProperty(map));
	}

	private static ConfigurationMistakeException dropped(Typed typed, Element key, @Nullable String nameProperty) {
		return new ConfigurationMistakeException(
				"The key '%s' in '%s'%s can't be read: a key holds letters, digits and '-', and Spring Boot drops "
					.formatted(key.text(), typed.name(), typed.where()) + "everything else.",
				(nameProperty != null) ? nameForm(key.text(), nameProperty)
						: "Choose a plain key, e.g. '%s'.".formatted(plain(key.text())));
	}

	/**
	 * How to write an entry whose name is no key.
	 * @param name the name
	 * @param property what holds it
	 * @return the form
	 */
	static String nameForm(String name, String property) {
		return """
				Choose a plain key and write the %s beside it:

				    %s:
				      %s: %s""".formatted(property, plain(name), property, name);
	}

	private static String plain(String name) {
		String plain = name.toLowerCase(Locale.ROOT)
			.replace(".", "")
			.replaceAll("[^a-z0-9]+", "-")
			.replaceAll("^-|-$", "");
		return plain.isEmpty() ? "my-key" : plain;
	}

	private String checkUnique(Typed typed, List<Element> elements, int index, String path, String normal) {
		String key = elements.get(index).text();
		Seen other = this.seen.putIfAbsent(path + "/" + normal, new Seen(key, typed));
		if (other != null && !other.key().equals(key)) {
			throw new ConfigurationMistakeException(
					"The keys '%s'%s and '%s'%s in '%s' are the same to Spring Boot, so each would get the values of both."
						.formatted(other.key(), other.typed().where(), key, typed.where(),
								NameElements.join(elements, index)),
					"If both mean the same, write it in one way everywhere. If not, choose keys that differ in more than "
							+ "dashes, case and 'tier'; names go into 'name', those of tenants into 'id'.");
		}
		return path + "/" + normal;
	}

	private record Seen(String key, Typed typed) {

	}

}

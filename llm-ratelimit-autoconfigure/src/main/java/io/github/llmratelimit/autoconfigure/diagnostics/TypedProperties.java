package io.github.llmratelimit.autoconfigure.diagnostics;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

import io.github.llmratelimit.autoconfigure.properties.LlmRateLimitProperties;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * The properties under our prefix as the user typed them, so that a mistake can be told
 * with the name that stands in the file, and with file and line. Boot finds the origin of
 * a value only by the exact name.
 */
public final class TypedProperties {

	/** No properties: names stay as they are asked for. */
	public static final TypedProperties NONE = new TypedProperties(List.of());

	private static final Pattern PLAIN_KEY = Pattern.compile("[A-Za-z0-9_-]+");

	private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of(LlmRateLimitProperties.PREFIX);

	private final List<Source> sources;

	private TypedProperties(List<Source> sources) {
		this.sources = sources;
	}

	/** The properties of an environment; none if its sources can't be seen. */
	public static TypedProperties of(Environment environment) {
		List<Source> sources = new ArrayList<>();
		if (environment instanceof ConfigurableEnvironment configurable) {
			for (PropertySource<?> source : configurable.getPropertySources()) {
				ConfigurationPropertySource adapted = ConfigurationPropertySources
					.isAttachedConfigurationPropertySource(source) ? null : ConfigurationPropertySource.from(source);
				if (adapted != null) {
					sources.add(new Source(source, adapted));
				}
			}
		}
		return new TypedProperties(sources);
	}

	/**
	 * The name of an entry of a map.
	 * @param parent name of the map
	 * @param key key of the entry, with any characters
	 * @return the name
	 */
	public static String child(String parent, String key) {
		return PLAIN_KEY.matcher(key).matches() ? parent + "." + key : parent + "[" + key + "]";
	}

	/** All typed names under our prefix, those of the strongest source first. */
	void forEach(Consumer<Typed> consumer) {
		for (Source source : this.sources) {
			if (source.source() instanceof EnumerablePropertySource<?> enumerable) {
				for (String name : enumerable.getPropertyNames()) {
					if (source.holds(name)) {
						consumer.accept(new Typed(name, source));
					}
				}
			}
		}
	}

	/** Names of properties of somebody else, by how they begin and end. */
	List<String> namesLike(String prefix, String last) {
		ConfigurationPropertyName root = ConfigurationPropertyName.of(prefix);
		Set<String> names = new LinkedHashSet<>();
		for (Source source : this.sources) {
			if (source.adapted() instanceof IterableConfigurationPropertySource iterable) {
				iterable.stream()
					.filter((name) -> root.isAncestorOf(name) && name.getLastElement(Form.DASHED).equals(last))
					.forEach((name) -> names.add(name.toString()));
			}
		}
		return List.copyOf(names);
	}

	/** Whether a property is set anywhere. */
	public boolean contains(String property) {
		return findValue(adapt(property, '.')) != null;
	}

	/** How a property was typed, in every source that has it. */
	List<String> typedAnywhere(ConfigurationPropertyName name) {
		return this.sources.stream().map((source) -> source.find(name)).filter(Objects::nonNull).toList();
	}

	/** The keys of a map as typed in files, which tell more than variables do. */
	public Set<String> keys(String map) {
		ConfigurationPropertyName root = adapt(map, '.');
		Set<String> keys = new LinkedHashSet<>();
		forEach((typed) -> {
			ConfigurationPropertyName name = typed.canonical();
			if (!typed.isVariable() && root.isAncestorOf(name)) {
				keys.add(name.getElement(root.getNumberOfElements(), Form.ORIGINAL));
			}
		});
		return keys;
	}

	/**
	 * How a property was typed.
	 * @param property its name; may be the name of a whole map entry
	 * @return the name in the strongest source that has it, or the name itself
	 */
	String typed(String property) {
		Typed found = find(property);
		return (found != null) ? found.name() : property;
	}

	/**
	 * A place in the configuration, for messages.
	 * @param property name of a property, or of a map entry that has at least one
	 * @return the name, in quotes, and where it stands
	 */
	public String place(String property) {
		Typed found = find(property);
		return "'" + property + "'" + ((found != null) ? found.where() : "");
	}

	/** A value can't be used. */
	public InvalidConfigurationPropertyValueException invalid(String property, @Nullable Object value, String reason) {
		return new InvalidConfigurationPropertyValueException(typed(property), value, reason);
	}

	/** Where a property, or the first one below it, was typed. */
	@Nullable Typed find(String property) {
		ConfigurationPropertyName name = adapt(property, '.');
		Typed found = findValue(name);
		if (found == null && name.isLastElementIndexed()) {
			found = findValue(name.getParent()); // a list in one line
		}
		return (found != null) ? found : findDescendant(name);
	}

	private @Nullable Typed findValue(ConfigurationPropertyName name) {
		for (Source source : this.sources) {
			String typed = source.find(name);
			if (typed != null) {
				return new Typed(typed, source);
			}
		}
		return null;
	}

	private @Nullable Typed findDescendant(ConfigurationPropertyName name) {
		List<Typed> descendants = new ArrayList<>();
		forEach((typed) -> {
			if (name.isAncestorOf(typed.canonical())) {
				descendants.add(typed);
			}
		});
		return descendants.isEmpty() ? null : descendants.get(0);
	}

	private static ConfigurationPropertyName adapt(String name, char separator) {
		try {
			return ConfigurationPropertyName.adapt(name, separator);
		}
		catch (RuntimeException ex) {
			return ConfigurationPropertyName.EMPTY; // nothing that Boot could read
		}
	}

	/**
	 * A name in a property source.
	 *
	 * @param name the name as it was typed
	 * @param source where
	 */
	record Typed(String name, Source source) {

		/** Whether the name is that of an environment variable, which has no dashes. */
		boolean isVariable() {
			return this.source.isVariables();
		}

		/** Whether Boot doesn't complain if nothing of this name is known. */
		boolean mayBeUnknown() {
			return isVariable() || StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME
				.equals(this.source.source().getName());
		}

		String value() {
			return String.valueOf(this.source.source().getProperty(this.name));
		}

		ConfigurationPropertyName canonical() {
			return adapt(this.name, isVariable() ? '_' : '.');
		}

		/** Where it stands, in brackets and with a leading space. */
		String where() {
			return Origins.where(this.source.source(), this.name);
		}

	}

	/**
	 * A property source.
	 *
	 * @param source as Spring sees it
	 * @param adapted as Boot reads it
	 */
	record Source(PropertySource<?> source, ConfigurationPropertySource adapted) {

		boolean isVariables() {
			return this.source instanceof SystemEnvironmentPropertySource;
		}

		@Nullable String find(ConfigurationPropertyName name) {
			ConfigurationProperty found = this.adapted.getConfigurationProperty(name);
			return (found != null && found.getOrigin() instanceof PropertySourceOrigin origin)
					? origin.getPropertyName() : null;
		}

		boolean holds(String name) {
			if (isVariables()) {
				return name.regionMatches(true, 0, "LLM_RATELIMIT_", 0, 14);
			}
			return ROOT.isAncestorOf(adapt(name, '.'));
		}

	}

}

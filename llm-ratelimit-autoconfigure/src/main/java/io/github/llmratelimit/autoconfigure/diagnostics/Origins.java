package io.github.llmratelimit.autoconfigure.diagnostics;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.core.env.PropertySource;

/**
 * Says where a property stands, for messages.
 */
final class Origins {

	private Origins() {
	}

	/**
	 * The name of a property as it was typed.
	 * @param property the property
	 * @return the typed name, or Boot's if it isn't known
	 */
	static String typedName(ConfigurationProperty property) {
		return (property.getOrigin() instanceof PropertySourceOrigin origin) ? origin.getPropertyName()
				: property.getName().toString();
	}

	/**
	 * Where a property stands, in brackets and with a leading space.
	 * @param property the property
	 * @return file, line and column, or what else is known
	 */
	static String where(ConfigurationProperty property) {
		return (property.getOrigin() != null) ? where(property.getOrigin()) : "";
	}

	/**
	 * Where a property stands, in brackets and with a leading space.
	 * @param source its source
	 * @param name its name in that source
	 * @return file, line and column, or what else is known
	 */
	static String where(PropertySource<?> source, String name) {
		return where(PropertySourceOrigin.get(source, name));
	}

	private static String where(Origin origin) {
		boolean known = origin instanceof PropertySourceOrigin inSource && inSource.getOrigin() != null;
		return " (" + (known ? ((PropertySourceOrigin) origin).getOrigin() : origin) + ")";
	}

}

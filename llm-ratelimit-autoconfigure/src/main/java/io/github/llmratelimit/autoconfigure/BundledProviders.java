package io.github.llmratelimit.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.YamlMapFactoryBean;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.util.ClassUtils;
import org.springframework.util.ConcurrentReferenceHashMap;
import org.springframework.util.ConcurrentReferenceHashMap.ReferenceType;

/**
 * The providers that need no configuration but a tier: one file each, whose name is the
 * provider's. A jar on the class path may bring further ones.
 */
final class BundledProviders {

	private static final String SUFFIX = ".yml";

	private static final String FILES = "classpath*:META-INF/llm-ratelimit/providers/*" + SUFFIX;

	/** Read once per class loader: at start-up they are asked for more than once. */
	private static final Map<ClassLoader, Map<String, BundledProvider>> READ = new ConcurrentReferenceHashMap<>(1,
			ReferenceType.WEAK);

	private BundledProviders() {
	}

	/**
	 * Reads all files. Without SnakeYAML, which Boot's starters bring along, there are no
	 * bundled providers; then the configuration has to say everything itself.
	 * @param classLoader where to look
	 * @return the providers by name, in the order of names
	 */
	static Map<String, BundledProvider> load(@Nullable ClassLoader classLoader) {
		ClassLoader known = (classLoader != null) ? classLoader : BundledProviders.class.getClassLoader();
		return READ.computeIfAbsent(known, BundledProviders::read);
	}

	private static Map<String, BundledProvider> read(ClassLoader classLoader) {
		Map<String, BundledProvider> providers = new TreeMap<>();
		if (!ClassUtils.isPresent("org.yaml.snakeyaml.Yaml", classLoader)) {
			return providers;
		}
		try {
			for (Resource file : new PathMatchingResourcePatternResolver(classLoader).getResources(FILES)) {
				String name = String.valueOf(file.getFilename()).replace(SUFFIX, "");
				if (providers.put(name, read(name, file)) != null) {
					throw new IllegalStateException("Provider '%s' is bundled twice, once in %s".formatted(name, file));
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return Collections.unmodifiableMap(providers);
	}

	/**
	 * Finds what is bundled for an entry. Two accounts at one provider share what is
	 * bundled for their dialect.
	 * @param bundled all bundled providers by name
	 * @param key key of the entry
	 * @param dialect its dialect, if stated
	 * @return the bundled provider, or {@code null}
	 */
	static @Nullable BundledProvider find(Map<String, BundledProvider> bundled, String key, @Nullable String dialect) {
		BundledProvider byKey = bundled.get(key);
		return (byKey != null || dialect == null) ? byKey : bundled.get(dialect);
	}

	private static BundledProvider read(String name, Resource file) {
		YamlMapFactoryBean yaml = new YamlMapFactoryBean();
		yaml.setResources(file);
		Map<String, Object> content = yaml.getObject();
		return BundledReader.read(name, (content != null) ? content : Map.of());
	}

}

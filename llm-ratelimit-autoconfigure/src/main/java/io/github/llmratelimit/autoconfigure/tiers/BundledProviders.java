package io.github.llmratelimit.autoconfigure.tiers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
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
public final class BundledProviders {

	private static final String SUFFIX = ".yml";

	private static final String FILES = "classpath*:META-INF/llm-ratelimit/providers/*" + SUFFIX;

	/** Read once per class loader: at start-up they are asked for more than once. */
	private static final Map<ClassLoader, BundledProviders> READ = new ConcurrentReferenceHashMap<>(1,
			ReferenceType.WEAK);

	private final Map<String, BundledProvider> byName;

	private BundledProviders(Map<String, BundledProvider> byName) {
		this.byName = byName;
	}

	/**
	 * Reads all files. Without SnakeYAML, which Boot's starters bring along, there are no
	 * bundled providers; then the configuration has to say everything itself.
	 * @param classLoader where to look
	 * @return the providers
	 */
	public static BundledProviders load(@Nullable ClassLoader classLoader) {
		ClassLoader known = (classLoader != null) ? classLoader : BundledProviders.class.getClassLoader();
		return READ.computeIfAbsent(known, (added) -> new BundledProviders(Collections.unmodifiableMap(read(added))));
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
		return providers;
	}

	/** The names of all providers, in alphabetical order. */
	public Set<String> names() {
		return this.byName.keySet();
	}

	/** All providers, in the order of names. */
	Map<String, BundledProvider> byName() {
		return this.byName;
	}

	/**
	 * Finds what is bundled for an entry. Two accounts at one provider share what is
	 * bundled for their dialect.
	 * @param key key of the entry
	 * @param dialect its dialect, if stated
	 * @return the bundled provider, or {@code null}
	 */
	@Nullable BundledProvider find(String key, @Nullable String dialect) {
		BundledProvider byKey = this.byName.get(key);
		return (byKey != null || dialect == null) ? byKey : this.byName.get(dialect);
	}

	private static BundledProvider read(String name, Resource file) {
		YamlMapFactoryBean yaml = new YamlMapFactoryBean();
		yaml.setResources(file);
		Map<String, Object> content = yaml.getObject();
		return BundledReader.read(name, (content != null) ? content : Map.of());
	}

}

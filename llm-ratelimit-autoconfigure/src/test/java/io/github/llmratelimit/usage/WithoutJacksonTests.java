package io.github.llmratelimit.usage;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link UsageFinder} in an application that has no Jackson.
 */
class WithoutJacksonTests {

	@Test
	void findWhenJacksonIsAbsentFindsUsageInMaps() throws Exception {
		Class<?> type = new OwnLoader().loadClass(UsageFinder.class.getName());
		Object finder = type.getConstructor(List.class).newInstance(List.of());
		Object usage = type.getMethod("find", Object.class)
			.invoke(finder, Map.of("usage", Map.of("prompt_tokens", 100, "completion_tokens", 20)));
		assertThat(usage).hasToString("Usage[inputTokens=100, outputTokens=20, cachedInputTokens=0]");
	}

	@Test
	void findWhenJacksonIsAbsentFindsNothingInText() throws Exception {
		Class<?> type = new OwnLoader().loadClass(UsageFinder.class.getName());
		Object finder = type.getConstructor(List.class).newInstance(List.of());
		assertThat(type.getMethod("find", Object.class)
			.invoke(finder, "{\"model\": \"gpt-4o\", \"usage\": {\"prompt_tokens\": 100, \"completion_tokens\": 20}}"))
			.isNull();
	}

	/** Defines the package anew, and knows no Jackson. */
	private static final class OwnLoader extends ClassLoader {

		OwnLoader() {
			super(UsageFinder.class.getClassLoader());
		}

		@Override
		protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
			if (name.startsWith("tools.jackson")) {
				throw new ClassNotFoundException(name);
			}
			Class<?> loaded = findLoadedClass(name);
			if (loaded != null || !name.startsWith(UsageFinder.class.getPackageName())) {
				return (loaded != null) ? loaded : super.loadClass(name, resolve);
			}
			try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
				byte[] bytes = in.readAllBytes();
				return defineClass(name, bytes, 0, bytes.length);
			}
			catch (IOException ex) {
				throw new ClassNotFoundException(name, ex);
			}
		}

	}

}

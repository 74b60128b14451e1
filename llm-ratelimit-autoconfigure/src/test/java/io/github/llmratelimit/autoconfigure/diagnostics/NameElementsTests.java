package io.github.llmratelimit.autoconfigure.diagnostics;

import io.github.llmratelimit.autoconfigure.diagnostics.NameElements.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link NameElements}.
 */
class NameElementsTests {

	@Test
	void ofWhenSpringBootWouldDropCharactersKeepsThem() {
		assertThat(NameElements.of("models.a/b:c.rpm")).extracting(Element::text)
			.containsExactly("models", "a/b:c", "rpm");
	}

	@Test
	void ofWhenBracketedKeepsDots() {
		assertThat(NameElements.of("models[gpt-4.1].rpm")).containsExactly(new Element("models", false),
				new Element("gpt-4.1", true), new Element("rpm", false));
	}

	@ParameterizedTest
	@ValueSource(strings = { "models.gpt-4o.rpm", "models[gpt-4.1].rpm", "models.gpt-4o.limits[0].per" })
	void joinWhenAllAreJoinedIsTheName(String name) {
		assertThat(NameElements.join(NameElements.of(name), NameElements.of(name).size())).isEqualTo(name);
	}

	@ParameterizedTest
	@ValueSource(strings = { "a/b", "llama3:8b", "-a", "gpt 4", "\u65e5\u672c" })
	void isKeptWhenSpringBootDropsSomethingIsFalse(String key) {
		assertThat(new Element(key, false).isKept()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "gpt-4o", "GPT4O", "gpt_4o", "1" })
	void isKeptWhenSpringBootDropsNothingIsTrue(String key) {
		assertThat(new Element(key, false).isKept()).isTrue();
	}

}

package io.github.llmratelimit.autoconfigure.diagnostics;

import java.util.List;
import java.util.Map;

import io.github.llmratelimit.autoconfigure.diagnostics.PropertyTree.Unknown;
import io.github.llmratelimit.autoconfigure.properties.Metadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PropertyTree}.
 */
class PropertyTreeTests {

	@ParameterizedTest
	@ValueSource(strings = { "enabled", "queue.max-wait", "queue.maxWait", "tenants.default.rpm",
			"tenants.overrides.acme.id", "throttle.low-watermark", "learning.output-tokens", "models.gpt-4o.tpm",
			"models[gpt-4.1].tpm", "models.gpt-4o.limits[0].per", "models.gpt-4o.aliases[0]", "providers.openai.hosts",
			"providers.openai.tiers.build.gpt-4o.rpm", "providers.openai.tiers[1].gpt-4o.rpm" })
	void findUnknownWhenAllIsKnownIsNone(String name) {
		assertThat(PropertyTree.findUnknown(NameElements.of(name))).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "qeue.max-wait, 0", "queue.max-wat, 1", "models.gpt-4o.tmp, 2", "models.gpt-4o.limits[0].pre, 4",
			"providers.openai.tiers.build.gpt-4o.rmp, 5", "mode.of, 1", "models.gpt-4o.limits.per, 3" })
	void findUnknownIsTheFirstElementThatMeansNothing(String name, int index) {
		assertThat(PropertyTree.findUnknown(NameElements.of(name))).extracting(Unknown::index).isEqualTo(index);
	}

	@ParameterizedTest
	@CsvSource({ "models.gpt-4.1.tpm, gpt-4.1", "models.a.b.c.limits[0].per, a.b.c",
			"providers.openai.tiers.build.gpt-4.1.rpm, gpt-4.1", "tenants.overrides.acme.com.rpm, acme.com" })
	void findUnknownWhenTheKeyHasADotFindsTheWholeKey(String name, String key) {
		assertThat(PropertyTree.findUnknown(NameElements.of(name))).extracting((unknown) -> unknown.dottedKey().text())
			.isEqualTo(key);
	}

	@Test
	void namesAreAllThatCouldBeSetForTheKeys() {
		assertThat(PropertyTree.names(Map.of("llm.ratelimit.models", List.of("gpt-4o")))).contains(
				"llm.ratelimit.enabled", "llm.ratelimit.queue.max-wait", "llm.ratelimit.models.gpt-4o.tpm",
				"llm.ratelimit.models.gpt-4o.default-output-tokens");
	}

	@Test
	void namesWhenMapsAreEmptyAreInTheMetadata() {
		assertThat(Metadata.properties().map((property) -> property.path("name").asString()))
			.containsAll(PropertyTree.names(Map.of()));
	}

}

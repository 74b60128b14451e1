package io.github.llmratelimit.metrics;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TenantTags}.
 */
class TenantTagsTests {

	private final TenantTags tags = new TenantTags(2);

	@Test
	void tagWhenNobodySaidIsNone() {
		assertThat(this.tags.of(null)).isEqualTo("none");
	}

	@Test
	void tagWhenOneOfTheFirstIsTheTenant() {
		assertThat(this.tags.of("acme")).isEqualTo("acme");
		assertThat(this.tags.of("zoo")).isEqualTo("zoo");
	}

	@Test
	void tagWhenFurtherIsOther() {
		this.tags.of("acme");
		this.tags.of("zoo");
		assertThat(this.tags.of("late")).isEqualTo("other");
		assertThat(this.tags.of("acme")).isEqualTo("acme");
	}

	@Test
	void tagWhenNoneMayHaveOneIsOther() {
		assertThat(new TenantTags(0).of("acme")).isEqualTo("other");
	}

	@Test
	void tagsWhenManyComeAtOnceAreNoMoreThanAllowed() {
		TenantTags shared = new TenantTags(10);
		Set<String> values = ConcurrentHashMap.newKeySet();
		IntStream.range(0, 10_000).parallel().forEach((i) -> values.add(shared.of("tenant" + i)));
		assertThat(values).hasSize(11).contains("other");
	}

}

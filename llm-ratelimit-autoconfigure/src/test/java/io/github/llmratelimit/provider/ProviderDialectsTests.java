package io.github.llmratelimit.provider;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link ProviderDialects}.
 */
class ProviderDialectsTests {

	@Test
	void namedWhenKnownReturnsDialectOfThatName() {
		assertThat(ProviderDialects.names()).isNotEmpty()
			.allSatisfy((name) -> assertThat(ProviderDialects.named(name).name()).isEqualTo(name));
	}

	@Test
	void namedWhenUnknownListsTheKnownOnes() {
		assertThatIllegalArgumentException().isThrownBy(() -> ProviderDialects.named("opnai"))
			.withMessageStartingWith("Invalid dialect (opnai): must be one of openai, ")
			.withMessageContainingAll(ProviderDialects.names().toArray(String[]::new));
	}

	@Test
	void namesWhenChangedThrow() {
		assertThatExceptionOfType(UnsupportedOperationException.class)
			.isThrownBy(() -> ProviderDialects.names().remove("openai"));
	}

}

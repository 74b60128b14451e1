package io.github.llmratelimit.engine;

import java.util.List;
import java.util.Set;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.ModelLimits;
import io.github.llmratelimit.provider.ProviderDialects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LimiterDefinition}.
 */
class LimiterDefinitionTests {

	private final LimiterDefinition definition = new LimiterDefinition(
			new ModelLimits("m", "m", new BudgetKey("p", "m"), List.of(Limit.perMinute(Dimension.REQUESTS, 1)),
					Booking.ESTIMATE, 0),
			Set.of(), ProviderDialects.named("generic"),
			Set.of("api.openai.com", "*.openai.azure.com", "bedrock-runtime.*.amazonaws.com"), LimiterMode.ENFORCE);

	@ParameterizedTest
	@ValueSource(strings = { "api.openai.com", "API.OpenAI.com", "mine.openai.azure.com", "Mine.OpenAI.Azure.com",
			"bedrock-runtime.us-east-1.amazonaws.com" })
	void isProviderHostWhenNamedOrLikeAFormIsTrue(String host) {
		assertThat(this.definition.isProviderHost(host)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "openai.com", "api.openai.com.evil.example", ".openai.azure.com", "openai.azure.com",
			"bedrock-runtime.amazonaws.com", "bedrock-runtime..amazonaws.com.example", "" })
	void isProviderHostWhenLikeNoneIsFalse(String host) {
		assertThat(this.definition.isProviderHost(host)).isFalse();
	}

}

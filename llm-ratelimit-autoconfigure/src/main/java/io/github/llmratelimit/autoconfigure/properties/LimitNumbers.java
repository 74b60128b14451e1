package io.github.llmratelimit.autoconfigure.properties;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Numbers of limits as they are written, in the short forms and the long one.
 */
public sealed interface LimitNumbers
		permits LlmRateLimitProperties.Model, LlmRateLimitProperties.TierRow, LlmRateLimitProperties.Tenant {

	@Nullable String rpm();

	@Nullable String tpm();

	@Nullable String itpm();

	@Nullable String otpm();

	@Nullable String rpd();

	@Nullable String tpd();

	@Nullable String rps();

	@Nullable String concurrent();

	@Nullable String enqueuedTokens();

	List<LlmRateLimitProperties.WindowLimit> limits();

}

package io.github.llmratelimit.sample.provider;

import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the services find their provider, and how the built-in one behaves.
 *
 * @param embedded whether the built-in provider is started
 * @param port port of the built-in provider; 0 picks a free one
 * @param baseUrl where the services send their calls; default: the built-in provider
 * @param apiKey key that the services send
 * @param window length of the windows of the built-in provider. A minute is what real
 * ones have; a shorter one makes the same limits hold for less time
 * @param models the models that the built-in provider serves, and their limits
 * @param latencyScale factor for all latencies of the built-in provider; 1 is like a real
 * model (0.5 to 20 s), 0 answers at once
 * @param seed makes lengths and latencies of the answers repeatable
 */
@ConfigurationProperties("demo.provider")
public record ProviderProperties(@DefaultValue("true") boolean embedded, @DefaultValue("8089") int port,
		@Nullable String baseUrl, @DefaultValue("demo-key") String apiKey, @DefaultValue("60s") Duration window,
		@DefaultValue Map<String, Limits> models, @DefaultValue("1.0") double latencyScale,
		@DefaultValue("42") long seed) {

	/**
	 * Limits of one model.
	 *
	 * @param rpm requests per window
	 * @param tpm tokens per window
	 * @param itpm input tokens per window, for dialects that have such a limit; default:
	 * the tokens
	 * @param otpm output tokens per window, for dialects that have such a limit; default:
	 * a quarter of the tokens
	 */
	public record Limits(long rpm, long tpm, @Nullable Long itpm, @Nullable Long otpm) {

		long limit(Meter meter) {
			return switch (meter) {
				case REQUESTS -> this.rpm;
				case TOKENS -> this.tpm;
				case INPUT_TOKENS -> (this.itpm != null) ? this.itpm : this.tpm;
				case OUTPUT_TOKENS -> (this.otpm != null) ? this.otpm : Math.max(1, this.tpm / 4);
			};
		}

	}

}

package io.github.llmratelimit.sample;

import java.nio.file.Path;

import io.github.llmratelimit.sample.chat.ApiFormat;
import io.github.llmratelimit.sample.chat.LlmClient;
import io.github.llmratelimit.sample.prompts.Prompts;
import io.github.llmratelimit.sample.provider.Behaviour;
import io.github.llmratelimit.sample.provider.ProviderProperties;
import io.github.llmratelimit.sample.provider.SimulatedProvider;
import io.github.llmratelimit.time.Ticker;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;

/**
 * Wires the client to its provider, the built-in one or a real one.
 */
@Configuration(proxyBeanMethods = false)
class SampleConfiguration {

	@Bean
	@ConditionalOnMissingBean
	Ticker ticker() {
		return Ticker.system();
	}

	@Bean(initMethod = "start")
	@ConditionalOnBooleanProperty(name = "demo.provider.embedded", matchIfMissing = true)
	SimulatedProvider simulatedProvider(ProviderProperties properties, Behaviour behaviour, Ticker ticker) {
		return new SimulatedProvider(properties, behaviour, ticker);
	}

	@Bean
	LlmClient llmClient(RestClient.Builder builder, ProviderProperties properties, Behaviour behaviour,
			ObjectProvider<SimulatedProvider> embedded) {
		if (properties.apiKey().isBlank()) {
			throw new MissingApiKeyException();
		}
		SimulatedProvider provider = embedded.getIfAvailable();
		return new LlmClient(builder, baseUrl(properties, provider), properties.apiKey(),
				() -> ApiFormat.valueOf(((provider != null) ? provider.behaviour() : behaviour).dialect().name()));
	}

	@Bean
	Prompts prompts(@Value("${demo.corpus:}") @Nullable String corpus) {
		return (corpus == null || corpus.isBlank()) ? Prompts.builtIn() : Prompts.of(Path.of(corpus));
	}

	private static String baseUrl(ProviderProperties properties, @Nullable SimulatedProvider provider) {
		if (properties.baseUrl() != null) {
			return properties.baseUrl();
		}
		if (provider == null) {
			throw new IllegalStateException(
					"Invalid demo.provider.base-url: must be set if demo.provider.embedded is false");
		}
		return "http://localhost:" + provider.port();
	}

}

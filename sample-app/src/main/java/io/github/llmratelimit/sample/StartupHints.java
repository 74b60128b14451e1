package io.github.llmratelimit.sample;

import java.util.Locale;

import io.github.llmratelimit.sample.provider.ProviderStats.ModelStats;
import io.github.llmratelimit.sample.provider.SimulatedProvider;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Prints what to try, once everything is up.
 */
@Component
class StartupHints {

	private static final Logger logger = LoggerFactory.getLogger(StartupHints.class);

	private final @Nullable SimulatedProvider provider;

	private final String model;

	StartupHints(ObjectProvider<SimulatedProvider> provider, @Value("${demo.model}") String model) {
		this.provider = provider.getIfAvailable();
		this.model = model;
	}

	@EventListener
	void print(ApplicationReadyEvent event) {
		if (event.getApplicationContext() instanceof WebServerApplicationContext context
				&& context.getWebServer() != null) {
			logger.info(text("http://localhost:" + context.getWebServer().getPort()));
		}
	}

	private String text(String url) {
		if (this.provider == null) {
			return """
					Ready. Calls go to the real API, model %s.
					  curl -d 'Why is the sky blue?' %s/chat
					""".formatted(this.model, url);
		}
		ModelStats limits = this.provider.stats(this.model);
		return String.format(Locale.ROOT, """
				Ready. The built-in provider on port %d allows %s %,d requests and %,d tokens per %d s.
				  %s/    the page: look, start loads, change the provider
				  curl -d 'Why is the sky blue?' %s/chat
				  curl -N '%s/demo/load?users=50&seconds=120&limiter=false'    many 429s
				  curl -N '%s/demo/load?users=50&seconds=120'                  none
				  curl %s/actuator/health
				  curl %s/actuator/metrics/llm.ratelimit.acquire
				  curl http://localhost:%d/stats                                what the provider counted
				""", this.provider.port(), this.model, limits.requestLimit(), limits.tokenLimit(),
				this.provider.window().toSeconds(), url, url, url, url, url, url, this.provider.port());
	}

}

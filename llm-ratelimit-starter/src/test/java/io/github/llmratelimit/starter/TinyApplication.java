package io.github.llmratelimit.starter;

import io.github.llmratelimit.LlmRateLimited;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.stereotype.Service;
import org.springframework.web.client.RestClient;

@SpringBootApplication
class TinyApplication {

	@Service
	static class Assistant {

		private final RestClient client;

		Assistant(RestClient.Builder builder, @Value("${provider}") String provider) {
			this.client = builder.baseUrl(provider).build();
		}

		@LlmRateLimited(model = "gpt-4o", tokens = "#prompt", maxOutputTokens = "100")
		public String ask(String prompt) {
			return this.client.post().uri("/v1/chat/completions").body(prompt).retrieve().body(String.class);
		}

	}

}

package io.github.llmratelimit.sample.chat;

import java.util.Objects;

import org.springframework.http.MediaType;
import org.springframework.web.client.RestClient;

/**
 * Calls chat completions over HTTP. It limits nothing: that is said where it is used.
 */
public class OpenAiClient {

	private final RestClient http;

	/**
	 * Creates a client.
	 * @param builder Spring Boot's builder, so that its customizers apply
	 * @param baseUrl scheme, host and port of the provider
	 * @param apiKey the key to send
	 */
	public OpenAiClient(RestClient.Builder builder, String baseUrl, String apiKey) {
		this.http = builder.baseUrl(baseUrl).defaultHeaders((headers) -> headers.setBearerAuth(apiKey)).build();
	}

	/**
	 * Lets the model answer.
	 * @param request the request
	 * @return the answer
	 * @throws org.springframework.web.client.RestClientException if there is none
	 */
	public ChatResponse complete(ChatRequest request) {
		ChatResponse response = this.http.post()
			.uri("/v1/chat/completions")
			.contentType(MediaType.APPLICATION_JSON)
			.body(request)
			.retrieve()
			.body(ChatResponse.class);
		return Objects.requireNonNull(response, "The provider answered without a body");
	}

}

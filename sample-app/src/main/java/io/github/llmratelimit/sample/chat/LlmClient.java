package io.github.llmratelimit.sample.chat;

import java.util.Objects;
import java.util.function.Supplier;

import tools.jackson.databind.JsonNode;

import org.springframework.http.MediaType;
import org.springframework.web.client.RestClient;

/**
 * Calls a provider over HTTP. It limits nothing: that is said where it is used.
 */
public class LlmClient {

	private final RestClient http;

	private final String apiKey;

	private final Supplier<ApiFormat> format;

	/**
	 * Creates a client.
	 * @param builder Spring Boot's builder, so that its customizers apply
	 * @param baseUrl scheme, host and port of the provider
	 * @param apiKey the key to send
	 * @param format tells before each call what the provider speaks
	 */
	public LlmClient(RestClient.Builder builder, String baseUrl, String apiKey, Supplier<ApiFormat> format) {
		this.http = builder.baseUrl(baseUrl).build();
		this.apiKey = apiKey;
		this.format = format;
	}

	/**
	 * Lets the model answer.
	 * @param request the request
	 * @return the answer
	 * @throws org.springframework.web.client.RestClientException if there is none
	 */
	public ChatResponse complete(ChatRequest request) {
		ApiFormat current = this.format.get();
		JsonNode response = this.http.post()
			.uri(current.path(), request.model())
			.headers((headers) -> current.authenticate(headers, this.apiKey))
			.contentType(MediaType.APPLICATION_JSON)
			.body(current.body(request))
			.retrieve()
			.body(JsonNode.class);
		return current.read(Objects.requireNonNull(response, "The provider answered without a body"));
	}

}

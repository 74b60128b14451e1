package io.github.llmratelimit.sample.chat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.llmratelimit.sample.chat.ChatRequest.Message;
import io.github.llmratelimit.sample.chat.ChatResponse.Choice;
import io.github.llmratelimit.sample.chat.ChatResponse.Usage;
import tools.jackson.databind.JsonNode;

import org.springframework.http.HttpHeaders;

/**
 * How a provider wants to be called.
 */
public enum ApiFormat {

	/** OpenAI's chat completions. */
	OPENAI("/v1/chat/completions"),

	/** Azure OpenAI's chat completions of a deployment. */
	AZURE_OPENAI("/openai/deployments/{model}/chat/completions?api-version=2024-10-21"),

	/** Anthropic's messages. */
	ANTHROPIC("/v1/messages");

	private static final String SYSTEM = "system";

	private final String path;

	ApiFormat(String path) {
		this.path = path;
	}

	/** Where calls go, as a template with the model. */
	String path() {
		return this.path;
	}

	void authenticate(HttpHeaders headers, String apiKey) {
		switch (this) {
			case OPENAI -> headers.setBearerAuth(apiKey);
			case AZURE_OPENAI -> headers.set("api-key", apiKey);
			case ANTHROPIC -> {
				headers.set("x-api-key", apiKey);
				headers.set("anthropic-version", "2023-06-01");
			}
		}
	}

	Map<String, Object> body(ChatRequest request) {
		Map<String, Object> body = new LinkedHashMap<>();
		body.put("model", request.model());
		if (this != ANTHROPIC) {
			body.put("messages", request.messages());
			body.put("max_completion_tokens", request.maxTokens());
			return body;
		}
		List<Message> system = request.messages().stream().filter((message) -> message.role().equals(SYSTEM)).toList();
		if (!system.isEmpty()) {
			body.put(SYSTEM, system.get(0).content());
		}
		body.put("messages", request.messages().stream().filter((message) -> !message.role().equals(SYSTEM)).toList());
		body.put("max_tokens", request.maxTokens());
		return body;
	}

	ChatResponse read(JsonNode body) {
		JsonNode usage = body.path("usage");
		if (this != ANTHROPIC) {
			JsonNode choice = body.path("choices").path(0);
			return new ChatResponse(body.path("model").asString(""),
					List.of(new Choice(new Message("assistant", choice.path("message").path("content").asString("")),
							choice.path("finish_reason").asString(""))),
					new Usage(usage.path("prompt_tokens").asInt(0), usage.path("completion_tokens").asInt(0),
							usage.path("total_tokens").asInt(0)));
		}
		int input = usage.path("input_tokens").asInt(0) + usage.path("cache_read_input_tokens").asInt(0)
				+ usage.path("cache_creation_input_tokens").asInt(0);
		int output = usage.path("output_tokens").asInt(0);
		return new ChatResponse(body.path("model").asString(""),
				List.of(new Choice(new Message("assistant", body.path("content").path(0).path("text").asString("")),
						body.path("stop_reason").asString(""))),
				new Usage(input, output, input + output));
	}

}

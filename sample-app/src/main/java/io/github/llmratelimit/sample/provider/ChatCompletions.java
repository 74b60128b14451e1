package io.github.llmratelimit.sample.provider;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import io.github.llmratelimit.sample.provider.ChatCall.Streamed;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import static io.github.llmratelimit.sample.provider.JsonReplies.fields;

/**
 * Bodies of chat completions, as OpenAI and Azure OpenAI have them.
 */
final class ChatCompletions {

	/**
	 * What a call without a maximum is taken to ask for.
	 */
	static final int DEFAULT_MAX_TOKENS = 1024;

	private static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8);

	private final AtomicLong ids = new AtomicLong();

	private final InstantSource clock;

	private final Errors errors;

	ChatCompletions(InstantSource clock, Errors errors) {
		this.clock = clock;
		this.errors = errors;
	}

	/**
	 * Reads a call.
	 * @param body the request's body
	 * @param pathModel the model that the path names, or {@code null} if the body does
	 * @return the call
	 */
	ChatCall read(byte[] body, @Nullable String pathModel) throws InvalidCallException {
		JsonNode root = JsonReplies.object(body);
		if (root == null) {
			throw invalid(null, null, "We could not parse the JSON body of your request. (HINT: This likely means you "
					+ "aren't using your HTTP library correctly. The OpenAI API expects a JSON payload, but what was "
					+ "sent was not valid JSON.)");
		}
		String model = (pathModel != null) ? pathModel : root.path("model").asString("");
		if (model.isEmpty()) {
			throw invalid(null, null, "you must provide a model parameter");
		}
		JsonNode messages = root.path("messages");
		if (messages.isMissingNode()) {
			throw invalid("messages", "missing_required_parameter", "Missing required parameter: 'messages'.");
		}
		if (!messages.isArray() || messages.isEmpty()) {
			throw invalid("messages", "empty_array",
					"Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty "
							+ "array instead.");
		}
		List<String> contents = new ArrayList<>();
		int promptTokens = 0;
		for (int i = 0; i < messages.size(); i++) {
			String content = JsonReplies.content(messages.get(i).path("content"));
			if (content == null) {
				throw invalid("messages.[%d].content".formatted(i), null,
						"Invalid value for 'content': expected a string or an array of parts.");
			}
			contents.add(content);
			promptTokens += PromptTokens.count(content);
		}
		return new ChatCall(model, contents, promptTokens, maxTokens(root), streamed(root));
	}

	private static Streamed streamed(JsonNode root) {
		if (!root.path("stream").asBoolean(false)) {
			return Streamed.NO;
		}
		return root.path("stream_options").path("include_usage").asBoolean(false) ? Streamed.WITH_USAGE : Streamed.YES;
	}

	private int maxTokens(JsonNode root) throws InvalidCallException {
		String name = root.has("max_completion_tokens") ? "max_completion_tokens" : "max_tokens";
		JsonNode value = root.path(name);
		if (value.isMissingNode() || value.isNull()) {
			return DEFAULT_MAX_TOKENS;
		}
		if (!value.isIntegralNumber() || !value.canConvertToInt()) {
			throw invalid(name, "invalid_type",
					"Invalid type for '%s': expected an integer, but got %s instead.".formatted(name, value));
		}
		if (value.asInt() < 1) {
			throw invalid(name, "integer_below_min_value",
					"Invalid '%s': integer below minimum value. Expected a value >= 1, but got %d instead."
						.formatted(name, value.asInt()));
		}
		return value.asInt();
	}

	/**
	 * Writes an answer, as a whole or as a stream.
	 * @param call the call
	 * @param completion what the model says
	 * @param headers the headers
	 * @return the response
	 */
	Reply answer(ChatCall call, Completion completion, Map<String, String> headers) {
		String id = "chatcmpl-sample" + this.ids.incrementAndGet();
		if (call.streamed() != Streamed.NO) {
			return new Reply(200, headers, new byte[0], events(id, call, completion));
		}
		Map<String, @Nullable Object> message = fields("role", "assistant", "content", completion.text(), "refusal",
				null);
		Map<String, @Nullable Object> body = start(id, "chat.completion", call);
		body.put("choices",
				List.of(fields("index", 0, "message", message, "finish_reason", finishReason(call, completion))));
		body.put("usage", usage(call, completion));
		return new Reply(200, headers, JsonReplies.bytes(body));
	}

	private List<byte[]> events(String id, ChatCall call, Completion completion) {
		List<byte[]> events = new ArrayList<>();
		events.add(chunk(id, call, fields("role", "assistant", "content", ""), null));
		for (String piece : JsonReplies.pieces(completion.text())) {
			events.add(chunk(id, call, fields("content", piece), null));
		}
		events.add(chunk(id, call, fields(), finishReason(call, completion)));
		if (call.streamed() == Streamed.WITH_USAGE) {
			Map<String, @Nullable Object> last = start(id, "chat.completion.chunk", call);
			last.put("choices", List.of());
			last.put("usage", usage(call, completion));
			events.add(JsonReplies.event(last));
		}
		events.add(DONE);
		return events;
	}

	private byte[] chunk(String id, ChatCall call, Map<String, @Nullable Object> delta, @Nullable String finishReason) {
		Map<String, @Nullable Object> body = start(id, "chat.completion.chunk", call);
		body.put("choices", List.of(fields("index", 0, "delta", delta, "finish_reason", finishReason)));
		return JsonReplies.event(body);
	}

	private Map<String, @Nullable Object> start(String id, String object, ChatCall call) {
		return fields("id", id, "object", object, "created", this.clock.instant().getEpochSecond(), "model",
				call.model());
	}

	private static Map<String, @Nullable Object> usage(ChatCall call, Completion completion) {
		return fields("prompt_tokens", call.billedPromptTokens(), "completion_tokens", completion.tokens(),
				"total_tokens", call.billedPromptTokens() + completion.tokens(), "prompt_tokens_details",
				fields("cached_tokens", completion.cachedTokens()));
	}

	private static String finishReason(ChatCall call, Completion completion) {
		return (completion.tokens() == call.maxTokens()) ? "length" : "stop";
	}

	private InvalidCallException invalid(@Nullable String param, @Nullable String code, String message) {
		return new InvalidCallException(this.errors.invalid(param, code, message));
	}

	/** Writes the dialect's error for a body that is wrong. */
	@FunctionalInterface
	interface Errors {

		Reply invalid(@Nullable String param, @Nullable String code, String message);

	}

}

package io.github.llmratelimit.sample.provider;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

import io.github.llmratelimit.sample.provider.ChatCall.Streamed;
import io.github.llmratelimit.sample.provider.Verdict.Level;
import io.github.llmratelimit.sample.provider.Verdict.Outcome;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import static io.github.llmratelimit.sample.provider.JsonReplies.fields;

/**
 * Anthropic's messages: resets are instants, remaining tokens are rounded to thousands,
 * and input and output have limits of their own.
 */
final class AnthropicDialect implements Dialect {

	private static final String ORGANIZATION = "00000000-0000-0000-0000-000000000000";

	private final AtomicLong ids = new AtomicLong();

	private final InstantSource clock;

	AnthropicDialect(InstantSource clock) {
		this.clock = clock;
	}

	@Override
	public boolean isCallPath(String path) {
		return path.equals("/v1/messages");
	}

	@Override
	public String modelsPath() {
		return "/v1/models";
	}

	@Override
	public void authenticate(UnaryOperator<@Nullable String> headers) throws InvalidCallException {
		String key = headers.apply("x-api-key");
		if (key == null || key.isBlank()) {
			throw new InvalidCallException(error(401, "authentication_error", "x-api-key header is required"));
		}
		if (headers.apply("anthropic-version") == null) {
			throw invalid("anthropic-version: header is required");
		}
	}

	@Override
	public ChatCall read(String path, byte[] body) throws InvalidCallException {
		JsonNode root = JsonReplies.object(body);
		if (root == null) {
			throw invalid("The request body is not valid JSON");
		}
		String model = root.path("model").asString("");
		if (model.isEmpty()) {
			throw invalid("model: Field required");
		}
		JsonNode maxTokens = root.path("max_tokens");
		if (!maxTokens.isIntegralNumber() || !maxTokens.canConvertToInt() || maxTokens.asInt() < 1) {
			throw invalid(maxTokens.isMissingNode() ? "max_tokens: Field required"
					: "max_tokens: Input should be an integer greater than or equal to 1");
		}
		JsonNode messages = root.path("messages");
		if (!messages.isArray() || messages.isEmpty()) {
			throw invalid("messages: at least one message is required");
		}
		List<String> contents = new ArrayList<>();
		String system = JsonReplies.content(root.path("system"));
		if (system != null) {
			contents.add(system);
		}
		for (int i = 0; i < messages.size(); i++) {
			String content = JsonReplies.content(messages.get(i).path("content"));
			if (content == null) {
				throw invalid("messages.%d.content: Field required".formatted(i));
			}
			contents.add(content);
		}
		int promptTokens = contents.stream().mapToInt(PromptTokens::count).sum();
		return new ChatCall(model, contents, promptTokens, maxTokens.asInt(),
				root.path("stream").asBoolean(false) ? Streamed.WITH_USAGE : Streamed.NO);
	}

	@Override
	public Reply answer(ChatCall call, Completion completion, Verdict verdict) {
		Map<String, String> headers = common(limitHeaders(verdict));
		Map<String, @Nullable Object> message = fields("id", "msg_sample" + this.ids.incrementAndGet(), "type",
				"message", "role", "assistant", "model", call.model());
		String stopReason = (completion.tokens() == call.maxTokens()) ? "max_tokens" : "end_turn";
		if (call.streamed() != Streamed.NO) {
			return new Reply(200, headers, new byte[0], events(message, stopReason, call, completion));
		}
		message.put("content", List.of(fields("type", "text", "text", completion.text())));
		message.put("stop_reason", stopReason);
		message.put("stop_sequence", null);
		message.put("usage", usage(call, completion, completion.tokens()));
		return new Reply(200, headers, JsonReplies.bytes(message));
	}

	private static List<byte[]> events(Map<String, @Nullable Object> message, String stopReason, ChatCall call,
			Completion completion) {
		List<byte[]> events = new ArrayList<>();
		message.put("content", List.of());
		message.put("stop_reason", null);
		message.put("usage", usage(call, completion, 1));
		events.add(JsonReplies.typedEvent(fields("type", "message_start", "message", message)));
		events.add(JsonReplies.typedEvent(fields("type", "content_block_start", "index", 0, "content_block",
				fields("type", "text", "text", ""))));
		for (String piece : JsonReplies.pieces(completion.text())) {
			events.add(JsonReplies.typedEvent(fields("type", "content_block_delta", "index", 0, "delta",
					fields("type", "text_delta", "text", piece))));
		}
		events.add(JsonReplies.typedEvent(fields("type", "content_block_stop", "index", 0)));
		events.add(JsonReplies.typedEvent(
				fields("type", "message_delta", "delta", fields("stop_reason", stopReason, "stop_sequence", null),
						"usage", fields("output_tokens", completion.tokens()))));
		events.add(JsonReplies.typedEvent(fields("type", "message_stop")));
		return events;
	}

	private static Map<String, @Nullable Object> usage(ChatCall call, Completion completion, int outputTokens) {
		return fields("input_tokens", call.billedPromptTokens() - completion.cachedTokens(),
				"cache_creation_input_tokens", 0, "cache_read_input_tokens", completion.cachedTokens(), "output_tokens",
				outputTokens);
	}

	@Override
	public Reply refusal(ChatCall call, Verdict verdict) {
		Map<String, String> headers = limitHeaders(verdict);
		if (verdict.outcome() == Outcome.REFUSED) {
			headers.put("retry-after", Long.toString(GoDuration.ceilSeconds(verdict.retryAfter())));
		}
		String what = verdict.meter().name().toLowerCase(Locale.ROOT).replace('_', ' ');
		String model = (verdict.meter() == Meter.REQUESTS) ? "" : ", model: " + call.model();
		return error(429, headers, "rate_limit_error",
				String.format(Locale.ROOT,
						"This request would exceed your organization's rate limit of %,d %s per minute (org: %s%s).",
						verdict.level(verdict.meter()).limit(), what, ORGANIZATION, model),
				null);
	}

	@Override
	public Reply overloaded() {
		return error(529, "overloaded_error", "Overloaded");
	}

	@Override
	public Reply quotaExhausted() {
		return error(429, new LinkedHashMap<>(), "rate_limit_error",
				"You have reached your API usage limits: your organization crossed its monthly threshold.",
				fields("error_code", "enforced_spend_limit_reached"));
	}

	@Override
	public Reply models(Set<String> names) {
		List<Map<String, @Nullable Object>> models = names.stream()
			.map((name) -> fields("type", "model", "id", name, "display_name", name))
			.toList();
		return new Reply(200, common(new LinkedHashMap<>()),
				JsonReplies.bytes(fields("data", models, "has_more", false)));
	}

	@Override
	public Reply unknownModel(String name) {
		return error(404, "not_found_error", "model: " + name);
	}

	@Override
	public Reply unknownPath(String method, String path) {
		return error(404, "not_found_error", "Not found: %s %s".formatted(method.toUpperCase(Locale.ROOT), path));
	}

	@Override
	public Reply bodyTooLarge(int maxBytes) {
		return error(413, "request_too_large", "Request exceeds the maximum size");
	}

	@Override
	public Reply internalError() {
		return error(500, "api_error", "Internal server error");
	}

	private Map<String, String> limitHeaders(Verdict verdict) {
		Map<String, String> headers = new LinkedHashMap<>();
		Instant now = this.clock.instant();
		Level requests = verdict.told(Meter.REQUESTS);
		Level input = verdict.told(Meter.INPUT_TOKENS);
		Level output = verdict.told(Meter.OUTPUT_TOKENS);
		put(headers, "requests", requests.limit(), requests.remaining(), reset(now, requests));
		put(headers, "input-tokens", input.limit(), rounded(input.remaining()), reset(now, input));
		put(headers, "output-tokens", output.limit(), rounded(output.remaining()), reset(now, output));
		put(headers, "tokens", input.limit() + output.limit(), rounded(input.remaining() + output.remaining()),
				reset(now, (input.reset().compareTo(output.reset()) > 0) ? input : output));
		return headers;
	}

	private static void put(Map<String, String> headers, String name, long limit, long remaining, Instant reset) {
		String prefix = "anthropic-ratelimit-" + name;
		headers.put(prefix + "-limit", Long.toString(limit));
		headers.put(prefix + "-remaining", Long.toString(remaining));
		headers.put(prefix + "-reset", reset.toString());
	}

	/** The moment of full replenishment, in whole seconds, never too early. */
	private static Instant reset(Instant now, Level level) {
		Instant exact = now.plus(level.reset());
		Instant seconds = exact.truncatedTo(ChronoUnit.SECONDS);
		return seconds.equals(exact) ? seconds : seconds.plusSeconds(1);
	}

	private static long rounded(long tokens) {
		return (tokens < 0) ? tokens : Math.round(tokens / 1000.0) * 1000;
	}

	private InvalidCallException invalid(String message) {
		return new InvalidCallException(error(400, "invalid_request_error", message));
	}

	private Reply error(int status, String type, String message) {
		return error(status, new LinkedHashMap<>(), type, message, null);
	}

	private Reply error(int status, Map<String, String> headers, String type, String message,
			@Nullable Map<String, ?> details) {
		Map<String, @Nullable Object> error = fields("type", type, "message", message);
		if (details != null) {
			error.put("details", details);
		}
		common(headers);
		return new Reply(status, headers,
				JsonReplies.bytes(fields("type", "error", "error", error, "request_id", headers.get("request-id"))));
	}

	private Map<String, String> common(Map<String, String> headers) {
		headers.put("request-id", "req_sample%d".formatted(this.ids.incrementAndGet()));
		headers.put("anthropic-organization-id", ORGANIZATION);
		return headers;
	}

}

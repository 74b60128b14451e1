package io.github.llmratelimit.sample.provider;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

import io.github.llmratelimit.sample.provider.Verdict.Level;
import io.github.llmratelimit.sample.provider.Verdict.Outcome;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * OpenAI's chat completions: bodies, headers and error texts as its API sends them.
 */
final class OpenAiDialect implements Dialect {

	/**
	 * What a call without a maximum is taken to ask for.
	 */
	static final int DEFAULT_MAX_TOKENS = 1024;

	private static final String ORGANIZATION = "org-sample";

	private static final String LIMITS_PAGE = "Visit https://platform.openai.com/account/rate-limits to learn more.";

	private final JsonMapper json = new JsonMapper();

	private final AtomicLong ids = new AtomicLong();

	private final InstantSource clock;

	OpenAiDialect(InstantSource clock) {
		this.clock = clock;
	}

	@Override
	public String callPath() {
		return "/v1/chat/completions";
	}

	@Override
	public String modelsPath() {
		return "/v1/models";
	}

	@Override
	public void authenticate(@Nullable String authorization) throws InvalidCallException {
		if (authorization == null || !authorization.matches("Bearer +\\S+")) {
			throw new InvalidCallException(error(401, "invalid_request_error", null, null,
					"You didn't provide an API key. You need to provide your API key in an Authorization header "
							+ "using Bearer auth (i.e. Authorization: Bearer YOUR_KEY)."));
		}
	}

	@Override
	public ChatCall read(byte[] body) throws InvalidCallException {
		JsonNode root = parse(body);
		String model = root.path("model").asString("");
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
		if (root.path("stream").asBoolean(false)) {
			throw invalid("stream", "unsupported_value", "Unsupported value: 'stream' can only be false here.");
		}
		List<String> contents = new ArrayList<>();
		int promptTokens = 0;
		for (int i = 0; i < messages.size(); i++) {
			String content = content(messages.get(i), i);
			contents.add(content);
			promptTokens += PromptTokens.count(content);
		}
		return new ChatCall(model, contents, promptTokens, maxTokens(root));
	}

	@Override
	public Reply answer(ChatCall call, Completion completion, Verdict verdict) {
		String finishReason = (completion.tokens() == call.maxTokens()) ? "length" : "stop";
		Map<String, @Nullable Object> message = fields("role", "assistant", "content", completion.text(), "refusal",
				null);
		Map<String, @Nullable Object> usage = fields("prompt_tokens", call.billedPromptTokens(), "completion_tokens",
				completion.tokens(), "total_tokens", call.billedPromptTokens() + completion.tokens(),
				"prompt_tokens_details", fields("cached_tokens", completion.cachedTokens()));
		Map<String, @Nullable Object> body = fields("id", "chatcmpl-sample" + this.ids.incrementAndGet(), "object",
				"chat.completion", "created", this.clock.instant().getEpochSecond(), "model", call.model(), "choices",
				List.of(fields("index", 0, "message", message, "finish_reason", finishReason)), "usage", usage);
		Map<String, String> headers = limitHeaders(verdict);
		headers.put("openai-processing-ms", Long.toString(completion.latency().toMillis()));
		return reply(200, headers, body);
	}

	@Override
	public Reply refusal(ChatCall call, Verdict verdict) {
		boolean requests = (verdict.outcome() == Outcome.REQUESTS);
		Level level = requests ? verdict.requests() : verdict.tokens();
		long requested = requests ? 1 : verdict.charge();
		String dimension = requests ? "requests per min (RPM)" : "tokens per min (TPM)";
		String type = requests ? "requests" : "tokens";
		Map<String, String> headers = limitHeaders(verdict);
		if (verdict.outcome() == Outcome.TOO_LARGE) {
			return error(429, headers, type, null, "rate_limit_exceeded",
					"Request too large for %s in organization %s on %s: Limit %d, Requested %d. The input or output tokens must be reduced in order to run successfully. %s"
						.formatted(call.model(), ORGANIZATION, dimension, level.limit(), requested, LIMITS_PAGE));
		}
		headers.put("retry-after", Long.toString(GoDuration.ceilSeconds(verdict.retryAfter())));
		headers.put("retry-after-ms", Long.toString(GoDuration.ceilMillis(verdict.retryAfter())));
		return error(429, headers, type, null, "rate_limit_exceeded",
				"Rate limit reached for %s in organization %s on %s: Limit %d, Used %d, Requested %d. Please try again in %s. %s"
					.formatted(call.model(), ORGANIZATION, dimension, level.limit(), level.used(), requested,
							GoDuration.format(verdict.retryAfter()), LIMITS_PAGE));
	}

	@Override
	public Reply models(Set<String> names) {
		List<Map<String, Object>> models = names.stream()
			.map((name) -> fields("id", name, "object", "model", "created", 1715367049, "owned_by", "system"))
			.toList();
		return reply(200, new LinkedHashMap<>(), fields("object", "list", "data", models));
	}

	@Override
	public Reply unknownModel(String name) {
		return error(404, "invalid_request_error", null, "model_not_found",
				"The model `%s` does not exist or you do not have access to it.".formatted(name));
	}

	@Override
	public Reply unknownPath(String method, String path) {
		return error(404, "invalid_request_error", null, "unknown_url",
				"Unknown request URL: %s %s. Please check the URL for typos, or see the docs at https://platform.openai.com/docs/api-reference/."
					.formatted(method.toUpperCase(Locale.ROOT), path));
	}

	@Override
	public Reply bodyTooLarge(int maxBytes) {
		return error(413, "invalid_request_error", null, null,
				"Request body too large: at most %d bytes are accepted.".formatted(maxBytes));
	}

	@Override
	public Reply internalError() {
		return error(500, "server_error", null, null,
				"The server had an error while processing your request. Sorry about that!");
	}

	private JsonNode parse(byte[] body) throws InvalidCallException {
		try {
			JsonNode root = this.json.readTree(body);
			if (root.isObject()) {
				return root;
			}
		}
		catch (JacksonException ex) {
			// Answered below, as any other body that is no JSON object
		}
		throw invalid(null, null, "We could not parse the JSON body of your request. (HINT: This likely means you "
				+ "aren't using your HTTP library correctly. The OpenAI API expects a JSON payload, but what was "
				+ "sent was not valid JSON.)");
	}

	private String content(JsonNode message, int index) throws InvalidCallException {
		JsonNode content = message.path("content");
		if (content.isString()) {
			return content.asString();
		}
		if (!content.isArray()) {
			throw invalid("messages.[%d].content".formatted(index), null,
					"Invalid value for 'content': expected a string or an array of parts.");
		}
		StringBuilder text = new StringBuilder();
		for (JsonNode part : content) {
			text.append(part.path("text").asString(""));
		}
		return text.toString();
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

	private Map<String, String> limitHeaders(Verdict verdict) {
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put("x-ratelimit-limit-requests", Long.toString(verdict.requests().limit()));
		headers.put("x-ratelimit-limit-tokens", Long.toString(verdict.tokens().limit()));
		headers.put("x-ratelimit-remaining-requests", Long.toString(verdict.requests().remaining()));
		headers.put("x-ratelimit-remaining-tokens", Long.toString(verdict.tokens().remaining()));
		headers.put("x-ratelimit-reset-requests", GoDuration.format(verdict.requests().reset()));
		headers.put("x-ratelimit-reset-tokens", GoDuration.format(verdict.tokens().reset()));
		return headers;
	}

	private InvalidCallException invalid(@Nullable String param, @Nullable String code, String message) {
		return new InvalidCallException(error(400, "invalid_request_error", param, code, message));
	}

	private Reply error(int status, String type, @Nullable String param, @Nullable String code, String message) {
		return error(status, new LinkedHashMap<>(), type, param, code, message);
	}

	private Reply error(int status, Map<String, String> headers, String type, @Nullable String param,
			@Nullable String code, String message) {
		Map<String, @Nullable Object> error = fields("message", message, "type", type, "param", param, "code", code);
		return reply(status, headers, fields("error", error));
	}

	private Reply reply(int status, Map<String, String> headers, Map<String, ?> body) {
		headers.put("openai-organization", ORGANIZATION);
		headers.put("x-request-id", "req_sample%d".formatted(this.ids.incrementAndGet()));
		return new Reply(status, headers, this.json.writeValueAsBytes(body));
	}

	/**
	 * Makes a map in the order of writing, which may hold {@code null}.
	 */
	private static Map<String, @Nullable Object> fields(@Nullable Object... namesAndValues) {
		Map<String, @Nullable Object> fields = new LinkedHashMap<>();
		for (int i = 0; i < namesAndValues.length; i += 2) {
			fields.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
		}
		return fields;
	}

}

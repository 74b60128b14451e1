package io.github.llmratelimit.sample.provider;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

import io.github.llmratelimit.sample.provider.Verdict.Level;
import io.github.llmratelimit.sample.provider.Verdict.Outcome;
import org.jspecify.annotations.Nullable;

import static io.github.llmratelimit.sample.provider.JsonReplies.fields;

/**
 * OpenAI's chat completions: bodies, headers and error texts as its API sends them.
 */
final class OpenAiDialect implements Dialect {

	private static final String ORGANIZATION = "org-sample";

	private static final String LIMITS_PAGE = "Visit https://platform.openai.com/account/rate-limits to learn more.";

	private final AtomicLong ids = new AtomicLong();

	private final ChatCompletions completions;

	OpenAiDialect(InstantSource clock) {
		this.completions = new ChatCompletions(clock,
				(param, code, message) -> error(400, "invalid_request_error", param, code, message));
	}

	@Override
	public boolean isCallPath(String path) {
		return path.equals("/v1/chat/completions");
	}

	@Override
	public String modelsPath() {
		return "/v1/models";
	}

	@Override
	public void authenticate(UnaryOperator<@Nullable String> headers) throws InvalidCallException {
		String authorization = headers.apply("Authorization");
		if (authorization == null || !authorization.matches("Bearer +\\S+")) {
			throw new InvalidCallException(error(401, "invalid_request_error", null, null,
					"You didn't provide an API key. You need to provide your API key in an Authorization header "
							+ "using Bearer auth (i.e. Authorization: Bearer YOUR_KEY)."));
		}
	}

	@Override
	public ChatCall read(String path, byte[] body) throws InvalidCallException {
		return this.completions.read(body, null);
	}

	@Override
	public Reply answer(ChatCall call, Completion completion, Verdict verdict) {
		Map<String, String> headers = limitHeaders(verdict);
		headers.put("openai-processing-ms", Long.toString(completion.latency().toMillis()));
		return this.completions.answer(call, completion, common(headers));
	}

	@Override
	public Reply refusal(ChatCall call, Verdict verdict) {
		boolean requests = (verdict.meter() == Meter.REQUESTS);
		Level level = verdict.level(verdict.meter());
		String dimension = requests ? "requests per min (RPM)" : "tokens per min (TPM)";
		String type = requests ? "requests" : "tokens";
		Map<String, String> headers = limitHeaders(verdict);
		if (verdict.outcome() == Outcome.TOO_LARGE) {
			return error(429, headers, type, null, "rate_limit_exceeded",
					"Request too large for %s in organization %s on %s: Limit %d, Requested %d. The input or output tokens must be reduced in order to run successfully. %s"
						.formatted(call.model(), ORGANIZATION, dimension, level.limit(), verdict.requested(),
								LIMITS_PAGE));
		}
		headers.put("retry-after", Long.toString(GoDuration.ceilSeconds(verdict.retryAfter())));
		headers.put("retry-after-ms", Long.toString(GoDuration.ceilMillis(verdict.retryAfter())));
		return error(429, headers, type, null, "rate_limit_exceeded",
				"Rate limit reached for %s in organization %s on %s: Limit %d, Used %d, Requested %d. Please try again in %s. %s"
					.formatted(call.model(), ORGANIZATION, dimension, level.limit(), level.used(), verdict.requested(),
							GoDuration.format(verdict.retryAfter()), LIMITS_PAGE));
	}

	@Override
	public Reply overloaded() {
		return error(503, "service_unavailable_error", null, "server_is_overloaded",
				"The engine is currently overloaded, please try again later");
	}

	@Override
	public Reply quotaExhausted() {
		return error(429, "insufficient_quota", null, "credit_balance_exhausted",
				"Your organization has no prepaid credits left.");
	}

	@Override
	public Reply models(Set<String> names) {
		List<Map<String, @Nullable Object>> models = names.stream()
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

	private static Map<String, String> limitHeaders(Verdict verdict) {
		Map<String, String> headers = new LinkedHashMap<>();
		Level requests = verdict.told(Meter.REQUESTS);
		Level tokens = verdict.told(Meter.TOKENS);
		headers.put("x-ratelimit-limit-requests", Long.toString(requests.limit()));
		headers.put("x-ratelimit-limit-tokens", Long.toString(tokens.limit()));
		headers.put("x-ratelimit-remaining-requests", Long.toString(requests.remaining()));
		headers.put("x-ratelimit-remaining-tokens", Long.toString(tokens.remaining()));
		headers.put("x-ratelimit-reset-requests", GoDuration.format(requests.reset()));
		headers.put("x-ratelimit-reset-tokens", GoDuration.format(tokens.reset()));
		return headers;
	}

	private Reply error(int status, String type, @Nullable String param, @Nullable String code, String message) {
		return error(status, new LinkedHashMap<>(), type, param, code, message);
	}

	private Reply error(int status, Map<String, String> headers, String type, @Nullable String param,
			@Nullable String code, String message) {
		return reply(status, headers,
				fields("error", fields("message", message, "type", type, "param", param, "code", code)));
	}

	private Reply reply(int status, Map<String, String> headers, Map<String, ?> body) {
		return new Reply(status, common(headers), JsonReplies.bytes(body));
	}

	private Map<String, String> common(Map<String, String> headers) {
		headers.put("openai-organization", ORGANIZATION);
		headers.put("x-request-id", "req_sample%d".formatted(this.ids.incrementAndGet()));
		return headers;
	}

}

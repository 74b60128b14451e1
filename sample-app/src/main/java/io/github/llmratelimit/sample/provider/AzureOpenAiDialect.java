package io.github.llmratelimit.sample.provider;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.llmratelimit.sample.provider.Verdict.Level;
import io.github.llmratelimit.sample.provider.Verdict.Outcome;
import org.jspecify.annotations.Nullable;

import static io.github.llmratelimit.sample.provider.JsonReplies.fields;

/**
 * Azure OpenAI's chat completions: the model is a deployment in the path, resets are bare
 * seconds, and headers tell of the window that is enforced, with its length.
 */
final class AzureOpenAiDialect implements Dialect {

	private static final Pattern CALL_PATH = Pattern.compile("/openai/deployments/([^/]+)/chat/completions");

	private static final String OPERATION = "Requests to the ChatCompletions_Create Operation under Azure OpenAI API "
			+ "version 2024-10-21 have exceeded %s rate limit of your current OpenAI S0 pricing tier. "
			+ "Please retry after %d second%s.";

	private final AtomicLong ids = new AtomicLong();

	private final ChatCompletions completions;

	AzureOpenAiDialect(InstantSource clock) {
		this.completions = new ChatCompletions(clock,
				(param, code, message) -> reply(400, new LinkedHashMap<>(), fields("error",
						fields("message", message, "type", "invalid_request_error", "param", param, "code", code))));
	}

	@Override
	public boolean isCallPath(String path) {
		return CALL_PATH.matcher(path).matches();
	}

	@Override
	public String modelsPath() {
		return "/openai/models";
	}

	@Override
	public void authenticate(UnaryOperator<@Nullable String> headers) throws InvalidCallException {
		String key = headers.apply("api-key");
		String authorization = headers.apply("Authorization");
		if ((key == null || key.isBlank()) && (authorization == null || !authorization.matches("Bearer +\\S+"))) {
			throw new InvalidCallException(error(401, "401",
					"Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a "
							+ "valid key for an active subscription and use a correct regional API endpoint for "
							+ "your resource."));
		}
	}

	@Override
	public ChatCall read(String path, byte[] body) throws InvalidCallException {
		Matcher matcher = CALL_PATH.matcher(path);
		return this.completions.read(body, matcher.matches() ? matcher.group(1) : "");
	}

	@Override
	public Reply answer(ChatCall call, Completion completion, Verdict verdict) {
		return this.completions.answer(call, completion, common(limitHeaders(verdict)));
	}

	@Override
	public Reply refusal(ChatCall call, Verdict verdict) {
		boolean requests = (verdict.meter() == Meter.REQUESTS);
		Map<String, String> headers = limitHeaders(verdict);
		headers.put("x-ratelimit-type", requests ? "Requests" : "Tokens");
		// a call that never fits is told to come back as well: nothing marks it
		boolean never = (verdict.outcome() == Outcome.TOO_LARGE);
		long seconds = never ? 60 : GoDuration.ceilSeconds(verdict.retryAfter());
		headers.put("retry-after", Long.toString(seconds));
		headers.put("retry-after-ms", Long.toString(never ? 60_000 : GoDuration.ceilMillis(verdict.retryAfter())));
		return error(429, headers, "429",
				OPERATION.formatted(requests ? "call" : "token", seconds, (seconds == 1) ? "" : "s"));
	}

	@Override
	public Reply overloaded() {
		return error(429, "429", "The system is currently experiencing high demand and cannot process your request.");
	}

	@Override
	public Reply quotaExhausted() {
		return reply(429, new LinkedHashMap<>(),
				fields("error",
						fields("message",
								"You exceeded your current quota, please check your plan and billing details.", "type",
								"insufficient_quota", "param", null, "code", "insufficient_quota")));
	}

	@Override
	public Reply models(Set<String> names) {
		List<Map<String, @Nullable Object>> models = names.stream()
			.map((name) -> fields("id", name, "object", "model", "status", "succeeded"))
			.toList();
		return reply(200, new LinkedHashMap<>(), fields("object", "list", "data", models));
	}

	@Override
	public Reply unknownModel(String name) {
		return error(404, "DeploymentNotFound", "The API deployment for this resource does not exist.");
	}

	@Override
	public Reply unknownPath(String method, String path) {
		return error(404, "404", "Resource not found: %s %s".formatted(method.toUpperCase(Locale.ROOT), path));
	}

	@Override
	public Reply bodyTooLarge(int maxBytes) {
		return error(413, "RequestEntityTooLarge", "At most %d bytes are accepted.".formatted(maxBytes));
	}

	@Override
	public Reply internalError() {
		return error(500, "InternalServerError", "The server had an error while processing your request.");
	}

	private static Map<String, String> limitHeaders(Verdict verdict) {
		Map<String, String> headers = new LinkedHashMap<>();
		put(headers, "requests", verdict.toldSlice(Meter.REQUESTS));
		put(headers, "tokens", verdict.toldSlice(Meter.TOKENS));
		return headers;
	}

	private static void put(Map<String, String> headers, String name, Level level) {
		headers.put("x-ratelimit-limit-" + name, Long.toString(level.limit()));
		headers.put("x-ratelimit-remaining-" + name, Long.toString(level.remaining()));
		headers.put("x-ratelimit-reset-" + name, Long.toString(GoDuration.ceilSeconds(level.reset())));
		headers.put("x-ratelimit-renewalperiod-" + name, Long.toString(GoDuration.ceilSeconds(level.window())));
	}

	private Reply error(int status, String code, String message) {
		return error(status, new LinkedHashMap<>(), code, message);
	}

	private Reply error(int status, Map<String, String> headers, String code, String message) {
		return reply(status, headers, fields("error", fields("code", code, "message", message)));
	}

	private Reply reply(int status, Map<String, String> headers, Map<String, ?> body) {
		return new Reply(status, common(headers), JsonReplies.bytes(body));
	}

	private Map<String, String> common(Map<String, String> headers) {
		headers.put("x-ms-region", "Sample");
		headers.put("apim-request-id", "sample-%d".formatted(this.ids.incrementAndGet()));
		return headers;
	}

}

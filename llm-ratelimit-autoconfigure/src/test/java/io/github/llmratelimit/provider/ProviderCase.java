package io.github.llmratelimit.provider;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A response and what it means, from {@code provider-cases.json}.
 *
 * @param id name of the case
 * @param provider dialect to read it with
 * @param now when the response was received
 * @param status HTTP status of the response
 * @param headers its header lines by name
 * @param body its body, or {@code null}
 * @param expected the signal, as {@link #describe} renders it
 * @param windowHints windows in milliseconds by name, where the file states them
 * @param hintTooShort whether the wait that the response asks for is known to be too
 * short
 */
record ProviderCase(String id, String provider, Instant now, int status, Map<String, List<String>> headers, String body,
		Map<String, String> expected, Map<String, String> windowHints, boolean hintTooShort) {

	private static final List<String> FIELDS = List.of("kind", "retryable", "retry_after_ms", "limit_requests",
			"remaining_requests", "reset_requests_ms", "limit_tokens", "remaining_tokens", "reset_tokens_ms",
			"limit_input_tokens", "remaining_input_tokens", "reset_input_tokens_ms", "limit_output_tokens",
			"remaining_output_tokens", "reset_output_tokens_ms");

	static List<ProviderCase> all() {
		try (InputStream input = ProviderCase.class.getResourceAsStream("/provider-cases.json")) {
			return JsonMapper.shared().readTree(input).valueStream().map(ProviderCase::of).toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	ProviderSignal read() {
		ProviderResponse response = new ProviderResponse(this.status, HttpFields.of(this.headers), this.body);
		return ProviderDialects.named(this.provider).read(response, this.now);
	}

	/**
	 * Render a signal in the words of the file.
	 */
	static Map<String, String> describe(ProviderSignal signal) {
		Map<String, String> values = new LinkedHashMap<>();
		values.put("kind", signal.kind().id());
		values.put("retryable", String.valueOf(signal.retryable()));
		values.put("retry_after_ms", millis(signal.retryAfter()));
		describe(values, "requests", signal.requests());
		describe(values, "tokens", signal.tokens());
		describe(values, "input_tokens", signal.inputTokens());
		describe(values, "output_tokens", signal.outputTokens());
		return values;
	}

	/**
	 * Render the windows that the file states in its words.
	 */
	Map<String, String> describeWindows(ProviderSignal signal) {
		Map<String, String> values = new LinkedHashMap<>();
		values.put("requests_window_ms", millis(signal.requests().window()));
		values.put("tokens_window_ms", millis(signal.tokens().window()));
		values.keySet().retainAll(this.windowHints.keySet());
		return values;
	}

	private static void describe(Map<String, String> values, String dimension, Quota quota) {
		values.put("limit_" + dimension, String.valueOf(quota.limit()));
		values.put("remaining_" + dimension, String.valueOf(quota.remaining()));
		values.put("reset_" + dimension + "_ms", millis(quota.reset()));
	}

	private static String millis(Duration duration) {
		return (duration != null) ? String.valueOf(duration.toMillis()) : "null";
	}

	private static ProviderCase of(JsonNode json) {
		JsonNode body = json.required("body");
		return new ProviderCase(json.required("id").asString(), json.required("provider").asString(),
				Instant.parse(json.required("now").asString()), json.required("status").asInt(),
				headers(json.required("headers")), body.isNull() ? null : body.asString(),
				expected(json.required("expect")), windowHints(json.path("hints")),
				json.path("hints").path("retry_hint_too_short").asBoolean(false));
	}

	private static Map<String, List<String>> headers(JsonNode json) {
		Map<String, List<String>> headers = new LinkedHashMap<>();
		json.propertyStream().forEach((header) -> {
			JsonNode lines = header.getValue();
			headers.put(header.getKey(),
					lines.isArray() ? lines.valueStream().map(JsonNode::asString).toList() : List.of(lines.asString()));
		});
		return headers;
	}

	private static Map<String, String> expected(JsonNode json) {
		Map<String, String> expected = new LinkedHashMap<>();
		FIELDS.forEach((field) -> expected.put(field,
				json.required(field).isNull() ? "null" : json.required(field).asString()));
		return expected;
	}

	private static Map<String, String> windowHints(JsonNode json) {
		Map<String, String> hints = new LinkedHashMap<>();
		json.propertyStream()
			.filter((hint) -> hint.getKey().endsWith("_window_ms"))
			.forEach((hint) -> hints.put(hint.getKey(), hint.getValue().asString()));
		return hints;
	}

	@Override
	public String toString() {
		return this.id;
	}

}

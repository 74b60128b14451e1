package io.github.llmratelimit.provider;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/*
 * Where the error stands:
 *
 *   {"error": {"message", "type", "code", …}}                   OpenAI and most others
 *   {"type": "error", "error": {"type", "message"}}             Anthropic
 *   {"type": "response.failed", "response": {"error": {…}}}     OpenAI's event streams
 *   {"type": "error", "code", "message"}                        the same, older event
 *   {"error": {"code", "message", "status", "details": […]}}    Google
 *   {"message", "type", "code"}                                 Mistral, Cohere, Bedrock
 *   {"error": "a sentence", "code": "a sentence"}               xAI
 *   {"type": "https://…#quota-exceeded", "title", "detail"}     RFC 9457
 */
/**
 * Finds the error in parsed JSON, whatever the provider's shape.
 */
final class ErrorJson {

	private ErrorJson() {
	}

	/**
	 * Read parsed JSON.
	 * @return the error, or {@code null} if there is no object to hold one
	 */
	static @Nullable ErrorBody read(@Nullable Object json) {
		if (json instanceof List<?> elements) {
			return readElements(elements);
		}
		Map<?, ?> root = map(json);
		return root.isEmpty() ? null : readObject(root);
	}

	/**
	 * Gemini wraps a lone error in an array, and ends an array of answers with one.
	 */
	private static @Nullable ErrorBody readElements(List<?> elements) {
		ErrorBody first = null;
		for (Object element : elements) {
			Map<?, ?> root = map(element);
			ErrorBody body = root.isEmpty() ? null : readObject(root);
			if (body != null && body.isError()) {
				return body;
			}
			first = (first != null) ? first : body;
		}
		return first;
	}

	private static ErrorBody readObject(Map<?, ?> root) {
		Map<?, ?> nested = map(root.get("error"));
		if (nested.isEmpty()) {
			nested = map(map(root.get("response")).get("error"));
		}
		Map<?, ?> error = nested.isEmpty() ? root : nested;
		String code = text(error, "code");
		String type = text(error, "type");
		Map<?, ?> details = map(error.get("details"));
		String limitedBy = text(error, "error_type");
		List<String> codes = codes(code, text(details, "error_code"), limitedBy, text(error, "status"), type,
				text(root, "__type"));
		boolean isError = nested.isEmpty() ? text(root, "type").equals("error") : !(code.isEmpty() && type.isEmpty());
		return new ErrorBody(isError, ErrorText.shortened(message(error), ErrorBody.MAX_MESSAGE), type, codes,
				limitedBy, quotas(error.get("details")), retryDelay(error.get("details")), headers(error));
	}

	private static String message(Map<?, ?> error) {
		for (String key : List.of("message", "Message", "error", "detail", "title")) {
			String message = text(error, key);
			if (!message.isEmpty()) {
				return message;
			}
		}
		return "";
	}

	private static List<String> codes(String... names) {
		List<String> codes = new ArrayList<>();
		for (String name : names) {
			if (!name.isEmpty()) {
				codes.add(ErrorBody.toCode(name));
			}
		}
		return codes;
	}

	private static GoogleQuotas quotas(@Nullable Object details) {
		GoogleQuotas quotas = GoogleQuotas.NONE;
		for (Object detail : list(details)) {
			for (Object violation : list(map(detail).get("violations"))) {
				quotas = quotas.with(text(map(violation), "quotaId"), text(map(violation), "quotaValue"));
			}
			if (text(map(detail), "@type").endsWith("QuotaFailure") && !quotas.listed()) {
				quotas = GoogleQuotas.LISTED;
			}
		}
		return quotas;
	}

	private static @Nullable Duration retryDelay(@Nullable Object details) {
		Duration longest = null;
		for (Object detail : list(details)) {
			Duration delay = Durations.parse(text(map(detail), "retryDelay").trim());
			longest = RetryAfterParser.longest(longest, RetryAfterParser.usable(delay));
		}
		return longest;
	}

	private static HttpFields headers(Map<?, ?> error) {
		Map<?, ?> headers = map(map(error.get("metadata")).get("headers"));
		Map<String, List<String>> lines = new HashMap<>();
		headers.forEach((name, value) -> {
			if (value instanceof String line) {
				lines.put(String.valueOf(name), List.of(line));
			}
		});
		return HttpFields.of(lines);
	}

	private static Map<?, ?> map(@Nullable Object value) {
		return (value instanceof Map<?, ?> map) ? map : Map.of();
	}

	private static List<?> list(@Nullable Object value) {
		return (value instanceof List<?> list) ? list : List.of();
	}

	private static String text(Map<?, ?> map, String key) {
		return (map.get(key) instanceof String text) ? text : "";
	}

}

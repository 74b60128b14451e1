package io.github.llmratelimit.sample.provider;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON that keeps the order of writing, read and written.
 */
final class JsonReplies {

	private static final JsonMapper JSON = new JsonMapper();

	/** Most events that carry text in a streamed answer. */
	private static final int TEXT_EVENTS = 20;

	private JsonReplies() {
	}

	/**
	 * Reads a body.
	 * @param body the bytes
	 * @return the object, or {@code null} if it is none
	 */
	static @Nullable JsonNode object(byte[] body) {
		try {
			JsonNode root = JSON.readTree(body);
			return root.isObject() ? root : null;
		}
		catch (JacksonException ex) {
			return null; // answered as any other body that is no object
		}
	}

	/** Makes a map in the order of writing, which may hold {@code null}. */
	static Map<String, @Nullable Object> fields(@Nullable Object... namesAndValues) {
		Map<String, @Nullable Object> fields = new LinkedHashMap<>();
		for (int i = 0; i < namesAndValues.length; i += 2) {
			fields.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
		}
		return fields;
	}

	static byte[] bytes(Map<String, ?> body) {
		return JSON.writeValueAsBytes(body);
	}

	/** A server-sent event without a name. */
	static byte[] event(Map<String, ?> data) {
		return ("data: " + JSON.writeValueAsString(data) + "\n\n").getBytes(StandardCharsets.UTF_8);
	}

	/** A server-sent event that is named as its data's type is. */
	static byte[] typedEvent(Map<String, ?> data) {
		return ("event: " + data.get("type") + "\ndata: " + JSON.writeValueAsString(data) + "\n\n")
			.getBytes(StandardCharsets.UTF_8);
	}

	/** Cuts a text into the pieces of a stream. */
	static List<String> pieces(String text) {
		List<String> pieces = new ArrayList<>();
		int size = Math.max(1, (text.length() + TEXT_EVENTS - 1) / TEXT_EVENTS);
		for (int from = 0; from < text.length(); from += size) {
			pieces.add(text.substring(from, Math.min(text.length(), from + size)));
		}
		return pieces;
	}

	/** Text of a message's content: a text, or parts that have one. */
	static @Nullable String content(JsonNode content) {
		if (content.isString()) {
			return content.asString();
		}
		if (!content.isArray()) {
			return null;
		}
		StringBuilder text = new StringBuilder();
		content.forEach((part) -> text.append(part.path("text").asString("")));
		return text.toString();
	}

}

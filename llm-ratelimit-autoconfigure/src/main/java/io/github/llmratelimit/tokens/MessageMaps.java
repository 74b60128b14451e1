package io.github.llmratelimit.tokens;

import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The shapes of messages as maps: those of OpenAI's, Anthropic's and Gemini's JSON.
 */
final class MessageMaps {

	/** Keys of Gemini's parts, which have no type. */
	private static final List<String> MEDIA_KEYS = List.of("inline_data", "inlineData", "file_data", "fileData");

	/** Parts of the types of media parts. */
	private static final List<String> MEDIA_TYPES = List.of("image", "audio", "video", "file", "document");

	private MessageMaps() {
	}

	/** Whether the map is a message, a part or a request. */
	static boolean isMessageLike(Map<?, ?> map) {
		for (Object key : map.keySet()) {
			if (key instanceof String name && (role(name) == Role.CONTENT || role(name) == Role.CONVERSATION)) {
				return true;
			}
		}
		return false;
	}

	/** Whether the map holds messages rather than being one. */
	static boolean isConversation(Map<?, ?> map) {
		return get(map, "messages") != null || get(map, "contents") != null;
	}

	/** Whether the map is an image, a sound or a file as part of a message. */
	static boolean isMedia(Map<?, ?> map) {
		for (String key : MEDIA_KEYS) {
			if (get(map, key) != null) {
				return true;
			}
		}
		if (!(get(map, "type") instanceof String type) || get(map, "text") != null || get(map, "content") != null) {
			return false;
		}
		String lowerCase = type.toLowerCase(Locale.ROOT);
		return MEDIA_TYPES.stream().anyMatch(lowerCase::contains);
	}

	static Role role(String key) {
		return switch (key) {
			case "role", "type" -> Role.OVERHEAD;
			case "content", "text", "parts" -> Role.CONTENT;
			case "messages", "contents" -> Role.CONVERSATION;
			default -> Role.OTHER;
		};
	}

	private static @Nullable Object get(Map<?, ?> map, String key) {
		try {
			return map.get(key);
		}
		catch (ClassCastException ex) { // a sorted map of other keys
			return null;
		}
	}

	/** What an entry means. */
	enum Role {

		/** Covered by the overhead of a message. */
		OVERHEAD,

		/** Text or parts. */
		CONTENT,

		/** Messages. */
		CONVERSATION,

		/** More JSON that the model sees. */
		OTHER

	}

}

package io.github.llmratelimit.usage;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The members of responses that are looked at. Their names are those of the JSON that
 * providers send, and of the same in camel case.
 */
enum Member {

	/** In a response: what it took. */
	USAGE,

	/** In the usage of Spring AI: the usage as the provider's own client has it. */
	NATIVE_USAGE,

	/** OpenAI, Chat Completions: input, cached tokens included. */
	PROMPT_TOKENS,

	/** OpenAI, Chat Completions: output. */
	COMPLETION_TOKENS,

	/** OpenAI, Responses: input, cached tokens included. Anthropic: without them. */
	INPUT_TOKENS,

	/** OpenAI, Responses, and Anthropic: output. */
	OUTPUT_TOKENS,

	/** OpenAI, Chat Completions: parts of the input. */
	PROMPT_TOKENS_DETAILS,

	/** OpenAI, Responses: parts of the input. */
	INPUT_TOKENS_DETAILS,

	/** OpenAI: part of the input that came from the cache. */
	CACHED_TOKENS,

	/** Anthropic: input that came from the cache. */
	CACHE_READ_INPUT_TOKENS,

	/** Anthropic: input that went into the cache. */
	CACHE_CREATION_INPUT_TOKENS,

	/** Usual name of a response in a wrapper; OpenAI's events have it too. */
	RESPONSE,

	/** Spring AI's response in that of its ChatClient. */
	CHAT_RESPONSE,

	/** Anthropic's event message_start has its usage here. */
	MESSAGE,

	/** Spring AI's response has its usage here. */
	METADATA,

	/** The response in an HTTP entity. */
	BODY,

	/** Usual name of a response in a wrapper. */
	RESULT;

	/** Members that may hold what has the usage, the likely ones first. */
	static final List<Member> WRAPPERS = List.of(RESPONSE, CHAT_RESPONSE, MESSAGE, METADATA, BODY, RESULT);

	private final List<String> names;

	Member() {
		String snakeCase = name().toLowerCase(Locale.ROOT);
		String camelCase = camelCase(snakeCase);
		this.names = snakeCase.equals(camelCase) ? List.of(snakeCase) : List.of(snakeCase, camelCase);
	}

	private static String camelCase(String snakeCase) {
		StringBuilder name = new StringBuilder();
		Arrays.stream(snakeCase.split("_")).forEach((word) -> name.append(name.isEmpty() ? word : capitalize(word)));
		return name.toString();
	}

	private static String capitalize(String word) {
		return Character.toUpperCase(word.charAt(0)) + word.substring(1);
	}

	/** Its names in data. */
	List<String> names() {
		return this.names;
	}

	/** The getter of a bean. */
	String getter() {
		return "get" + capitalize(this.names.get(this.names.size() - 1));
	}

	boolean isWrapper() {
		return ordinal() >= RESPONSE.ordinal();
	}

	/** Whether its value is a number of tokens. */
	boolean isNumber() {
		return switch (this) {
			case PROMPT_TOKENS, COMPLETION_TOKENS, INPUT_TOKENS, OUTPUT_TOKENS, CACHED_TOKENS, CACHE_READ_INPUT_TOKENS,
					CACHE_CREATION_INPUT_TOKENS ->
				true;
			default -> false;
		};
	}

}

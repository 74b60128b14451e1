package io.github.llmratelimit.tokens;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import io.github.llmratelimit.tokens.Failures.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Takes one argument apart: into texts, which are counted together afterwards, and tokens
 * that are known without counting. For one estimate; not thread-safe.
 */
final class PromptReader {

	/*
	 * An argument is a text, a message, or a sequence of them; a message has content,
	 * which is a text or a sequence of parts; a map of a message or part may hold more
	 * JSON, such as tool calls. So every value is read knowing its place, since the same
	 * object, one with a getText() say, is a message in one place and a part in another.
	 *
	 * Arguments may be huge, deep, cyclic or lie about themselves. VALUE_LIMIT and
	 * DEPTH_LIMIT bound the work, the containers on the way down are remembered so that
	 * none is read inside itself, and what throws is guessed.
	 */

	/**
	 * Tokens around each message, its role included. OpenAI's cookbook, "How to count
	 * tokens with tiktoken", has 3 and a token for the role.
	 */
	static final int MESSAGE_TOKENS = 4;

	/** Tokens that prime the reply, once for a prompt; same source. */
	static final int REPLY_TOKENS = 3;

	/** Tokens that join a text of a sequence to the next: a line end, or a comma. */
	static final int SEPARATOR_TOKENS = 1;

	/** Tokens around a key and its value in JSON. */
	static final int ENTRY_TOKENS = 2;

	/**
	 * Guess for an image, a sound or a file. An image in high detail costs 85 + 170 for
	 * each 512 x 512 tile, of which there are at most 8, with gpt-4o (OpenAI, images and
	 * vision guide); bytes ÷ 3 of an encoded image would be hundreds of thousands.
	 */
	static final int MEDIA_TOKENS = 1_500;

	/**
	 * What is said of text that can't be counted: on the high side for most languages.
	 */
	static final int BYTES_PER_TOKEN = 3;

	/**
	 * Elements of sequences that are read; beyond, they are taken for like those before.
	 */
	static final int VALUE_LIMIT = 4_096;

	/** Levels of sequences, maps and objects that are read. */
	static final int DEPTH_LIMIT = 16;

	private final String model;

	private final CustomCounters counters;

	private final Failures failures;

	private final List<String> texts = new ArrayList<>();

	private final @Nullable Object[] path = new @Nullable Object[DEPTH_LIMIT];

	private long tokens;

	private boolean hasLooseText;

	private int values;

	/** Elements of sequences that were read, by the place they stand at. */
	private final long[] readElements = new long[Place.values().length];

	/** The same for those that weren't. */
	private final long[] skippedElements = new long[Place.values().length];

	PromptReader(String model, CustomCounters counters, Failures failures) {
		this.model = model;
		this.counters = counters;
		this.failures = failures;
	}

	/**
	 * Read an argument that no custom counter counts as a whole; called once.
	 * @param value the argument
	 */
	void read(Object value) {
		read(value, Place.ARGUMENT, 0);
		if (this.hasLooseText) {
			this.tokens += MESSAGE_TOKENS;
		}
		this.tokens += REPLY_TOKENS;
	}

	/**
	 * Return the texts to count.
	 * @return the texts, in order
	 */
	List<String> texts() {
		return this.texts;
	}

	/**
	 * Add the tokens that needed no counting, and what the elements that weren't read
	 * would have added.
	 * @param textTokens the tokens of {@link #texts()}
	 * @return the tokens of the argument
	 */
	long total(long textTokens) {
		double total = this.tokens + textTokens;
		for (int i = 0; i < this.readElements.length; i++) {
			total *= 1 + (double) this.skippedElements[i] / Math.max(1, this.readElements[i]);
		}
		return (long) Math.ceil(total);
	}

	private void read(@Nullable Object value, Place place, int depth) {
		if (value == null || isOnPath(value, depth)) {
			return;
		}
		if (depth == DEPTH_LIMIT) {
			this.failures.record(Kind.CONTENT, value, null);
			return;
		}
		this.values++;
		// whoever has the argument read has asked for it already
		long counted = (depth > 0) ? this.counters.count(this.model, value) : CustomCounters.UNKNOWN;
		if (counted != CustomCounters.UNKNOWN) {
			this.tokens += counted;
			return;
		}
		this.path[depth] = value;
		try {
			readKnown(value, place, depth);
		}
		catch (Throwable ex) {
			Failures.throwIfFatal(ex);
			// what was read until here counts, the rest is guessed
			this.failures.record(Kind.CONTENT, value, ex);
			this.tokens += guess(value);
		}
		finally {
			this.path[depth] = null;
		}
	}

	private boolean isOnPath(Object value, int depth) {
		for (int i = 0; i < depth; i++) {
			if (this.path[i] == value) {
				return true;
			}
		}
		return false;
	}

	private void readKnown(Object value, Place place, int depth) throws Throwable {
		if (value instanceof CharSequence || value instanceof Number || value instanceof Boolean
				|| value instanceof Character || value instanceof Enum<?>) {
			addText(Objects.requireNonNull(value.toString()), place);
		}
		else if (value instanceof Map<?, ?> map) {
			readMap(map, place, depth);
		}
		else if (value instanceof Collection<?> collection) {
			readSequence(collection, place, depth);
		}
		else if (value instanceof Object[] array) {
			readSequence(Arrays.asList(array), place, depth);
		}
		else if (value instanceof Optional<?> optional) {
			read(optional.orElse(null), place, depth + 1);
		}
		else {
			readObject(value, place, depth);
		}
	}

	private void addText(String text, Place place) {
		if (place == Place.CONVERSATION) {
			this.tokens += SEPARATOR_TOKENS;
		}
		this.hasLooseText |= place.isOutsideMessage();
		this.texts.add(text);
	}

	private void readSequence(Collection<?> sequence, Place place, int depth) {
		Place inside = (place == Place.ARGUMENT) ? Place.CONVERSATION : place;
		int read = 0;
		for (Object element : sequence) {
			if (this.values >= VALUE_LIMIT) {
				this.skippedElements[inside.ordinal()] += Math.max(0, sequence.size() - read);
				break;
			}
			read++;
			this.readElements[inside.ordinal()]++;
			read(element, inside, depth + 1);
		}
	}

	private void readMap(Map<?, ?> map, Place place, int depth) {
		if (place != Place.STRUCTURE && MessageMaps.isMedia(map)) {
			addMedia(map);
			return;
		}
		if (place.isOutsideMessage() && !MessageMaps.isConversation(map)) {
			this.tokens += MESSAGE_TOKENS;
		}
		for (Map.Entry<?, ?> entry : map.entrySet()) {
			if (this.values >= VALUE_LIMIT) {
				break;
			}
			readEntry(String.valueOf(entry.getKey()), entry.getValue(), place, depth);
		}
	}

	private void readEntry(String key, @Nullable Object value, Place place, int depth) {
		MessageMaps.Role role = (place == Place.STRUCTURE) ? MessageMaps.Role.OTHER : MessageMaps.role(key);
		switch (role) {
			case OVERHEAD -> {
				// part of MESSAGE_TOKENS
			}
			case CONTENT -> read(value, Place.CONTENT, depth + 1);
			case CONVERSATION -> read(value, Place.CONVERSATION, depth + 1);
			case OTHER -> {
				this.tokens += ENTRY_TOKENS;
				this.texts.add(key);
				read(value, Place.STRUCTURE, depth + 1);
			}
		}
	}

	private void readObject(Object value, Place place, int depth) throws Throwable {
		ContentAccess access = ContentAccess.of(value.getClass());
		Object conversation = place.isOutsideMessage() ? access.conversation(value) : null;
		if (conversation != null) {
			read(conversation, Place.CONVERSATION, depth + 1);
		}
		else if (access.hasContent()) {
			if (place.isOutsideMessage()) {
				this.tokens += MESSAGE_TOKENS;
			}
			read(access.content(value), Place.CONTENT, depth + 1);
		}
		else if (place == Place.CONTENT) {
			addMedia(value);
		}
		else {
			this.failures.record(Kind.TYPE, value, null);
			this.tokens += guess(value);
			this.hasLooseText |= place.isOutsideMessage();
		}
	}

	private void addMedia(Object media) {
		this.failures.record(Kind.MEDIA, media, null);
		this.tokens += MEDIA_TOKENS;
	}

	/**
	 * Fail open: a bad guess is corrected when the call reports its usage, a refusal
	 * isn't.
	 */
	private static long guess(Object value) {
		try {
			if (value instanceof Collection || value instanceof Map || value instanceof Object[]) {
				return 0; // what could be read is counted
			}
			long bytes = value.getClass().isArray() ? Array.getLength(value)
					: TextSize.bytes(List.of(String.valueOf(value)));
			return bytes / BYTES_PER_TOKEN + 1;
		}
		catch (Throwable ex) {
			Failures.throwIfFatal(ex);
			return 0;
		}
	}

	/** Where a value stands. */
	private enum Place {

		/** The argument itself. */
		ARGUMENT,

		/** In a sequence of messages or texts. */
		CONVERSATION,

		/** In a message. */
		CONTENT,

		/** In JSON that belongs to a message, such as a tool call. */
		STRUCTURE;

		boolean isOutsideMessage() {
			return this == ARGUMENT || this == CONVERSATION;
		}

	}

}

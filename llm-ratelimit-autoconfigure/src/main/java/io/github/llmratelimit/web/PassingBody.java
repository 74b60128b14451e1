package io.github.llmratelimit.web;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import reactor.core.publisher.Flux;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;

/**
 * Looks at a body while it passes by to its reader, and tells once what it says of an
 * error. Used by one subscriber at a time.
 */
final class PassingBody {

	/*
	 * What is kept of a stream
	 *
	 * An error ends a stream of events, so the latest few kilobytes have it whole. They
	 * are looked at when a chunk has a word of it, and at the end, for one that came in
	 * two chunks. Only marks that stand outside of quoted text count, so that an answer
	 * about errors is none: inside a JSON string their quotes would be escaped.
	 */

	/** How many bytes of a stream are kept, beyond any error that was seen. */
	private static final int KEPT_OF_STREAM = 16_384;

	private static final Pattern ERROR_EVENT = Pattern.compile("(?m)^event: ?(?:error|response\\.failed)\\b"
			+ "|^data: ?\\{\\s*\"error\"|\"type\"\\s*:\\s*\"(?:error|response\\.failed)\""
			+ "|\"finish_reason\"\\s*:\\s*\"error\"");

	private static final byte[][] WORDS = { { 'e', 'r', 'r', 'o', 'r' }, { 'f', 'a', 'i', 'l', 'e', 'd' } };

	private final Consumer<String> listener;

	private final HttpHeaders headers;

	private final boolean stream;

	private byte[] kept = new byte[1024];

	private int length;

	/** Whether something before what is kept is missing. */
	private boolean cut;

	private boolean told;

	private PassingBody(Consumer<String> listener, HttpHeaders headers, boolean stream) {
		this.listener = listener;
		this.headers = headers;
		this.stream = stream;
	}

	/** The body of an error: its beginning is told, also if it is empty. */
	static PassingBody error(Consumer<String> listener, HttpHeaders headers) {
		return new PassingBody(listener, headers, false);
	}

	/** A stream of events: what is around an error is told, if there is one. */
	static PassingBody events(Consumer<String> listener, HttpHeaders headers) {
		return new PassingBody(listener, headers, true);
	}

	Flux<DataBuffer> watch(Flux<DataBuffer> body) {
		return body.doOnNext(this::passes).doOnComplete(this::end).doOnError((failure) -> end()).doOnCancel(this::end);
	}

	private void passes(DataBuffer buffer) {
		if (this.told) {
			return;
		}
		boolean suspicious = false;
		try (DataBuffer.ByteBufferIterator parts = buffer.readableByteBuffers()) {
			while (parts.hasNext()) {
				ByteBuffer part = parts.next();
				byte[] bytes = new byte[part.remaining()];
				part.get(bytes);
				keep(bytes);
				suspicious |= this.stream && hasWord(bytes);
			}
		}
		if (suspicious || (!this.stream && this.length == ResponseText.READ_LIMIT)) {
			look();
		}
	}

	private void keep(byte[] bytes) {
		int most = this.stream ? KEPT_OF_STREAM : ResponseText.READ_LIMIT;
		int wanted = this.length + bytes.length;
		if (wanted > this.kept.length && this.kept.length < most) {
			this.kept = Arrays.copyOf(this.kept, Math.min(most, Math.max(wanted, 2 * this.kept.length)));
		}
		if (!this.stream) {
			int taken = Math.min(bytes.length, most - this.length);
			System.arraycopy(bytes, 0, this.kept, this.length, taken);
			this.length += taken;
			return;
		}
		int taken = Math.min(bytes.length, most);
		int dropped = Math.max(0, this.length + taken - most);
		this.cut |= dropped > 0 || taken < bytes.length;
		System.arraycopy(this.kept, dropped, this.kept, 0, this.length - dropped);
		this.length -= dropped;
		System.arraycopy(bytes, bytes.length - taken, this.kept, this.length, taken);
		this.length += taken;
	}

	private static boolean hasWord(byte[] bytes) {
		for (int i = 0; i < bytes.length; i++) {
			for (byte[] word : WORDS) {
				if (bytes[i] == word[0] && i + word.length <= bytes.length
						&& Arrays.equals(bytes, i, i + word.length, word, 0, word.length)) {
					return true;
				}
			}
		}
		return false;
	}

	private void end() {
		if (!this.told) {
			look();
		}
	}

	private void look() {
		String text = ResponseText.body(Arrays.copyOf(this.kept, this.length), this.headers);
		if (!this.stream) {
			tell(text);
			return;
		}
		String events = this.cut ? text.substring(text.indexOf('\n') + 1) : text;
		Matcher error = ERROR_EVENT.matcher(events);
		if (error.find()) {
			// the event with the error and what follows; the text before says nothing
			int start = Math.max(0,
					Math.max(events.lastIndexOf("\n\n", error.start()), events.lastIndexOf("\r\n\r\n", error.start())));
			String rest = events.substring(start).stripLeading();
			if (isWhole(rest)) {
				tell(rest);
			}
		}
	}

	/** Whether the error has passed to its end, so that all of it is known. */
	private static boolean isWhole(String events) {
		return events.contains("\n\n") || events.contains("\r\n\r\n") || events.contains("}");
	}

	private void tell(String text) {
		this.told = true;
		this.listener.accept(text);
	}

}

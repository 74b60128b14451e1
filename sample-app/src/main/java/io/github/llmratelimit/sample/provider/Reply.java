package io.github.llmratelimit.sample.provider;

import java.util.List;
import java.util.Map;

/**
 * One HTTP response.
 *
 * @param status the HTTP status
 * @param headers headers beside those that every response has; may be changed
 * @param body the body, JSON; empty if it is streamed
 * @param events server-sent events, to be spread over the time that the answer takes;
 * empty unless it is streamed
 */
record Reply(int status, Map<String, String> headers, byte[] body, List<byte[]> events) {

	Reply(int status, Map<String, String> headers, byte[] body) {
		this(status, headers, body, List.of());
	}

	boolean isStreamed() {
		return !this.events.isEmpty();
	}

}

package io.github.llmratelimit.provider;

import org.jspecify.annotations.Nullable;

/**
 * What was received from a provider.
 *
 * @param status the HTTP status
 * @param fields the header fields
 * @param body the body as text, or {@code null} if there was none or it wasn't read. Its
 * first {@link #READ_LIMIT} characters are enough; of an event stream the last ones may
 * be added, since a stream ends with its error
 */
public record ProviderResponse(int status, HttpFields fields, @Nullable String body) {

	/** How many characters of a body a dialect looks at: {@value}. */
	public static final int READ_LIMIT = 65_536;

	boolean isSuccess() {
		return this.status >= 200 && this.status < 300;
	}

}

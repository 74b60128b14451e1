package io.github.llmratelimit.provider;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A dialect for tests whose responses say what they mean in so many words: the body is
 * the kind, {@code retry-after-ms} the hint and {@code x-should-retry} whether to repeat.
 */
public final class WrittenDialect implements ProviderDialect {

	@Override
	public String name() {
		return "written";
	}

	@Override
	public ProviderSignal read(ProviderResponse response, Instant now) {
		if (response.isSuccess()) {
			return ProviderSignal.OK;
		}
		SignalKind kind = (response.body() != null) ? SignalKind.valueOf(response.body().toUpperCase(Locale.ROOT))
				: SignalKind.RATE_LIMIT_UNKNOWN;
		String hint = response.fields().first("retry-after-ms");
		boolean retryable = switch (kind) {
			case RATE_LIMIT_REQUESTS, RATE_LIMIT_TOKENS, RATE_LIMIT_UNKNOWN, OVERLOADED, SERVER_ERROR -> true;
			case OK, RATE_LIMIT_DAY, QUOTA_EXHAUSTED, REQUEST_TOO_LARGE, CLIENT_ERROR -> false;
		};
		String override = response.fields().first("x-should-retry");
		return ProviderSignal.of(kind, (override != null) ? Boolean.parseBoolean(override) : retryable,
				(hint != null) ? Duration.ofMillis(Long.parseLong(hint)) : null);
	}

	/**
	 * A response that means a kind and hints at nothing.
	 * @param kind the kind
	 * @return the response
	 */
	public static ProviderResponse response(SignalKind kind) {
		return new ProviderResponse(status(kind), HttpFields.EMPTY, kind.id());
	}

	/**
	 * A response that means a kind and asks for a wait.
	 * @param kind the kind
	 * @param hint the wait
	 * @return the response
	 */
	public static ProviderResponse response(SignalKind kind, Duration hint) {
		return new ProviderResponse(status(kind),
				HttpFields.of(Map.of("Retry-After-Ms", List.of(Long.toString(hint.toMillis())))), kind.id());
	}

	private static int status(SignalKind kind) {
		return switch (kind) {
			case OK -> 200;
			case OVERLOADED -> 529;
			case SERVER_ERROR -> 500;
			case REQUEST_TOO_LARGE -> 413;
			case CLIENT_ERROR -> 400;
			case RATE_LIMIT_REQUESTS, RATE_LIMIT_TOKENS, RATE_LIMIT_UNKNOWN, RATE_LIMIT_DAY, QUOTA_EXHAUSTED -> 429;
		};
	}

}

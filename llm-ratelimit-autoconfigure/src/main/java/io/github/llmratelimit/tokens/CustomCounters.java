package io.github.llmratelimit.tokens;

import java.util.List;

import io.github.llmratelimit.tokens.Failures.Kind;

/**
 * The application's counters, asked in their order and kept from failing a call.
 */
final class CustomCounters {

	/** No counter knows the value. */
	static final long UNKNOWN = -1;

	private final List<TokenCounter> counters;

	private final Failures failures;

	CustomCounters(List<TokenCounter> counters, Failures failures) {
		this.counters = List.copyOf(counters);
		this.failures = failures;
	}

	boolean isEmpty() {
		return this.counters.isEmpty();
	}

	boolean supports(Object value) {
		for (TokenCounter counter : this.counters) {
			try {
				if (counter.supports(value)) {
					return true;
				}
			}
			catch (Throwable ex) {
				recover(counter, ex);
			}
		}
		return false;
	}

	long count(String model, Object value) {
		for (TokenCounter counter : this.counters) {
			try {
				if (counter.supports(value)) {
					long tokens = counter.count(model, value);
					if (tokens >= 0) {
						return tokens;
					}
					this.failures.record(Kind.COUNTER, counter, null);
				}
			}
			catch (Throwable ex) {
				recover(counter, ex);
			}
		}
		return UNKNOWN;
	}

	/** Fail open: an estimate is a guess anyway, the user's call is not. */
	private void recover(TokenCounter counter, Throwable cause) {
		Failures.throwIfFatal(cause);
		this.failures.record(Kind.COUNTER, counter, cause);
	}

}

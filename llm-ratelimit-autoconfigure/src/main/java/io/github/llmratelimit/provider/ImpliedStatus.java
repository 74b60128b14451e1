package io.github.llmratelimit.provider;

import java.util.List;

/**
 * Translates the codes of an error that came with HTTP 200 into the status that it would
 * have had.
 */
final class ImpliedStatus {

	private static final int UNKNOWN = 0;

	private static final int SERVER_ERROR = 500;

	private ImpliedStatus() {
	}

	/**
	 * Translate.
	 * @param codes codes as {@link ErrorBody#toCode} returns them, most specific first
	 * @return the status; 500 if no code is known, since the request had been accepted
	 */
	static int of(List<String> codes) {
		for (String code : codes) {
			int status = of(code);
			if (status != UNKNOWN) {
				return status;
			}
		}
		return SERVER_ERROR;
	}

	private static int of(String code) {
		Long number = Decimal.count(code);
		if (number != null) {
			return (number >= 400 && number <= 599) ? number.intValue() : UNKNOWN;
		}
		if (hasAny(code, "overloaded")) {
			return 529;
		}
		if (hasAny(code, "unavailable")) {
			return 503;
		}
		if (hasAny(code, "rate_limit", "too_many_requests", "throttl", "quota", "exhausted", "spend_limit",
				"usage_limit", "slow_down") || code.equals("requests") || code.equals("tokens")) {
			return 429;
		}
		if (hasAny(code, "billing", "credit", "balance")) {
			return 402;
		}
		if (hasAny(code, "request_too_large", "context_length")) {
			return 413;
		}
		if (hasAny(code, "server", "internal", "api_error", "timeout", "deadline")) {
			return SERVER_ERROR;
		}
		if (hasAny(code, "invalid", "authentication", "permission", "not_found", "unsupported", "policy", "filter",
				"image")) {
			return 400;
		}
		return UNKNOWN;
	}

	private static boolean hasAny(String code, String... parts) {
		for (String part : parts) {
			if (code.contains(part)) {
				return true;
			}
		}
		return false;
	}

}

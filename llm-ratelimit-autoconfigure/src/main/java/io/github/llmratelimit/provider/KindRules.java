package io.github.llmratelimit.provider;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.github.llmratelimit.provider.DialectTable.Quirk;
import org.jspecify.annotations.Nullable;

/*
 * A status of 429 means any of: your requests, your tokens, your day, your money, a
 * request that never fits, our capacity. One field that tells which doesn't exist, and
 * the fields that look so mislead: OpenAI's error.type is "requests" for the limit per
 * minute and per day, "insufficient_quota" and rate limits share a status, Groq says
 * "compound", Gemini lists several quotas at once.
 *
 * So evidence is asked in an order in which each kind outranks all that it could be
 * mistaken for: money, too large, day, capacity, acceleration, tokens, requests, then
 * the weaker fields, at last which of the quotas in the headers is at 0.
 */
/**
 * Decides what a response that isn't a success means.
 */
final class KindRules {

	private static final int PAYMENT_REQUIRED = 402;

	private static final int TIMEOUT = 408;

	private static final int TOO_LARGE = 413;

	/** Bedrock wraps failures of a model in it. */
	private static final int FAILED_DEPENDENCY = 424;

	static final int TOO_MANY_REQUESTS = 429;

	private static final int UNAVAILABLE = 503;

	/** Not registered; Anthropic and Bedrock. */
	private static final int OVERLOADED = 529;

	private static final Set<String> MONEY_CODES = Set.of("insufficient_quota", "credit_balance_exhausted",
			"organization_spend_limit_exceeded", "project_spend_limit_exceeded", "organization_usage_limit_exceeded",
			"billing_hard_limit_reached", "billing_not_active", "enforced_spend_limit_reached", "billing_error",
			"insufficient_credits", "insufficient_balance");

	private static final List<String> MONEY_PHRASES = List.of("credit balance is too low", "reached your specified",
			"reached your api usage limits", "insufficient balance", "insufficient credits", "insufficient quota",
			"calls / month", "requests per month", "tokens per month", "monthly usage limit", "monthly limit");

	private static final Set<String> TOO_LARGE_CODES = Set.of("context_length_exceeded", "request_too_large");

	private static final List<String> TOO_LARGE_PHRASES = List.of("request too large");

	/** On 400 and 422; on 429 some of them would mean a rate. */
	private static final List<String> TOO_LONG_PHRASES = List.of("prompt is too long", "input is too long",
			"maximum context length", "maximum prompt length", "exceed context limit", "too many tokens",
			"exceeds the maximum number of tokens");

	private static final List<String> DAY_PHRASES = List.of("per day", "(rpd)", "(tpd)", "daily", "/ day");

	private static final Set<String> CAPACITY_CODES = Set.of("server_is_overloaded", "overloaded_error",
			"resource_unavailable", "modelnotreadyexception", "temporary_reduced_capacity");

	private static final List<String> CAPACITY_PHRASES = List.of("high demand", "temporarily unable",
			"resource unavailable", "server is overloaded", "currently overloaded");

	/** Google's, where all customers share the capacity. */
	private static final Set<String> EXHAUSTED_CODES = Set.of("resource_exhausted");

	private static final List<String> EXHAUSTED_PHRASES = List.of("resource exhausted", "resource has been exhausted");

	private static final List<String> OWN_QUOTA_PHRASES = List.of("provisioned throughput", "quota exceeded");

	private static final Set<String> ACCELERATION_CODES = Set.of("slow_down");

	private static final List<String> TOKEN_PHRASES = List.of("tokens per", "token per", "(tpm)", "token rate",
			"tokens rate", "too many tokens", "token count", "tokens / minute");

	private static final List<String> REQUEST_PHRASES = List.of("requests per", "request per", "(rpm)", "call rate",
			"calls per", "calls / minute", "request rate", "requests rate", "rate limit reached for requests",
			"request limit", "requests too quickly", "concurrency", "concurrent", "models per min", "tier requests");

	private final DialectTable dialect;

	private final int status;

	private final HttpFields fields;

	private final ErrorBody body;

	private final Set<String> codes;

	private final ErrorText text;

	private final Quotas quotas;

	/**
	 * Create the rules for one response.
	 * @param status the status, or what an error inside a success stands for
	 */
	KindRules(DialectTable dialect, int status, HttpFields fields, ErrorBody body, ErrorText text, Quotas quotas) {
		this.dialect = dialect;
		this.status = status;
		this.fields = fields;
		this.body = body;
		this.codes = new HashSet<>(body.codes());
		this.codes.add(ErrorBody.toCode(firstOrEmpty("x-amzn-errortype")));
		this.text = text;
		this.quotas = quotas;
	}

	/** Whether traffic grew too fast for the provider, whatever the status. */
	static boolean saysGrowth(ErrorBody body) {
		return !Collections.disjoint(body.codes(), ACCELERATION_CODES);
	}

	SignalKind kind() {
		if (this.status < 400) {
			return SignalKind.OK;
		}
		if (this.status == UNAVAILABLE || this.status == OVERLOADED) {
			return SignalKind.OVERLOADED;
		}
		if (this.status >= 500 || this.status == TIMEOUT || this.status == FAILED_DEPENDENCY) {
			return SignalKind.SERVER_ERROR;
		}
		if (isMoney()) {
			return SignalKind.QUOTA_EXHAUSTED;
		}
		if (isTooLarge()) {
			return SignalKind.REQUEST_TOO_LARGE;
		}
		return (this.status == TOO_MANY_REQUESTS) ? kindOfTooManyRequests() : SignalKind.CLIENT_ERROR;
	}

	private boolean isMoney() {
		if (this.status == PAYMENT_REQUIRED || hasCode(MONEY_CODES) || hasPhrase(MONEY_PHRASES)) {
			return true;
		}
		if (this.body.codes().isEmpty() && isNamed(SignalKind.QUOTA_EXHAUSTED)) {
			// the body was cut off before the codes, which know better than the sentence
			return true;
		}
		return this.status == TOO_MANY_REQUESTS
				&& (this.body.quotas().zero() || this.text.saysLimitIsZero() || this.quotas.anyIsNeverGranted());
	}

	private boolean isTooLarge() {
		if (this.status == TOO_LARGE || hasCode(TOO_LARGE_CODES) || hasPhrase(TOO_LARGE_PHRASES)) {
			return true;
		}
		return (this.status == TOO_MANY_REQUESTS) ? this.text.saysRequestedIsAboveLimit() : hasPhrase(TOO_LONG_PHRASES);
	}

	private SignalKind kindOfTooManyRequests() {
		if (isDay()) {
			return SignalKind.RATE_LIMIT_DAY;
		}
		if (isCapacity()) {
			return SignalKind.OVERLOADED;
		}
		if (hasCode(ACCELERATION_CODES)) {
			return SignalKind.RATE_LIMIT_UNKNOWN;
		}
		SignalKind kind = kindOfWords();
		kind = (kind != null) ? kind : kindOfType(this.body.type());
		kind = (kind != null) ? kind : kindOfType(firstOrEmpty("x-ratelimit-type"));
		return (kind != null) ? kind : kindOfHeaders();
	}

	private SignalKind kindOfHeaders() {
		if (this.quotas.onlyRequestsAreUsedUp()) {
			return this.quotas.requests().isPerDayOrLonger() ? SignalKind.RATE_LIMIT_DAY
					: SignalKind.RATE_LIMIT_REQUESTS;
		}
		if (this.quotas.onlyTokensAreUsedUp()) {
			return this.quotas.tokens().isPerDayOrLonger() ? SignalKind.RATE_LIMIT_DAY : SignalKind.RATE_LIMIT_TOKENS;
		}
		return SignalKind.RATE_LIMIT_UNKNOWN;
	}

	private boolean isDay() {
		return this.body.quotas().perDay() || hasPhrase(DAY_PHRASES) || isNamed(SignalKind.RATE_LIMIT_DAY);
	}

	private boolean isCapacity() {
		if (hasCode(CAPACITY_CODES) || hasPhrase(CAPACITY_PHRASES)) {
			return true;
		}
		return this.dialect.has(Quirk.SHARES_CAPACITY) && !this.body.quotas().listed()
				&& (hasCode(EXHAUSTED_CODES) || hasPhrase(EXHAUSTED_PHRASES)) && !hasPhrase(OWN_QUOTA_PHRASES);
	}

	private @Nullable SignalKind kindOfWords() {
		GoogleQuotas violated = this.body.quotas();
		if (violated.ofTokens() || hasPhrase(TOKEN_PHRASES) || this.body.limitedBy().contains("token")) {
			return SignalKind.RATE_LIMIT_TOKENS;
		}
		if (violated.ofRequests() || hasPhrase(REQUEST_PHRASES) || isNamed(SignalKind.RATE_LIMIT_REQUESTS)
				|| this.body.limitedBy().contains("request")) {
			return SignalKind.RATE_LIMIT_REQUESTS;
		}
		return null;
	}

	private static @Nullable SignalKind kindOfType(String type) {
		return switch (ErrorText.lowerCase(type)) {
			case "tokens" -> SignalKind.RATE_LIMIT_TOKENS;
			case "requests" -> SignalKind.RATE_LIMIT_REQUESTS;
			default -> null;
		};
	}

	private boolean hasCode(Set<String> codes) {
		return !Collections.disjoint(this.codes, codes);
	}

	private boolean hasPhrase(List<String> phrases) {
		return this.text.hasAny(phrases);
	}

	/**
	 * Return whether this provider's own words for the kind occur.
	 */
	private boolean isNamed(SignalKind kind) {
		List<String> phrases = this.dialect.phrasesOf(kind);
		return hasPhrase(phrases) || !Collections.disjoint(this.codes, phrases);
	}

	private String firstOrEmpty(String name) {
		String value = this.fields.first(name);
		return (value != null) ? value : "";
	}

}

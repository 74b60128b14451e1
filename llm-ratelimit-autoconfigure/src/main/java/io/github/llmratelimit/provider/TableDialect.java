package io.github.llmratelimit.provider;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.github.llmratelimit.provider.DialectTable.Quirk;
import org.jspecify.annotations.Nullable;

/*
 * How a response becomes a signal, and where to look:
 *
 *   what is special about a provider   BundledDialects, DialectTable
 *   names of its headers               HeaderNames, QuotaHeaders, RateLimitFields
 *   numbers and times in headers       Decimal, ResetParser, RetryAfterParser
 *   error in the body                  ErrorBody, ErrorJson, ErrorText, GoogleQuotas
 *   kind                               KindRules, ImpliedStatus
 *   window that numbers speak of       HeaderNames, RateLimitFields, WindowRules
 *   hint how long to wait              HintRules
 *   syntax                             TextCursor, Durations, Timestamps,
 *                                      StructuredFields, JsonReader, EventStream
 */
/**
 * The rules that all bundled dialects share, applied to the table of one.
 */
final class TableDialect implements ProviderDialect {

	private static final int CONFLICT = 409;

	/** Up to here a caller may be held until its day goes on. */
	private static final Duration MAX_DAY_WAIT = Duration.ofMinutes(15);

	private final DialectTable table;

	TableDialect(DialectTable table) {
		this.table = table;
	}

	@Override
	public String name() {
		return this.table.name();
	}

	@Override
	public DialectTraits traits() {
		return this.table.traits();
	}

	@Override
	public ProviderSignal read(ProviderResponse response, Instant now) {
		boolean success = response.isSuccess();
		HttpFields fields = response.fields();
		ErrorBody body = ErrorBody.read(response);
		RateLimitFields unnamed = RateLimitFields.read(fields, now, success);
		RateLimitFields inBody = RateLimitFields.read(body.fields(), now, success);
		Quotas quotas = WindowRules.ofReset(this.table,
				this.table.headers().read(fields, now, success).orRequests(unnamed.quota()).orRequests(inBody.quota()));
		int status = body.isError() && success ? ImpliedStatus.of(body.codes()) : response.status();
		if (status < 400) {
			return quotas.toSignal(SignalKind.OK, false, null).with(caution(fields));
		}
		ErrorText text = new ErrorText(body.message());
		SignalKind kind = new KindRules(this.table, status, fields, body, text, quotas).kind();
		Duration hint = HintRules.ofFields(fields, unnamed, status, now);
		hint = (hint != null) ? hint : HintRules.ofFields(body.fields(), inBody, status, now);
		hint = (hint != null) ? hint : HintRules.ofBody(body, text);
		return WindowRules.ofRefusal(this.table, quotas, kind, text)
			.toSignal(kind, isRetryable(kind, status, hint, fields), hint)
			.with(KindRules.saysGrowth(body) ? Caution.GROWTH : Caution.NONE);
	}

	/** What a provider says beside serving a request. */
	private Caution caution(HttpFields fields) {
		boolean over = this.table.has(Quirk.TELLS_OVER_LIMIT)
				&& "yes".equalsIgnoreCase(fields.first("x-ratelimit-over-limit"));
		return over ? Caution.OVER_LIMIT : Caution.NONE;
	}

	private static boolean isRetryable(SignalKind kind, int status, @Nullable Duration hint, HttpFields fields) {
		// OpenAI and Anthropic send it, their SDKs obey it
		List<String> orders = fields.values("x-should-retry");
		if (orders.contains("false")) {
			return false;
		}
		return orders.contains("true") || switch (kind) {
			case RATE_LIMIT_REQUESTS, RATE_LIMIT_TOKENS, RATE_LIMIT_UNKNOWN, OVERLOADED, SERVER_ERROR -> true;
			case RATE_LIMIT_DAY -> hint != null && hint.compareTo(MAX_DAY_WAIT) <= 0;
			case CLIENT_ERROR -> status == CONFLICT;
			case OK, QUOTA_EXHAUSTED, REQUEST_TOO_LARGE -> false;
		};
	}

}

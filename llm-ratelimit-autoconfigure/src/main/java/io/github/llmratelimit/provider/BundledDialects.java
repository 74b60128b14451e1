package io.github.llmratelimit.provider;

import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;

import io.github.llmratelimit.provider.DialectTable.Quirk;

/*
 * Sources: the providers' own pages on rate limits and error codes, read from August to
 * October 2026, and responses that third parties published. Where a table is empty the
 * provider sends no rate headers, or sends them on errors only, and its sentences are
 * those that are read for everybody. Where names have no window, it is told by nobody.
 */
/**
 * The tables of the bundled dialects.
 */
final class BundledDialects {

	private static final Duration SECOND = Duration.ofSeconds(1);

	private static final Duration MINUTE = WindowRules.MINUTE;

	/** Calendar months differ; the longest is the safe one. */
	private static final Duration MONTH = Duration.ofDays(31);

	private static final QuotaHeaders REQUESTS = QuotaHeaders.of("x-ratelimit-*-requests");

	private static final QuotaHeaders TOKENS = QuotaHeaders.of("x-ratelimit-*-tokens");

	/** OpenAI's names, which most others took over. */
	private static final HeaderNames PER_MINUTE = HeaderNames.of(REQUESTS.per(MINUTE), TOKENS.per(MINUTE));

	/** The same names, about nobody knows what window. */
	private static final HeaderNames UNTOLD = HeaderNames.of(REQUESTS, TOKENS);

	/** All tables, in the order in which messages list them. */
	static final List<DialectTable> ALL = List.of(openAi(), azure(), azureProvisioned(), anthropic(), gemini(),
			vertex(), bedrock(), mistral(), groq(), cohere(), deepSeek(), xAi(), together(), fireworks(), openRouter(),
			generic());

	private BundledDialects() {
	}

	/**
	 * OpenAI. Resets are durations ({@code 6m0s}). A project may have a pool of its own
	 * inside the organisation's. What remains is told to the token, and is that of the
	 * moment at which the request was counted.
	 */
	private static DialectTable openAi() {
		return DialectTable.of("openai", withProject(PER_MINUTE))
			.withPhrases(SignalKind.QUOTA_EXHAUSTED, "exceeded your current quota")
			.with(Quirk.RESET_SHOWS_DAY)
			.with(DialectTraits.CAUTIOUS.withExactRemaining());
	}

	private static HeaderNames withProject(HeaderNames names) {
		return names.withProjectTokens(QuotaHeaders.of("x-ratelimit-*-project-tokens").per(MINUTE));
	}

	/**
	 * Azure, with OpenAI's names; resets are whole seconds. The window is 60 s unless the
	 * renewal period tells another (10 s seen for requests). Its counters aren't exact
	 * across the fleet, what it refuses can count, and a used-up minute has been answered
	 * with a wait of 0 ms and 1 s (August 2026).
	 */
	private static DialectTable azure() {
		return azure("azure-openai")
			.with(DialectTraits.CAUTIOUS.withRefusedTokensCounting().withShortTokenHints().withSlices());
	}

	/**
	 * Azure with Provisioned Throughput, where a refusal is the planned answer to a full
	 * deployment and its wait is to be believed.
	 */
	private static DialectTable azureProvisioned() {
		return azure("azure-openai-ptu");
	}

	private static DialectTable azure(String name) {
		HeaderNames names = HeaderNames.of(REQUESTS.per(MINUTE).withRenewal("x-ratelimit-renewalperiod-requests"),
				TOKENS.per(MINUTE).withRenewal("x-ratelimit-renewalperiod-tokens"));
		return DialectTable.of(name, withProject(names))
			.withPhrases(SignalKind.QUOTA_EXHAUSTED, "exceeded your current quota");
	}

	/**
	 * Anthropic. Buckets that refill evenly, at the pace of a limit per minute.
	 * {@code tokens} is the most restrictive limit in effect, perhaps the workspace's;
	 * resets are RFC 3339. Remaining tokens are rounded to thousands.
	 */
	private static DialectTable anthropic() {
		HeaderNames names = HeaderNames
			.of(QuotaHeaders.of("anthropic-ratelimit-requests-*").per(MINUTE),
					QuotaHeaders.of("anthropic-ratelimit-tokens-*").per(MINUTE))
			.withInputAndOutput(QuotaHeaders.of("anthropic-ratelimit-input-tokens-*").per(MINUTE),
					QuotaHeaders.of("anthropic-ratelimit-output-tokens-*").per(MINUTE));
		return DialectTable.of("anthropic", names).with(DialectTraits.CAUTIOUS.withTokensRoundedTo(1_000));
	}

	/**
	 * Gemini API. Everything is in the body. Days end at midnight Pacific, as documented;
	 * UTC has been seen too, and is the earlier one.
	 */
	private static DialectTable gemini() {
		return DialectTable.of("gemini", UNTOLD)
			.withPhrases(SignalKind.RATE_LIMIT_DAY, "quota_exceeded")
			.with(DialectTraits.CAUTIOUS.withDayResetZone(ZoneId.of("America/Los_Angeles")));
	}

	/**
	 * Vertex AI. Pay-as-you-go draws on a pool that all customers share; Provisioned
	 * Throughput doesn't.
	 */
	private static DialectTable vertex() {
		return DialectTable.of("vertex", HeaderNames.NONE).with(Quirk.SHARES_CAPACITY);
	}

	/**
	 * Amazon Bedrock. The kind stands in {@code x-amzn-ErrorType} and in the message.
	 */
	private static DialectTable bedrock() {
		// elsewhere it is only the reason phrase of 429
		return DialectTable.of("bedrock", HeaderNames.NONE)
			.withPhrases(SignalKind.RATE_LIMIT_REQUESTS, "too many requests");
	}

	/**
	 * Mistral, whose names hold the window. It also limits requests per second, which is
	 * in no header. A month's tokens are read if nothing shorter is told.
	 */
	private static DialectTable mistral() {
		QuotaHeaders perMonth = QuotaHeaders.of("x-ratelimit-*-tokens-month").per(MONTH);
		QuotaHeaders perFiveMinutes = QuotaHeaders.of("x-ratelimit-*-tokens-5-minute").per(Duration.ofMinutes(5));
		return DialectTable.of("mistral", HeaderNames.of(QuotaHeaders.of("x-ratelimit-*-req-minute").per(MINUTE),
				QuotaHeaders.of("x-ratelimit-*-tokens-minute").per(MINUTE).or(perFiveMinutes.or(perMonth))));
	}

	/**
	 * Groq. The headers about requests mean a day, those about tokens a minute. The
	 * limits of requests per minute and of tokens per day are in no header.
	 */
	private static DialectTable groq() {
		return DialectTable.of("groq", HeaderNames.of(REQUESTS.per(WindowRules.DAY), TOKENS.per(MINUTE)));
	}

	/**
	 * Cohere. Trial keys only, and on successes only; calls per minute, as its refusals
	 * say.
	 */
	private static DialectTable cohere() {
		return DialectTable.of("cohere",
				HeaderNames.of(QuotaHeaders.of("x-trial-endpoint-call-*").per(MINUTE), QuotaHeaders.NONE));
	}

	/**
	 * DeepSeek. Limits what runs at a time, and tells nothing about it.
	 */
	private static DialectTable deepSeek() {
		return DialectTable.of("deepseek", UNTOLD);
	}

	/**
	 * xAI. Documents requests per second and tokens per minute. Whether its headers count
	 * requests per second or per minute isn't documented, and a wrong guess is wrong
	 * sixtyfold either way.
	 */
	private static DialectTable xAi() {
		return DialectTable.of("xai", HeaderNames.of(REQUESTS, TOKENS.per(MINUTE)));
	}

	/**
	 * Together. About twice the rate of the past hour, told on refusals only.
	 */
	private static DialectTable together() {
		return DialectTable.of("together", UNTOLD);
	}

	/**
	 * Fireworks. Prompt tokens are the input, generated ones the output, both per second
	 * (60,000 where another page says 3.6 million per minute); the limit of uncached
	 * prompt tokens has no place in a signal. Limits move with use, and what goes over
	 * them is served first, with a header that says so.
	 */
	private static DialectTable fireworks() {
		HeaderNames names = HeaderNames.of(REQUESTS.per(MINUTE), TOKENS)
			.withInputAndOutput(QuotaHeaders.of("x-ratelimit-*-tokens-prompt").per(SECOND),
					QuotaHeaders.of("x-ratelimit-*-tokens-generated").per(SECOND));
		return DialectTable.of("fireworks", names).with(Quirk.TELLS_OVER_LIMIT);
	}

	/**
	 * OpenRouter. Limits free models per minute and per UTC day, under the same names.
	 */
	private static DialectTable openRouter() {
		return DialectTable.of("openrouter", UNTOLD)
			.with(Quirk.REFUSAL_TELLS_WINDOW)
			.with(DialectTraits.CAUTIOUS.withDayResetZone(ZoneOffset.UTC));
	}

	/**
	 * Whoever has OpenAI's names, the IETF's RateLimit fields or their predecessors; the
	 * latter are read for everybody.
	 */
	private static DialectTable generic() {
		return DialectTable.of("generic", PER_MINUTE);
	}

}

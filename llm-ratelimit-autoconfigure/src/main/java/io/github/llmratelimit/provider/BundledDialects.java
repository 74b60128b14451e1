package io.github.llmratelimit.provider;

import java.util.List;

import io.github.llmratelimit.provider.DialectTable.Trait;

/*
 * Sources: the providers' own pages on rate limits and error codes, read from August to
 * October 2026, and responses that third parties published. Where a table is empty the
 * provider sends no rate headers, or sends them on errors only, and its sentences are
 * those that are read for everybody.
 */
/**
 * The tables of the bundled dialects.
 */
final class BundledDialects {

	/** OpenAI's names, which most others took over. */
	private static final HeaderNames OPENAI_NAMES = HeaderNames.of(QuotaHeaders.of("x-ratelimit-*-requests"),
			QuotaHeaders.of("x-ratelimit-*-tokens"));

	/** All tables, in the order in which messages list them. */
	static final List<DialectTable> ALL = List.of(openAi("openai"), openAi("azure-openai"), openAi("azure-openai-ptu"),
			anthropic(), gemini(), vertex(), bedrock(), mistral(), groq(), cohere(), openAiLike("deepseek"),
			openAiLike("xai"), openAiLike("together"), fireworks(), openAiLike("openrouter"), openAiLike("generic"));

	private BundledDialects() {
	}

	/**
	 * OpenAI, and Azure with the same names. Resets are durations ({@code 6m0s}) at
	 * OpenAI, whole seconds at Azure. A project may have a pool of its own inside the
	 * organisation's.
	 */
	private static DialectTable openAi(String name) {
		HeaderNames names = OPENAI_NAMES.withProjectTokens(QuotaHeaders.of("x-ratelimit-*-project-tokens"));
		return DialectTable.of(name, names).withPhrases(SignalKind.QUOTA_EXHAUSTED, "exceeded your current quota");
	}

	/**
	 * Whoever has nothing but OpenAI's names, the IETF's RateLimit fields or their
	 * predecessors; the latter are read for everybody.
	 */
	private static DialectTable openAiLike(String name) {
		return DialectTable.of(name, OPENAI_NAMES);
	}

	/**
	 * Anthropic. {@code tokens} is the most restrictive limit in effect, perhaps the
	 * workspace's; resets are RFC 3339.
	 */
	private static DialectTable anthropic() {
		HeaderNames names = HeaderNames
			.of(QuotaHeaders.of("anthropic-ratelimit-requests-*"), QuotaHeaders.of("anthropic-ratelimit-tokens-*"))
			.withInputAndOutput(QuotaHeaders.of("anthropic-ratelimit-input-tokens-*"),
					QuotaHeaders.of("anthropic-ratelimit-output-tokens-*"));
		return DialectTable.of("anthropic", names);
	}

	/**
	 * Gemini API. Everything is in the body.
	 */
	private static DialectTable gemini() {
		return DialectTable.of("gemini", OPENAI_NAMES).withPhrases(SignalKind.RATE_LIMIT_DAY, "quota_exceeded");
	}

	/**
	 * Vertex AI. Pay-as-you-go draws on a pool that all customers share; Provisioned
	 * Throughput doesn't.
	 */
	private static DialectTable vertex() {
		return DialectTable.of("vertex", HeaderNames.NONE).with(Trait.SHARES_CAPACITY);
	}

	/**
	 * Amazon Bedrock. The kind stands in {@code x-amzn-ErrorType} and in the message.
	 */
	private static DialectTable bedrock() {
		// elsewhere it is only the reason phrase of 429
		return DialectTable.of("bedrock", HeaderNames.NONE)
			.withPhrases(SignalKind.RATE_LIMIT_REQUESTS, "too many requests");
	}

	private static DialectTable mistral() {
		return DialectTable.of("mistral", HeaderNames.of(QuotaHeaders.of("x-ratelimit-*-req-minute"),
				QuotaHeaders.of("x-ratelimit-*-tokens-minute")));
	}

	/**
	 * Groq. The limits of requests per minute and of tokens per day are in no header.
	 */
	private static DialectTable groq() {
		return DialectTable.of("groq", OPENAI_NAMES).with(Trait.REQUEST_HEADERS_ARE_PER_DAY);
	}

	/**
	 * Cohere. Trial keys only, and on successes only.
	 */
	private static DialectTable cohere() {
		return DialectTable.of("cohere", HeaderNames.of(QuotaHeaders.of("x-trial-endpoint-call-*"), QuotaHeaders.NONE));
	}

	/**
	 * Fireworks. Prompt tokens are the input, generated ones the output; the limit of
	 * uncached prompt tokens has no place in a signal.
	 */
	private static DialectTable fireworks() {
		return DialectTable.of("fireworks", OPENAI_NAMES.withInputAndOutput(
				QuotaHeaders.of("x-ratelimit-*-tokens-prompt"), QuotaHeaders.of("x-ratelimit-*-tokens-generated")));
	}

}

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
			anthropic(), gemini(), vertex(), bedrock(), openAiLike("generic"));

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

}

package io.github.llmratelimit.provider;

import java.util.List;

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
	static final List<DialectTable> ALL = List.of(openAi("openai"), openAiLike("generic"));

	private BundledDialects() {
	}

	/**
	 * OpenAI. Resets are durations ({@code 6m0s}). A project may have a pool of its own
	 * inside the organisation's.
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

}

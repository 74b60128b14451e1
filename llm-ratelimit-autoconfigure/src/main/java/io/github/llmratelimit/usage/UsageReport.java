package io.github.llmratelimit.usage;

import java.util.OptionalInt;
import java.util.OptionalLong;

import io.github.llmratelimit.Limit;
import io.github.llmratelimit.Usage;
import org.jspecify.annotations.Nullable;

/**
 * What one usage object says.
 *
 * @param input tokens of the prompt, cached ones included; -1 if it doesn't say
 * @param output tokens of the answer; -1 if it doesn't say
 * @param cached part of the input that came from the cache; -1 if it doesn't say
 */
record UsageReport(long input, long output, long cached) {

	private static final long UNKNOWN = -1;

	/**
	 * Reads a usage object.
	 * @param usage anything
	 * @return what it says, {@code null} if it says nothing: an object of zeros is what
	 * clients make of a usage that the provider did not send
	 */
	static @Nullable UsageReport read(Object usage) {
		if (usage instanceof Usage ours) {
			return (ours.totalTokens() > 0)
					? new UsageReport(ours.inputTokens(), ours.outputTokens(), ours.cachedInputTokens()) : null;
		}
		MemberAccess access = MemberAccess.of(usage.getClass());
		if (access == MemberAccess.NONE) {
			return null;
		}
		// Spring AI's promptTokens are with or without cached ones, as the provider's are
		Object original = access.read(usage, Member.NATIVE_USAGE);
		UsageReport report = (original != null) ? read(original, MemberAccess.of(original.getClass())) : null;
		return (report != null) ? report : read(usage, access);
	}

	private static @Nullable UsageReport read(Object usage, MemberAccess access) {
		long output = number(usage, access, Member.COMPLETION_TOKENS);
		if (output == UNKNOWN) {
			output = number(usage, access, Member.OUTPUT_TOKENS);
		}
		long input = number(usage, access, Member.PROMPT_TOKENS);
		if (input == UNKNOWN) {
			input = number(usage, access, Member.INPUT_TOKENS);
		}
		if (input <= 0 && output <= 0 && number(usage, access, Member.CACHE_READ_INPUT_TOKENS) <= 0) {
			return null;
		}
		return withCache(usage, access, input, output);
	}

	/**
	 * OpenAI's input includes what was cached, Anthropic's doesn't:
	 * https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching#tracking-cache-performance
	 */
	private static UsageReport withCache(Object usage, MemberAccess access, long input, long output) {
		long cached = details(usage, access, Member.PROMPT_TOKENS_DETAILS);
		if (cached == UNKNOWN) {
			cached = details(usage, access, Member.INPUT_TOKENS_DETAILS);
		}
		if (cached != UNKNOWN) {
			return new UsageReport(input, output, cached);
		}
		cached = number(usage, access, Member.CACHE_READ_INPUT_TOKENS);
		if (input == UNKNOWN || number(usage, access, Member.PROMPT_TOKENS) != UNKNOWN) {
			return new UsageReport(input, output, cached);
		}
		long created = number(usage, access, Member.CACHE_CREATION_INPUT_TOKENS);
		return new UsageReport(input + Math.max(0, cached) + Math.max(0, created), output, cached);
	}

	private static long details(Object usage, MemberAccess access, Member member) {
		Object details = access.read(usage, member);
		return (details != null) ? number(details, MemberAccess.of(details.getClass()), Member.CACHED_TOKENS) : UNKNOWN;
	}

	private static long number(Object holder, MemberAccess access, Member member) {
		Object value = access.read(holder, member);
		if (value instanceof Long || value instanceof Integer) {
			return clamp(((Number) value).longValue());
		}
		if (value instanceof OptionalLong number) {
			return clamp(number.orElse(UNKNOWN));
		}
		if (value instanceof OptionalInt number) {
			return clamp(number.orElse((int) UNKNOWN));
		}
		if (value instanceof Number number && MemberAccess.isFromJdk(number.getClass())) {
			double amount = number.doubleValue(); // parsers make doubles of numbers too
			return (amount >= 0) ? clamp((long) amount) : UNKNOWN;
		}
		return UNKNOWN;
	}

	private static long clamp(long value) {
		return Math.max(UNKNOWN, Math.min(value, Limit.LARGEST_AMOUNT));
	}

	/** Whether nothing is missing. */
	boolean isComplete() {
		return this.input != UNKNOWN && this.output != UNKNOWN;
	}

	/** Adds what an earlier chunk of the same answer said. */
	UsageReport completedBy(UsageReport earlier) {
		boolean same = this.input != UNKNOWN;
		return new UsageReport(same ? this.input : earlier.input,
				(this.output != UNKNOWN) ? this.output : earlier.output, same ? this.cached : earlier.cached);
	}

	/**
	 * Returns the usage.
	 * @return {@code null} without input, since every call has some; without output there
	 * was none, as with embeddings
	 */
	@Nullable Usage toUsage() {
		return (this.input != UNKNOWN) ? new Usage(this.input, this.output, this.cached) : null;
	}

}

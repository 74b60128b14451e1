package io.github.llmratelimit.provider;

import java.time.Duration;
import java.time.ZoneId;

import org.jspecify.annotations.Nullable;

/**
 * What a provider's numbers and hints are worth, and how it counts. Begin with
 * {@link #CAUTIOUS}, which trusts nothing that isn't known, and change what is known.
 *
 * @param tokensRoundedTo to which multiples {@link Quota#remaining()} of tokens is
 * rounded; 1 or more, 1 if it is told to the token. Remaining requests are never rounded
 * @param exactRemaining whether {@link Quota#remaining()} is so exact and fresh that it
 * may be spent, beyond what own book-keeping allows. Never with rounding
 * @param refusedTokensCount whether the tokens of a refused call count toward the limit
 * @param dayResetZone the zone at whose midnight limits per day are whole again, or
 * {@code null} if they come back evenly or it isn't known
 * @param shortTokenHints whether the wait that a refusal for tokens asks for may be
 * shorter than the one that helps, see {@link #leastWait}
 * @param slices whether limits may be enforced over a part of the time that they are
 * stated for, which only answers tell
 */
public record DialectTraits(long tokensRoundedTo, boolean exactRemaining, boolean refusedTokensCount,
		@Nullable ZoneId dayResetZone, boolean shortTokenHints, boolean slices) {

	/**
	 * Of a provider of which nothing is known: remaining amounts warn but aren't spent,
	 * limits are not divided, refused calls cost no tokens, days come back evenly, hints
	 * are believed.
	 */
	public static final DialectTraits CAUTIOUS = new DialectTraits(1, false, false, null, false, false);

	public DialectTraits {
		if (tokensRoundedTo < 1) {
			throw new IllegalArgumentException(
					"Invalid tokensRoundedTo (%s): must be 1 or more".formatted(tokensRoundedTo));
		}
		if (exactRemaining && tokensRoundedTo > 1) {
			throw new IllegalArgumentException(
					"Invalid tokensRoundedTo (%s): must be 1 where what remains is exact".formatted(tokensRoundedTo));
		}
	}

	/**
	 * Return these traits with remaining tokens rounded.
	 * @param tokensRoundedTo to which multiples, 1 or more
	 * @return the traits
	 */
	public DialectTraits withTokensRoundedTo(long tokensRoundedTo) {
		return new DialectTraits(tokensRoundedTo, this.exactRemaining, this.refusedTokensCount, this.dayResetZone,
				this.shortTokenHints, this.slices);
	}

	/**
	 * Return these traits with remaining amounts that may be spent.
	 * @return the traits
	 */
	public DialectTraits withExactRemaining() {
		return new DialectTraits(this.tokensRoundedTo, true, this.refusedTokensCount, this.dayResetZone,
				this.shortTokenHints, this.slices);
	}

	/**
	 * Return these traits with refused calls that cost tokens.
	 * @return the traits
	 */
	public DialectTraits withRefusedTokensCounting() {
		return new DialectTraits(this.tokensRoundedTo, this.exactRemaining, true, this.dayResetZone,
				this.shortTokenHints, this.slices);
	}

	/**
	 * Return these traits with days that end at midnight.
	 * @param zone whose midnight
	 * @return the traits
	 */
	public DialectTraits withDayResetZone(ZoneId zone) {
		return new DialectTraits(this.tokensRoundedTo, this.exactRemaining, this.refusedTokensCount, zone,
				this.shortTokenHints, this.slices);
	}

	/**
	 * Return these traits with waits for tokens that may be too short.
	 * @return the traits
	 */
	public DialectTraits withShortTokenHints() {
		return new DialectTraits(this.tokensRoundedTo, this.exactRemaining, this.refusedTokensCount, this.dayResetZone,
				true, this.slices);
	}

	/**
	 * Return these traits with limits that may be enforced over a part of their time.
	 * @return the traits
	 */
	public DialectTraits withSlices() {
		return new DialectTraits(this.tokensRoundedTo, this.exactRemaining, this.refusedTokensCount, this.dayResetZone,
				this.shortTokenHints, true);
	}

	/**
	 * Return how long to wait after a refusal at least. That is the provider's hint,
	 * unless hints may be too short, tokens were refused and none are left: then it is
	 * the reset of the tokens if that lies within their window, else the whole window;
	 * never less than the hint.
	 * @param signal the refusal
	 * @return the wait, above zero and up to 31 days, or {@code null} if neither the
	 * response nor these traits tell one
	 */
	public @Nullable Duration leastWait(ProviderSignal signal) {
		Quota tokens = signal.tokens();
		Duration window = tokens.window();
		boolean doubtful = this.shortTokenHints && signal.kind() == SignalKind.RATE_LIMIT_TOKENS && tokens.isUsedUp();
		if (!doubtful || window == null) {
			return signal.retryAfter();
		}
		Duration reset = RetryAfterParser.usable(tokens.reset());
		boolean within = reset != null && reset.compareTo(window) <= 0;
		return RetryAfterParser.longest(signal.retryAfter(), within ? reset : window);
	}

}

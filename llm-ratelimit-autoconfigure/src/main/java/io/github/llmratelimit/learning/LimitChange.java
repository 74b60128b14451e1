package io.github.llmratelimit.learning;

import io.github.llmratelimit.Limit;
import org.jspecify.annotations.Nullable;

/**
 * What happened to a limit, for listeners and logs.
 *
 * @param cause why it changed
 * @param from the limit before; {@code null} if the cause is {@link Cause#FOUND}
 * @param to the limit now; the same as {@code from} if the cause is
 * {@link Cause#ABOVE_CEILING}
 * @param told the whole amount that the provider told, before this instance's share of it
 * was taken; 0 if nothing was told
 */
public record LimitChange(Cause cause, @Nullable Limit from, Limit to, long told) {

	/**
	 * A limit that nobody had stated.
	 * @param to the limit
	 * @param told the whole amount that the provider told
	 * @return the change
	 */
	public static LimitChange found(Limit to, long told) {
		return new LimitChange(Cause.FOUND, null, to, told);
	}

	/** Whether another amount holds than before. */
	boolean isOfAmount() {
		return this.from != null && this.from.amount() != this.to.amount();
	}

	@Override
	public String toString() {
		return switch (this.cause) {
			case FOUND ->
				"%s limits it too: the provider told %d, and nobody had stated it".formatted(this.to, this.told);
			case TOLD -> "%s is now %s: the provider told %d".formatted(this.from, this.to, this.told);
			case EXPIRED ->
				"%s is now %s: what the provider told before was not confirmed".formatted(this.from, this.to);
			case RUNTIME -> "%s is now %s: changed while running".formatted(this.from, this.to);
			case ABOVE_CEILING ->
				"%s is less than the provider grants (%d) and stays, since it was stated for the model"
					.formatted(this.to, this.told);
		};
	}

	/** Why a limit changed. */
	public enum Cause {

		/** The provider told another amount. */
		TOLD,

		/**
		 * The provider told a limit over a time for which none was known. It holds from
		 * now on, beside the others.
		 */
		FOUND,

		/** The provider had told a lower amount and did not confirm it for long. */
		EXPIRED,

		/** The application changed it, or dropped its change. */
		RUNTIME,

		/**
		 * The provider grants more than the application stated. Nothing changed; told
		 * once.
		 */
		ABOVE_CEILING

	}

}

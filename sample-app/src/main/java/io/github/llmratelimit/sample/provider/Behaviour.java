package io.github.llmratelimit.sample.provider;

import io.github.llmratelimit.Booking;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the built-in provider behaves; may change while it runs.
 *
 * @param dialect whose wire format it speaks
 * @param enforcement how it enforces its limits
 * @param booking how it books a call; by default as the provider of the dialect does:
 * {@code ESTIMATE}, or {@code ACTUAL} for Anthropic. Output of {@code ACTUAL} counts in
 * ten parts while it is produced
 * @param retryAfter how it says when a refused call may come again
 * @param headers what its limit headers say instead of the truth
 * @param limitFactor its true limits, as a part or multiple of the configured ones;
 * between 0.01 and 100
 * @param overload part of the calls that it turns away because it is busy; between 0 and
 * 1
 * @param quotaExhausted whether the account has no money left
 */
@ConfigurationProperties("demo.provider")
public record Behaviour(@DefaultValue("openai") DialectName dialect, @DefaultValue("rolling") Enforcement enforcement,
		@Nullable Booking booking, @DefaultValue("usual") RetryAfter retryAfter,
		@DefaultValue("none") HeaderLie headers, @DefaultValue("1") double limitFactor,
		@DefaultValue("0") double overload, @DefaultValue("false") boolean quotaExhausted) {

	public Behaviour {
		if (!(limitFactor >= 0.01 && limitFactor <= 100)) {
			throw new IllegalArgumentException(
					"Invalid limitFactor (%s): must be between 0.01 and 100.".formatted(limitFactor));
		}
		if (!(overload >= 0 && overload <= 1)) {
			throw new IllegalArgumentException("Invalid overload (%s): must be between 0 and 1.".formatted(overload));
		}
	}

	/**
	 * Returns how it really books a call.
	 * @return the stated way, or what is usual for the dialect
	 */
	public Booking effectiveBooking() {
		if (this.booking != null) {
			return this.booking;
		}
		return (this.dialect == DialectName.ANTHROPIC) ? Booking.ACTUAL : Booking.ESTIMATE;
	}

	/** Whether what another behaviour counted can be counted on. */
	boolean countsAs(Behaviour other) {
		return this.dialect == other.dialect && this.enforcement == other.enforcement
				&& effectiveBooking() == other.effectiveBooking();
	}

}

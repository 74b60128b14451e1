package io.github.llmratelimit.engine;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Locale;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LlmRateLimitExceededException.Reason;
import io.github.llmratelimit.engine.admission.Entry;
import io.github.llmratelimit.engine.admission.Exhaustion;
import io.github.llmratelimit.engine.ledger.Hearing;
import io.github.llmratelimit.learning.LimitChange;
import io.github.llmratelimit.provider.Caution;
import io.github.llmratelimit.provider.DialectTraits;
import io.github.llmratelimit.provider.ProviderSignal;
import io.github.llmratelimit.provider.SignalKind;
import io.github.llmratelimit.time.Ticks;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * What an answer to one call means for everybody who draws on the same budget.
 */
final class Reactions {

	private static final Log log = LogFactory.getLog(Reactions.class);

	/** Longest window that a refusal means which does not speak of a day. */
	private static final Duration LONGEST_WITHOUT_DAY = Duration.ofHours(12);

	private static final List<Dimension> TOKENS = List.of(Dimension.TOKENS, Dimension.INPUT_TOKENS,
			Dimension.OUTPUT_TOKENS);

	private final InstantSource wallClock;

	Reactions(InstantSource wallClock) {
		this.wallClock = wallClock;
	}

	/**
	 * Acts on what a provider said to a limited call.
	 * @param failure the exception that carried it, if one did
	 */
	void to(LimitedCall call, ProviderSignal signal, @Nullable Throwable failure) {
		ModelLimiter limiter = call.modelLimiter();
		Entry entry = call.reservation();
		if (entry != null) {
			learn(limiter, entry, signal);
		}
		if (isForTooMuch(signal) && entry != null) {
			limiter.budget().cameTooEarly(entry, dimensions(signal.kind()), LONGEST_WITHOUT_DAY);
		}
		long pausedNanos = act(limiter, entry, signal, failure);
		if (signal.kind().isRateLimit()) {
			call.paused(pausedNanos);
		}
	}

	/**
	 * Acts on what a provider said to a call that nobody limits. It had no place in the
	 * ledger, so its refusal says nothing about when calls of ours may start.
	 */
	void toOutside(ModelLimiter limiter, Entry entry, ProviderSignal signal) {
		learn(limiter, entry, signal);
		act(limiter, entry, signal, null);
		if (signal.kind() == SignalKind.OK) {
			works(limiter, entry);
		}
	}

	/** A call was answered. */
	static void works(ModelLimiter limiter, Entry entry) {
		if (limiter.budget().works(entry)) {
			limiter.listeners().onResume(limiter, Reason.QUOTA_EXHAUSTED);
		}
	}

	/**
	 * Stops whom a refusal means.
	 * @return how long they wait, in nanoseconds
	 */
	private long act(ModelLimiter limiter, @Nullable Entry entry, ProviderSignal signal, @Nullable Throwable failure) {
		Budget budget = limiter.budget();
		if (signal.caution() != Caution.NONE) {
			budget.heed(signal.caution());
		}
		return switch (signal.kind()) {
			case RATE_LIMIT_REQUESTS, RATE_LIMIT_TOKENS, RATE_LIMIT_UNKNOWN -> refused(limiter, signal, failure);
			case RATE_LIMIT_DAY -> {
				long waitNanos = budget.pause(List.of(), dayHintNanos(limiter, signal), Limit.LONGEST_WINDOW,
						Reason.DAY_LIMIT, failure);
				tell(limiter, new PauseStart(Reason.DAY_LIMIT, List.of(), Duration.ofNanos(waitNanos), failure));
				yield waitNanos;
			}
			case QUOTA_EXHAUSTED -> {
				if (budget.exhausted(failure)) {
					limiter.listeners()
						.onPause(limiter,
								new PauseStart(Reason.QUOTA_EXHAUSTED, List.of(), Exhaustion.PROBE_INTERVAL, failure));
				}
				yield 0L;
			}
			case OVERLOADED -> {
				if (entry != null) {
					budget.overloaded(entry, hintNanos(signal.retryAfter()), failure);
				}
				yield 0L;
			}
			// nothing that others need to wait for
			case OK, SERVER_ERROR, REQUEST_TOO_LARGE, CLIENT_ERROR -> 0L;
		};
	}

	/** What the numbers of an answer say of the limits themselves. */
	private static void learn(ModelLimiter limiter, Entry entry, ProviderSignal signal) {
		for (LimitChange change : limiter.budget().hear(entry, signal)) {
			log.info("Budget %s: %s".formatted(limiter.budget().key(), change));
			limiter.listeners().onLimitChange(limiter, change);
		}
		Booking suggested = Hearing.tellsAnything(signal) ? limiter.budget().suggestedBooking() : null;
		if (suggested != null) {
			log.warn(("Budget %s: the remaining amounts that the provider tells fit booking '%s', not '%s' as "
					+ "configured. If that lasts, set 'booking' of its models.")
				.formatted(limiter.budget().key(), name(suggested), name(limiter.budget().tariff().booking())));
			limiter.listeners().onBookingMismatch(limiter, suggested);
		}
	}

	private static String name(Booking booking) {
		return booking.name().toLowerCase(Locale.ROOT);
	}

	/** Whether a call was refused for more than a limit allows that is back in a day. */
	private static boolean isForTooMuch(ProviderSignal signal) {
		return signal.kind().isRateLimit() && signal.kind() != SignalKind.RATE_LIMIT_DAY
				&& signal.caution() != Caution.GROWTH;
	}

	/** What a refusal names that is over within a day; empty for all that it can mean. */
	private static List<Dimension> dimensions(SignalKind kind) {
		return switch (kind) {
			case RATE_LIMIT_REQUESTS -> List.of(Dimension.REQUESTS);
			case RATE_LIMIT_TOKENS -> TOKENS;
			default -> List.of();
		};
	}

	private static long refused(ModelLimiter limiter, ProviderSignal signal, @Nullable Throwable failure) {
		Budget budget = limiter.budget();
		List<Dimension> dimensions = dimensions(signal.kind());
		long waitNanos = budget.pause(dimensions, hintNanos(traits(limiter).leastWait(signal)), LONGEST_WITHOUT_DAY,
				Reason.PAUSED, failure);
		budget.restart(dimensions, LONGEST_WITHOUT_DAY, waitNanos);
		tell(limiter, new PauseStart(Reason.PAUSED, dimensions, Duration.ofNanos(waitNanos), failure));
		return waitNanos;
	}

	private static void tell(ModelLimiter limiter, PauseStart pause) {
		if (limiter.listeners().hearPauses() && !pause.length().isZero()
				&& limiter.budget().pauseBegins(pause.reason())) {
			limiter.listeners().onPause(limiter, pause);
			limiter.budget().atPauseEnd(() -> limiter.listeners().onResume(limiter, pause.reason()));
		}
	}

	/** A day that ends at a known hour is over then, whatever came before in it. */
	private long dayHintNanos(ModelLimiter limiter, ProviderSignal signal) {
		ZoneId zone = traits(limiter).dayResetZone();
		if (signal.retryAfter() != null || zone == null) {
			return hintNanos(signal.retryAfter());
		}
		Instant now = this.wallClock.instant();
		ZonedDateTime tomorrow = now.atZone(zone).toLocalDate().plusDays(1).atTime(LocalTime.MIDNIGHT).atZone(zone);
		return hintNanos(Duration.between(now, tomorrow.toInstant()));
	}

	private static long hintNanos(@Nullable Duration hint) {
		return (hint != null) ? Ticks.nanos(hint) : 0;
	}

	private static DialectTraits traits(ModelLimiter limiter) {
		return limiter.definition().dialect().traits();
	}

	/** Says who caused a refusal that was heard of before its exception. */
	static void explain(LimitedCall call, ProviderSignal signal, Throwable failure) {
		if (signal.kind() == SignalKind.QUOTA_EXHAUSTED || signal.kind() == SignalKind.OVERLOADED
				|| signal.kind().isRateLimit()) {
			call.modelLimiter().budget().explain(failure);
		}
	}

}

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
import io.github.llmratelimit.learning.LimitChange;
import io.github.llmratelimit.provider.DialectTraits;
import io.github.llmratelimit.provider.ProviderSignal;
import io.github.llmratelimit.provider.SignalKind;
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
	 * Acts on what a provider said.
	 * @param failure the exception that carried it, if one did
	 */
	void to(LimitedCall call, ProviderSignal signal, @Nullable Throwable failure) {
		learn(call, signal);
		Budget budget = call.modelLimiter().budget();
		switch (signal.kind()) {
			case RATE_LIMIT_REQUESTS -> refused(call, signal, List.of(Dimension.REQUESTS), failure);
			case RATE_LIMIT_TOKENS -> refused(call, signal, TOKENS, failure);
			case RATE_LIMIT_UNKNOWN -> refused(call, signal, List.of(), failure);
			case RATE_LIMIT_DAY -> {
				long waitNanos = budget.pause(List.of(), dayHintNanos(call, signal), Limit.LONGEST_WINDOW,
						Reason.DAY_LIMIT, failure);
				call.paused(waitNanos);
				tell(call, new PauseStart(Reason.DAY_LIMIT, List.of(), Duration.ofNanos(waitNanos), failure));
			}
			case QUOTA_EXHAUSTED -> {
				if (budget.exhausted(failure)) {
					call.modelLimiter()
						.listeners()
						.onPause(call.modelLimiter(),
								new PauseStart(Reason.QUOTA_EXHAUSTED, List.of(), Exhaustion.PROBE_INTERVAL, failure));
				}
			}
			case OK, OVERLOADED, SERVER_ERROR, REQUEST_TOO_LARGE, CLIENT_ERROR -> {
				// nothing that others need to wait for
			}
		}
	}

	/** What the numbers of an answer say of the limits themselves. */
	private static void learn(LimitedCall call, ProviderSignal signal) {
		Entry entry = call.reservation();
		if (entry == null) {
			return;
		}
		ModelLimiter limiter = call.modelLimiter();
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

	private static void refused(LimitedCall call, ProviderSignal signal, List<Dimension> dimensions,
			@Nullable Throwable failure) {
		Budget budget = call.modelLimiter().budget();
		budget.cameTooEarly(dimensions, LONGEST_WITHOUT_DAY);
		long waitNanos = budget.pause(dimensions, hintNanos(traits(call).leastWait(signal)), LONGEST_WITHOUT_DAY,
				Reason.PAUSED, failure);
		budget.restart(dimensions, LONGEST_WITHOUT_DAY, waitNanos);
		call.paused(waitNanos);
		tell(call, new PauseStart(Reason.PAUSED, dimensions, Duration.ofNanos(waitNanos), failure));
	}

	private static void tell(LimitedCall call, PauseStart pause) {
		ModelLimiter limiter = call.modelLimiter();
		if (limiter.listeners().hearPauses() && !pause.length().isZero()
				&& limiter.budget().pauseBegins(pause.reason())) {
			limiter.listeners().onPause(limiter, pause);
			limiter.budget().atPauseEnd(() -> limiter.listeners().onResume(limiter, pause.reason()));
		}
	}

	/** A day that ends at a known hour is over then, whatever came before in it. */
	private long dayHintNanos(LimitedCall call, ProviderSignal signal) {
		ZoneId zone = traits(call).dayResetZone();
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

	private static DialectTraits traits(LimitedCall call) {
		return call.modelLimiter().definition().dialect().traits();
	}

	/** Says who caused a refusal that was heard of before its exception. */
	static void explain(LimitedCall call, ProviderSignal signal, Throwable failure) {
		if (signal.kind() == SignalKind.QUOTA_EXHAUSTED || signal.kind().isRateLimit()) {
			call.modelLimiter().budget().explain(failure);
		}
	}

}

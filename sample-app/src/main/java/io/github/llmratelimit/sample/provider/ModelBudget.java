package io.github.llmratelimit.sample.provider;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.LongConsumer;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.sample.provider.LimitWindow.Taken;
import io.github.llmratelimit.sample.provider.ProviderProperties.Limits;
import io.github.llmratelimit.sample.provider.ProviderStats.ModelStats;
import io.github.llmratelimit.sample.provider.Verdict.Level;
import io.github.llmratelimit.sample.provider.Verdict.Outcome;
import io.github.llmratelimit.time.Ticker;
import org.jspecify.annotations.Nullable;

/**
 * The limits of one model, with its counters. One lock makes the order of the ticks the
 * order of the arrivals.
 */
final class ModelBudget {

	/*
	 * What counts when.
	 *
	 * ESTIMATE takes prompt and longest possible answer at arrival, and nothing comes
	 * back. SETTLED takes the same and replaces it, in the place of the arrival, when the
	 * answer is complete. ACTUAL takes the prompt at arrival and the output in ten parts
	 * while it is produced, each at its own instant; it admits a call while at least one
	 * token of output is left, so a burst may go beyond the limit, as it does at
	 * providers that count so.
	 *
	 * What is due later is kept with its instant and applied in that order before
	 * anything else is looked at, so the books never depend on when an answer was
	 * written.
	 */

	private static final int PARTS = 10;

	private final Ticker ticker;

	private final Limits configured;

	private final long windowNanos;

	private final AdmissionLog log;

	private final PriorityQueue<Due> due = new PriorityQueue<>();

	private final Map<Meter, LimitWindow> windows = new EnumMap<>(Meter.class);

	private Behaviour behaviour;

	private long lastNanos;

	private long sequence;

	private long admitted;

	private long admittedTokens;

	private long refusedByRequests;

	private long refusedByTokens;

	private long refusedAsTooLarge;

	/**
	 * Creates a budget.
	 * @param ticker the clock
	 * @param configured limits per window
	 * @param window length of the windows
	 * @param behaviour how the limits are enforced and booked
	 */
	ModelBudget(Ticker ticker, Limits configured, Duration window, Behaviour behaviour) {
		this.ticker = ticker;
		this.configured = configured;
		this.windowNanos = window.toNanos();
		this.log = new AdmissionLog(this.windowNanos);
		this.behaviour = behaviour;
		this.lastNanos = ticker.nanos();
		renewWindows();
	}

	/**
	 * Changes how the limits are enforced and booked. What counts so far goes on to count
	 * if only the limits change, else it is forgotten.
	 * @param next how from now on
	 */
	synchronized void behave(Behaviour next) {
		now();
		boolean same = next.countsAs(this.behaviour);
		this.behaviour = next;
		if (same) {
			this.windows.forEach((meter, window) -> window.changeLimit(limit(meter)));
		}
		else {
			renewWindows();
		}
	}

	private void renewWindows() {
		this.windows.clear();
		this.due.clear();
		for (Meter meter : this.behaviour.dialect().meters()) {
			this.windows.put(meter,
					this.behaviour.enforcement().window(limit(meter), this.windowNanos, this.lastNanos));
		}
	}

	private long limit(Meter meter) {
		return Math.max(1, (long) (this.configured.limit(meter) * this.behaviour.limitFactor()));
	}

	/**
	 * Judges a call that arrives now, and charges it if it is admitted.
	 * @param call the call
	 * @return the verdict, and the way to the end of the call if it is admitted
	 */
	synchronized Arrival arrive(ChatCall call) {
		long now = now();
		long wait = 0;
		Meter slowest = Meter.REQUESTS;
		for (Map.Entry<Meter, LimitWindow> entry : this.windows.entrySet()) {
			long amount = Math.max(1, charge(entry.getKey(), call));
			if (amount > entry.getValue().limit()) {
				this.refusedAsTooLarge++;
				return new Arrival(verdict(Outcome.TOO_LARGE, entry.getKey(), amount, 0, now), Map.of(), null);
			}
			long nanos = entry.getValue().nanosUntilFits(now, amount);
			if (nanos > wait) {
				wait = nanos;
				slowest = entry.getKey();
			}
		}
		return (wait == 0) ? admit(call, now) : refuse(call, slowest, wait, now);
	}

	private Arrival admit(ChatCall call, long now) {
		Map<Meter, Taken> taken = new EnumMap<>(Meter.class);
		long tokens = 0;
		for (Map.Entry<Meter, LimitWindow> entry : this.windows.entrySet()) {
			long amount = charge(entry.getKey(), call);
			taken.put(entry.getKey(), entry.getValue().take(now, amount));
			tokens += (entry.getKey() == Meter.REQUESTS) ? 0 : amount;
		}
		this.admitted++;
		this.admittedTokens += tokens;
		Taken logged = this.log.add(now, 1, tokens);
		return new Arrival(verdict(Outcome.ADMITTED, Meter.REQUESTS, 1, 0, now), taken, logged);
	}

	private Arrival refuse(ChatCall call, Meter slowest, long wait, long now) {
		LimitWindow requests = this.windows.get(Meter.REQUESTS);
		if (this.behaviour.enforcement() == Enforcement.ROLLING_REFUSALS_COUNT && requests != null
				&& requests.nanosUntilFits(now, 1) == 0) {
			requests.take(now, 1);
		}
		if (slowest == Meter.REQUESTS) {
			this.refusedByRequests++;
		}
		else {
			this.refusedByTokens++;
		}
		return new Arrival(verdict(Outcome.REFUSED, slowest, charge(slowest, call), wait, now), Map.of(), null);
	}

	private long charge(Meter meter, ChatCall call) {
		return (this.behaviour.effectiveBooking() == Booking.ACTUAL) ? meter.prompt(call) : meter.estimate(call);
	}

	/**
	 * Says how an admitted call goes on.
	 * @param call the call
	 * @param arrival what {@link #arrive} returned
	 * @param completion what the model answers
	 */
	synchronized void answer(ChatCall call, Arrival arrival, Completion completion) {
		Booking booking = this.behaviour.effectiveBooking();
		Taken logged = arrival.logged();
		if (booking == Booking.ESTIMATE || logged == null) {
			return;
		}
		long latency = completion.latency().toNanos();
		boolean settled = (booking == Booking.SETTLED);
		arrival.taken().forEach((meter, taken) -> {
			LimitWindow window = this.windows.get(meter);
			if (window == null || meter == Meter.REQUESTS) {
				return;
			}
			long amount = settled ? meter.actual(call, completion) : meter.actualInput(call, completion);
			later(logged.at + latency, (at) -> {
				long difference = amount - taken.amount;
				window.correct(at, taken, amount);
				this.admittedTokens += difference;
				this.log.correct(at, logged, logged.amount + difference);
			});
			if (!settled) {
				produce(window, meter.actualOutput(completion), logged.at, latency);
			}
		});
		now();
	}

	private void produce(LimitWindow window, long tokens, long from, long latency) {
		long before = 0;
		for (int part = 1; part <= PARTS; part++) {
			long until = tokens * part / PARTS;
			long amount = until - before;
			before = until;
			if (amount > 0) {
				later(from + latency * part / PARTS, (at) -> {
					window.take(at, amount);
					this.admittedTokens += amount;
					this.log.add(at, 0, amount);
				});
			}
		}
	}

	private void later(long at, LongConsumer action) {
		this.due.add(new Due(at, this.sequence++, action));
	}

	/** Reads the clock, and does what was due until then. */
	private long now() {
		long now = this.ticker.nanos();
		Due next = this.due.peek();
		while (next != null && now - next.at >= 0) {
			this.due.remove();
			this.lastNanos = (next.at - this.lastNanos > 0) ? next.at : this.lastNanos;
			next.action.accept(this.lastNanos);
			next = this.due.peek();
		}
		this.lastNanos = now;
		return now;
	}

	/**
	 * Returns the tokens admitted in an interval.
	 * @param from its first tick, at most {@link AdmissionLog#RETENTION} ago
	 * @param to the first tick after it
	 * @return the sum of the admitted tokens
	 */
	synchronized long tokensBetween(long from, long to) {
		now();
		return this.log.tokensBetween(from, to);
	}

	synchronized ModelStats stats() {
		long now = now();
		long refused = this.refusedByRequests + this.refusedByTokens + this.refusedAsTooLarge;
		long tokenLimit = this.windows.keySet()
			.stream()
			.filter((meter) -> meter != Meter.REQUESTS)
			.mapToLong(this::limit)
			.sum();
		return new ModelStats(limit(Meter.REQUESTS), tokenLimit, this.admitted + refused, this.admitted,
				this.refusedByRequests, this.refusedByTokens, this.refusedAsTooLarge, this.admittedTokens,
				this.log.tokensInWindow(now), this.log.maxTokens(), this.log.maxRequests());
	}

	private Verdict verdict(Outcome outcome, Meter meter, long requested, long waitNanos, long now) {
		Map<Meter, Level> levels = new EnumMap<>(Meter.class);
		Map<Meter, Level> told = new EnumMap<>(Meter.class);
		Map<Meter, Level> toldSlices = new EnumMap<>(Meter.class);
		HeaderLie lie = this.behaviour.headers();
		this.windows.forEach((which, window) -> {
			boolean sliced = (window != window.told());
			long configuredLimit = this.configured.limit(which);
			levels.put(which, level(window.told(), this.windowNanos, now));
			told.put(which, lie.told(level(window.told(), this.windowNanos, now), configuredLimit));
			toldSlices.put(which,
					lie.told(level(window, sliced ? this.windowNanos / SlicedWindow.SLICES : this.windowNanos, now),
							sliced ? configuredLimit / SlicedWindow.SLICES : configuredLimit));
		});
		return new Verdict(outcome, meter, requested, Duration.ofNanos(waitNanos), levels, told, toldSlices);
	}

	private static Level level(LimitWindow window, long windowNanos, long now) {
		return new Level(window.limit(), window.used(now), Duration.ofNanos(window.nanosUntilFull(now)),
				Duration.ofNanos(windowNanos));
	}

	/**
	 * A call that arrived.
	 *
	 * @param verdict what became of it
	 * @param taken what it took
	 * @param logged its place in the log; {@code null} unless admitted
	 */
	record Arrival(Verdict verdict, Map<Meter, Taken> taken, @Nullable Taken logged) {
	}

	private record Due(long at, long sequence, LongConsumer action) implements Comparable<Due> {

		@Override
		public int compareTo(Due other) {
			return (this.at != other.at) ? Long.signum(this.at - other.at)
					: Long.compare(this.sequence, other.sequence);
		}

	}

}

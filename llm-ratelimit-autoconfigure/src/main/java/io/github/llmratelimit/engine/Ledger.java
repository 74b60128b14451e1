package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimiterStatus;
import io.github.llmratelimit.Usage;
import org.jspecify.annotations.Nullable;

/**
 * All windows of one budget, taken together or not at all. Pure arithmetic like
 * {@link RollingWindow}.
 */
final class Ledger {

	/** What a refusal means of which no window is known. */
	private static final Duration USUAL_WINDOW = Duration.ofMinutes(1);

	private final RollingWindow[] windows;

	/** Dimension of each window, beside it so that the hot path need not look it up. */
	private final Dimension[] dimensions;

	Ledger(List<Limit> limits, @Nullable Duration guard, long nowNanos) {
		this.windows = limits.stream()
			.map((limit) -> new RollingWindow(limit, (guard != null) ? guard : defaultGuard(limit), nowNanos))
			.toArray(RollingWindow[]::new);
		this.dimensions = limits.stream().map(Limit::dimension).toArray(Dimension[]::new);
	}

	private Ledger(Ledger other) {
		this.windows = new RollingWindow[other.windows.length];
		for (int i = 0; i < this.windows.length; i++) {
			this.windows[i] = other.windows[i].copy();
		}
		this.dimensions = other.dimensions;
	}

	/** 60 ms or 0.1 % of the window, at most a second: see {@link RollingWindow}. */
	static Duration defaultGuard(Limit limit) {
		Duration window = (limit.per() != null) ? limit.per() : Duration.ZERO;
		long nanos = Math.max(60_000_000L, window.toNanos() / 1000);
		return Duration.ofNanos(Math.min(nanos, 1_000_000_000L));
	}

	Ledger copy() {
		return new Ledger(this);
	}

	void advance(long nowNanos) {
		for (RollingWindow window : this.windows) {
			window.advance(nowNanos);
		}
	}

	boolean fits(Cost cost) {
		for (int i = 0; i < this.windows.length; i++) {
			if (!this.windows[i].fits(cost.amount(this.dimensions[i]))) {
				return false;
			}
		}
		return true;
	}

	void take(Cost cost) {
		for (int i = 0; i < this.windows.length; i++) {
			this.windows[i].take(cost.amount(this.dimensions[i]));
		}
	}

	/** Gives back all that a call took. */
	void giveBack(long takenAtNanos, Cost cost) {
		for (int i = 0; i < this.windows.length; i++) {
			this.windows[i].correct(takenAtNanos, -cost.amount(this.dimensions[i]));
		}
	}

	/** Takes anew, now, what a call took before. */
	void takeLater(long takenAtNanos, Cost cost) {
		giveBack(takenAtNanos, cost);
		take(cost);
	}

	/** Widens the guard of every window that a refusal can mean. */
	void widen(long nowNanos, List<Dimension> meant, Duration longest) {
		for (int i = 0; i < this.windows.length; i++) {
			if (isMeant(i, meant, longest)) {
				this.windows[i].widen(nowNanos);
			}
		}
	}

	private boolean isMeant(int window, List<Dimension> meant, Duration longest) {
		Duration per = this.windows[window].limit().per();
		return (meant.isEmpty() || meant.contains(this.dimensions[window])) && per != null
				&& per.compareTo(longest) <= 0;
	}

	/** Gives back what a call took, except its request. */
	void giveBackTokens(long takenAtNanos, Cost cost) {
		for (int i = 0; i < this.windows.length; i++) {
			if (this.dimensions[i] != Dimension.REQUESTS) {
				this.windows[i].correct(takenAtNanos, -cost.amount(this.dimensions[i]));
			}
		}
	}

	/**
	 * Corrects what a call took to what it used. Where the provider books estimates
	 * nothing comes back, so only what was used beyond the cost is added.
	 */
	void settle(long takenAtNanos, Cost cost, Usage usage, Booking booking) {
		for (int i = 0; i < this.windows.length; i++) {
			if (this.dimensions[i] != Dimension.REQUESTS) {
				long difference = usage.amount(this.dimensions[i]) - cost.amount(this.dimensions[i]);
				this.windows[i].correct(takenAtNanos,
						(booking == Booking.ESTIMATE) ? Math.max(0, difference) : difference);
			}
		}
	}

	/**
	 * When a cost will fit into all windows, if nothing else is taken until then.
	 */
	long fitsAt(long nowNanos, Cost cost) {
		long latest = nowNanos;
		for (int i = 0; i < this.windows.length; i++) {
			long instant = this.windows[i].fitsAt(nowNanos, cost.amount(this.dimensions[i]));
			latest = Ticks.latest(latest, instant);
		}
		return latest;
	}

	/** The limit that keeps a cost waiting longest, or {@code null} if it fits. */
	@Nullable Limit binding(long nowNanos, Cost cost) {
		long latest = nowNanos;
		Limit binding = null;
		for (int i = 0; i < this.windows.length; i++) {
			long instant = this.windows[i].fitsAt(nowNanos, cost.amount(this.dimensions[i]));
			if (instant - latest > 0) {
				latest = instant;
				binding = this.windows[i].limit();
			}
		}
		return binding;
	}

	/** The limit that a cost exceeds as a whole, or {@code null} if it can fit. */
	@Nullable Limit exceeded(Cost cost) {
		for (int i = 0; i < this.windows.length; i++) {
			if (cost.amount(this.dimensions[i]) > this.windows[i].limit().amount()) {
				return this.windows[i].limit();
			}
		}
		return null;
	}

	/**
	 * When the oldest call has left every window that a refusal without a hint can mean;
	 * a minute from now if no such window is known.
	 * @param meant the dimensions refused; empty if the provider did not say
	 * @param longest windows longer than this are not meant
	 */
	long oldestComesBackAt(long nowNanos, List<Dimension> meant, Duration longest) {
		long latest = nowNanos;
		boolean known = false;
		for (int i = 0; i < this.windows.length; i++) {
			if (isMeant(i, meant, longest)) {
				long instant = this.windows[i].oldestComesBackAt(nowNanos);
				latest = Ticks.latest(latest, instant);
				known = true;
			}
		}
		return known ? latest : nowNanos + USUAL_WINDOW.toNanos();
	}

	/**
	 * Changes the amount of one window.
	 * @return whether there is such a window
	 */
	boolean changeLimit(Limit limit) {
		for (RollingWindow window : this.windows) {
			if (window.limit().dimension() == limit.dimension() && Objects.equals(window.limit().per(), limit.per())) {
				window.limit(limit);
				return true;
			}
		}
		return false;
	}

	List<Limit> limits() {
		List<Limit> limits = new ArrayList<>();
		for (RollingWindow window : this.windows) {
			limits.add(window.limit());
		}
		return limits;
	}

	/** Every limit with what is left of it. */
	List<LimiterStatus.Window> windows() {
		List<LimiterStatus.Window> windows = new ArrayList<>();
		for (RollingWindow window : this.windows) {
			windows.add(new LimiterStatus.Window(window.limit(), Math.max(0, window.remaining())));
		}
		return windows;
	}

}

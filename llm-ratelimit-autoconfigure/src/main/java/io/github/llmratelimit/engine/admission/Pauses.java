package io.github.llmratelimit.engine.admission;

import java.util.List;

import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.LlmRateLimitExceededException.Reason;
import io.github.llmratelimit.time.Ticks;
import org.jspecify.annotations.Nullable;

/**
 * Until when the provider asked for silence, by dimension. A call is held back by a pause
 * of any dimension that it takes something of.
 */
public final class Pauses {

	private static final Dimension[] DIMENSIONS = Dimension.values();

	private final @Nullable Pause[] byDimension = new @Nullable Pause[DIMENSIONS.length];

	private final Overload overload;

	private boolean any;

	Pauses(Overload overload) {
		this.overload = overload;
	}

	Pauses copy() {
		Pauses copy = new Pauses(new Overload(this.overload));
		System.arraycopy(this.byDimension, 0, copy.byDimension, 0, this.byDimension.length);
		copy.any = this.any;
		return copy;
	}

	/** Whether no dimension is paused; pauses end when they are looked at. */
	boolean areOver() {
		return !this.any;
	}

	/** Whether the provider lacks capacity, which holds back every call. */
	Overload overload() {
		return this.overload;
	}

	/**
	 * Pauses dimensions. A shorter pause never undercuts a longer one.
	 * @param dimensions the dimensions; empty for all
	 */
	void add(List<Dimension> dimensions, Pause pause) {
		for (Dimension each : DIMENSIONS) {
			if (dimensions.isEmpty() || dimensions.contains(each)) {
				Pause old = this.byDimension[each.ordinal()];
				if (old == null || pause.endNanos - old.endNanos > 0) {
					this.byDimension[each.ordinal()] = pause;
				}
			}
		}
		this.any = true;
	}

	/** Says what led to pauses of which only the response was heard so far. */
	void explain(Throwable failure) {
		for (int i = 0; i < this.byDimension.length; i++) {
			Pause pause = this.byDimension[i];
			if (pause != null && pause.cause() == null) {
				this.byDimension[i] = new Pause(pause.endNanos(), pause.reason(), failure);
			}
		}
		this.overload.explain(failure);
	}

	/** The pause that holds a cost back longest, or {@code null}. */
	@Nullable Pause longestFor(Cost cost, long nowNanos) {
		Pause longest = this.overload.isActive() ? this.overload.hold(nowNanos) : null;
		if (!this.any) {
			return longest;
		}
		boolean left = false;
		for (Dimension dimension : DIMENSIONS) {
			Pause pause = this.byDimension[dimension.ordinal()];
			if (pause != null && pause.endNanos - nowNanos <= 0) {
				this.byDimension[dimension.ordinal()] = null;
			}
			else if (pause != null) {
				left = true;
				if (cost.amount(dimension) > 0 && (longest == null || pause.endNanos - longest.endNanos > 0)) {
					longest = pause;
				}
			}
		}
		this.any = left;
		return longest;
	}

	/** When a cost is no longer held back; now, if it is not. */
	long endFor(Cost cost, long nowNanos) {
		Pause longest = longestFor(cost, nowNanos);
		return (longest != null) ? longest.endNanos : nowNanos;
	}

	/** When the last pause of any dimension ends; now, if there is none. */
	long end(long nowNanos) {
		long end = this.overload.end(nowNanos);
		for (Pause pause : this.byDimension) {
			end = (pause != null) ? Ticks.latest(end, pause.endNanos) : end;
		}
		return end;
	}

	/**
	 * A time of silence.
	 *
	 * @param endNanos when it ends
	 * @param reason what callers that cannot wait so long are told
	 * @param cause the provider's refusal
	 */
	public record Pause(long endNanos, Reason reason, @Nullable Throwable cause) {
	}

}

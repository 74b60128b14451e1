package io.github.llmratelimit.engine.ledger;

import java.util.Arrays;
import java.util.List;

import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimiterStatus;
import org.jspecify.annotations.Nullable;

/**
 * Limits on what is held while calls run, and how much of each is. It comes back when
 * calls end, which no forecast knows.
 */
public final class HeldAmounts {

	static final HeldAmounts NONE = new HeldAmounts(List.of());

	private final Limit[] limits;

	private final long[] amounts;

	HeldAmounts(List<Limit> limits) {
		this.limits = limits.toArray(Limit[]::new);
		this.amounts = new long[this.limits.length];
	}

	boolean isEmpty() {
		return this.limits.length == 0;
	}

	public boolean fits(Cost cost) {
		return binding(cost) == null;
	}

	/**
	 * Whether a cost fits beside what is held and what others need that come before it.
	 * @param ahead what they need, by dimension
	 */
	public boolean fitsBehind(long[] ahead, Cost cost) {
		for (int i = 0; i < this.limits.length; i++) {
			Dimension dimension = this.limits[i].dimension();
			if (this.amounts[i] + ahead[dimension.ordinal()] + cost.amount(dimension) > this.limits[i].amount()) {
				return false;
			}
		}
		return true;
	}

	/** The limit that has no room for a cost, or {@code null}. */
	@Nullable Limit binding(Cost cost) {
		for (int i = 0; i < this.limits.length; i++) {
			if (this.amounts[i] + cost.amount(this.limits[i].dimension()) > this.limits[i].amount()) {
				return this.limits[i];
			}
		}
		return null;
	}

	/** The limit that a cost exceeds as a whole, or {@code null}. */
	@Nullable Limit exceeded(Cost cost) {
		for (Limit limit : this.limits) {
			if (cost.amount(limit.dimension()) > limit.amount()) {
				return limit;
			}
		}
		return null;
	}

	/** Holds, or gives back, what a call holds while it runs. */
	void hold(Cost cost, int sign) {
		for (int i = 0; i < this.limits.length; i++) {
			this.amounts[i] += sign * cost.amount(this.limits[i].dimension());
		}
	}

	/**
	 * Changes the amount of one limit.
	 * @return whether there is such a limit
	 */
	boolean changeLimit(Limit limit) {
		for (int i = 0; i < this.limits.length; i++) {
			if (this.limits[i].dimension() == limit.dimension() && limit.per() == null) {
				this.limits[i] = limit;
				return true;
			}
		}
		return false;
	}

	List<Limit> limits() {
		return Arrays.asList(this.limits);
	}

	void addTo(List<LimiterStatus.Window> windows) {
		for (int i = 0; i < this.limits.length; i++) {
			long left = this.limits[i].amount() - this.amounts[i];
			windows.add(new LimiterStatus.Window(this.limits[i], Math.max(0, left)));
		}
	}

}

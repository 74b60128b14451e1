package io.github.llmratelimit.engine.ledger;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;

import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.learning.LimitChange;
import io.github.llmratelimit.time.Ticks;

/**
 * Limits of which no answer tells, beside others of the same dimension that are told.
 */
final class UntoldLimits {

	/*
	 * What a minute that is told says of ten seconds
	 *
	 * Problem. Some providers enforce slices of a minute and tell of the minute only. An
	 * application that states both, and both wrongly, learns the minute, and its slices
	 * go on to be refused: 10 to 58 refusals per 1,000 calls with twice the true limits.
	 *
	 * Simple scheme: the even share of what is told for each shorter window. It raises
	 * what an application keeps low for its own reasons, and takes away bursts that a
	 * provider allows.
	 *
	 * Chosen. Whoever states two limits of one account has both from the same source, so
	 * both are wrong by the same factor. What is told of the longer window, divided by
	 * what was stated of it, is the part that is left of the shorter one as well. It only
	 * lowers, and not below the even share of what is told, since nobody grants less: the
	 * longer limit could not be reached. So a burst limit of the application's own that
	 * is below that share stays as it is. All is as stated again once the longer one is.
	 *
	 * Where slices are told and the minute is not, slices that grant no more than the
	 * minute together decide alone. Else the minute, of which no answer can say that real
	 * usage is less than what was taken, would undo the credit of the slices: half of the
	 * limit is lost where estimates are twice the usage. A refusal that can mean the
	 * minute lets it hold again for its own length.
	 *
	 * What was not stated but assumed follows both ways, and longer windows too: nothing
	 * speaks for it. A limit per hour or day says nothing about a minute.
	 */

	private static final long LONG_NANOS = Duration.ofHours(1).toNanos();

	private UntoldLimits() {
	}

	/**
	 * Lets what is not told follow what is.
	 * @param windows all windows of a budget
	 * @param dimensions their dimensions
	 * @return what that changed
	 */
	static List<LimitChange> follow(RollingWindow[] windows, Dimension[] dimensions) {
		List<LimitChange> changes = List.of();
		for (int i = 0; i < windows.length; i++) {
			Limit before = windows[i].limit();
			boolean assumed = before.origin() == LimitOrigin.ASSUMED;
			if (!assumed && isTold(windows[i])) {
				continue;
			}
			List<RollingWindow> told = told(dimensions[i], windows, dimensions);
			if (assumed) {
				assume(windows[i], told);
			}
			else {
				lower(windows[i], told);
			}
			Limit after = windows[i].limit();
			if (!after.equals(before)) {
				changes = Hearing.with(changes,
						new LimitChange(LimitChange.Cause.TOLD, before, after, told.get(0).limit().amount()));
			}
		}
		return changes;
	}

	private static List<RollingWindow> told(Dimension dimension, RollingWindow[] windows, Dimension[] dimensions) {
		List<RollingWindow> told = new ArrayList<>();
		for (int i = 0; i < windows.length; i++) {
			if (dimensions[i] == dimension && isTold(windows[i]) && windows[i].windowNanos() < LONG_NANOS) {
				told.add(windows[i]);
			}
		}
		return told;
	}

	private static boolean isTold(RollingWindow window) {
		return window.partLeft() > 0;
	}

	private static void assume(RollingWindow assumed, List<RollingWindow> told) {
		for (RollingWindow each : told) {
			if (each.limit().origin() == LimitOrigin.LEARNED) {
				assumed.follow(assumed.limit().withAmount(share(each, assumed), LimitOrigin.ASSUMED), false);
				return;
			}
		}
	}

	private static void lower(RollingWindow untold, List<RollingWindow> told) {
		Limit stated = untold.stated();
		Limit lowered = stated;
		boolean implied = false;
		for (RollingWindow each : told) {
			long left = Math.max(share(each, untold), (long) (each.partLeft() * stated.amount()));
			if (each.windowNanos() > untold.windowNanos() && each.partLeft() < 1 && left < lowered.amount()) {
				lowered = stated.withAmount(left, LimitOrigin.LEARNED);
			}
			implied |= each.windowNanos() < untold.windowNanos() && share(each, untold) <= stated.amount();
		}
		untold.follow(lowered, implied && untold.windowNanos() < LONG_NANOS);
	}

	/** The even share of what is told, in another window. */
	private static long share(RollingWindow told, RollingWindow other) {
		double share = (double) told.limit().amount() * other.windowNanos() / told.windowNanos();
		return Math.max(1, (long) Math.min(share, Limit.LARGEST_AMOUNT));
	}

	/**
	 * A window that is heard of now, with what was taken before as far as that is known.
	 */
	static RollingWindow begin(Limit limit, long nowNanos, RollingWindow[] windows, Dimension[] dimensions,
			BiFunction<Limit, Long, RollingWindow> factory) {
		long windowNanos = Ticks.nanos(Objects.requireNonNull(limit.per()));
		for (int i = 0; i < windows.length; i++) {
			if (dimensions[i] == limit.dimension() && windows[i].windowNanos() > windowNanos) {
				RollingWindow window = factory.apply(limit, nowNanos - windowNanos);
				window.repeat(windows[i]);
				window.advance(nowNanos);
				return window;
			}
		}
		return factory.apply(limit, nowNanos).beginLate();
	}

}

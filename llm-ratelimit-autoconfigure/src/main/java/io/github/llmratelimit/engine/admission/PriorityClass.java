package io.github.llmratelimit.engine.admission;

import java.util.ArrayList;
import java.util.List;

import io.github.llmratelimit.Dimension;
import org.jspecify.annotations.Nullable;

/**
 * The waiting calls of one priority, in one line per tenant.
 */
final class PriorityClass {

	/** Lines looked at for an estimate. */
	private static final int SAMPLE = 64;

	/** Lines that may start, by whose turn it is. */
	private final Line.ByTurn byTurn = new Line.ByTurn();

	/** The same lines, by age. */
	private final Line.ByAge byAge = new Line.ByAge();

	/** What the calls of those lines need together, by dimension. */
	private final long[] amounts = new long[Dimension.values().length];

	/** All calls, also of lines that are held back. */
	private int size;

	/** Calls of the lines that may start. */
	private int free;

	/** Lines that may start and have more than one call. */
	private int longLines;

	/** Not before the virtual time of any tenant of those lines. */
	private double latestVirtualTime;

	/** Whether lines of one call each are known to be in the order of arrival. */
	private boolean inOrder = true;

	int size() {
		return this.size;
	}

	/** How many calls are not held back by their tenants' own limits. */
	int free() {
		return this.free;
	}

	/** The line whose turn it is. */
	@Nullable Line first() {
		return this.byTurn.first();
	}

	/** The line of the call that has been waiting longest. */
	@Nullable Line oldest() {
		return this.byAge.first();
	}

	void add(Line line, Waiter waiter) {
		line.add(waiter);
		if (!line.blocked) {
			boolean early = line.size() == 1 && line.tenant.virtualTime < this.latestVirtualTime;
			this.inOrder = this.free == 0 || this.inOrder && !early;
		}
		added(line, waiter);
	}

	/** Lets the first call of a line back in that was taken out a moment ago. */
	void putBack(Line line, Waiter waiter) {
		line.putBack(waiter);
		added(line, waiter);
	}

	private void added(Line line, Waiter waiter) {
		this.size++;
		if (line.blocked) {
			return;
		}
		this.free++;
		this.longLines += (line.size() == 2) ? 1 : 0;
		this.latestVirtualTime = Math.max(this.latestVirtualTime, line.tenant.virtualTime);
		line.addNeeds(waiter, this.amounts, 1);
		if (line.size() == 1) {
			this.byTurn.add(line);
			this.byAge.add(line);
		}
		else if (line.first() == waiter || line.sinceNanos() == waiter.sinceNanos()) {
			moved(line);
		}
	}

	void remove(Line line, Waiter waiter) {
		boolean wasFirst = line.first() == waiter;
		long since = line.sinceNanos();
		if (line.size() == 1 && !line.blocked) {
			this.byTurn.remove(line);
			this.byAge.remove(line);
		}
		line.remove(waiter);
		this.size--;
		if (line.blocked) {
			return;
		}
		this.free--;
		this.longLines -= (line.size() == 1) ? 1 : 0;
		this.latestVirtualTime = (this.free == 0) ? 0 : this.latestVirtualTime;
		line.addNeeds(waiter, this.amounts, -1);
		if ((wasFirst || line.sinceNanos() != since) && line.size() > 0) {
			moved(line);
		}
	}

	/** A line may start from now on. */
	void letIn(Line line) {
		this.inOrder = this.free == 0;
		this.latestVirtualTime = Math.max(this.latestVirtualTime, line.tenant.virtualTime);
		count(line, 1);
		this.byTurn.add(line);
		this.byAge.add(line);
	}

	/** A line may not start for now. */
	void takeOut(Line line) {
		count(line, -1);
		this.byTurn.remove(line);
		this.byAge.remove(line);
	}

	private void count(Line line, int sign) {
		this.free += sign * line.size();
		this.longLines += (line.size() > 1) ? sign : 0;
		for (int i = 0; i < this.amounts.length; i++) {
			this.amounts[i] += sign * line.amounts[i];
		}
	}

	/** The tenant of a line has had a turn. */
	void hadTurn(Line line) {
		this.latestVirtualTime = Math.max(this.latestVirtualTime, line.tenant.virtualTime);
		this.inOrder &= this.byTurn.size() == 1;
		moved(line);
	}

	/** The place of a line has changed. */
	void moved(Line line) {
		this.byTurn.moved(line);
		this.byAge.moved(line);
	}

	/**
	 * Whether a newcomer would be the last of all that may start, and those before it
	 * start in the order of their arrival.
	 * @param line where it would stand, {@code null} if its tenant has no line here
	 * @param turn the virtual time of its tenant
	 */
	boolean isInArrivalOrderFor(@Nullable Line line, double turn) {
		if (line != null) {
			return !line.blocked && this.byTurn.size() == 1;
		}
		return this.free == 0 || this.longLines == 0 && turn >= this.latestVirtualTime && isInOrder();
	}

	/** Looks if order has returned, unless there are many to look at. */
	private boolean isInOrder() {
		if (!this.inOrder && this.byTurn.size() <= SAMPLE) {
			List<Line> inTurn = new ArrayList<>();
			for (int i = 0; i < this.byTurn.size(); i++) {
				inTurn.add(this.byTurn.get(i));
			}
			inTurn.sort((one, other) -> one.isBefore(other) ? -1 : other.isBefore(one) ? 1 : 0);
			this.inOrder = true;
			for (int i = 1; i < inTurn.size(); i++) {
				this.inOrder &= Waiter.ARRIVAL.compare(inTurn.get(i - 1).first(), inTurn.get(i).first()) <= 0;
			}
		}
		return this.inOrder;
	}

	void addAll(long[] sums) {
		add(sums, this.amounts, 1);
	}

	/**
	 * Adds what is granted to other tenants before it is the turn of one, estimated from
	 * a sample where there are many.
	 */
	void addBefore(double turn, @Nullable Line own, long[] sums) {
		int known = this.byTurn.size();
		int step = 1 + (known - 1) / SAMPLE;
		for (int i = 0; i < known; i += step) {
			Line line = this.byTurn.get(i);
			double lead = (turn - line.tenant.virtualTime) * line.tenant.weight;
			if (line != own && lead >= 0) {
				long queued = Math.max(1, line.amounts[Dimension.TOKENS.ordinal()]);
				double first = line.need(line.first(), Dimension.TOKENS);
				add(sums, line.amounts, step * Math.min(1, (lead + first) / queued));
			}
		}
	}

	static void add(long[] sums, long[] amounts, double part) {
		for (int i = 0; i < sums.length; i++) {
			sums[i] += (long) (amounts[i] * part);
		}
	}

	void addTo(List<Waiter> all) {
		for (int i = 0; i < this.byTurn.size(); i++) {
			this.byTurn.get(i).addTo(all);
		}
	}

}

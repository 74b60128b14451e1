package io.github.llmratelimit.engine.admission;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

import io.github.llmratelimit.time.Ticks;
import org.jspecify.annotations.Nullable;

/**
 * Lines of tenants whose own limits hold them back: set aside, and in nobody's way, until
 * they allow the first call of the line.
 */
final class HeldBack {

	private final PriorityClass[] classes;

	private final Line.ByRelease lines = new Line.ByRelease();

	/** Lines that may have to be held back from now on, or no longer. */
	private final Queue<Line> suspects = new ArrayDeque<>();

	private int changes;

	HeldBack(PriorityClass[] classes) {
		this.classes = classes;
	}

	/** Changes whenever a line is held back or let in again. */
	int changes() {
		return this.changes;
	}

	/** All lines that are set aside. */
	List<Line> lines() {
		List<Line> all = new ArrayList<>(this.lines.size());
		for (int i = 0; i < this.lines.size(); i++) {
			all.add(this.lines.get(i));
		}
		return all;
	}

	/** Its tenant's limits may not allow its first call. */
	void suspect(Line line) {
		if (line.tenant.ledger != null) {
			this.suspects.add(line);
		}
	}

	/** The next line to look at, {@code null} if there is none. */
	@Nullable Line nextSuspect() {
		for (Line line = this.suspects.poll(); line != null; line = this.suspects.poll()) {
			if (line.size() > 0 && !line.blocked) {
				return line;
			}
		}
		return null;
	}

	/** Sets a line aside. */
	void add(Line line, long untilNanos) {
		this.changes++;
		this.classes[line.priority].takeOut(line);
		line.blocked = true;
		line.blockedUntilNanos = untilNanos;
		this.lines.add(line);
	}

	/** Another call is the first of a line now, if any is left. */
	void firstChanged(Line line) {
		if (line.size() == 0) {
			this.changes++;
			this.lines.remove(line);
		}
		else {
			release(line);
		}
	}

	/** Something was taken of a tenant. */
	void suspect(Tenant tenant) {
		for (Line line : tenant.lines) {
			if (line != null && !line.blocked) {
				suspect(line);
			}
		}
	}

	/** Something came back to a tenant, or not. */
	void release(Tenant tenant) {
		suspect(tenant);
		for (Line line : tenant.lines) {
			if (line != null && line.blocked) {
				release(line);
			}
		}
	}

	/** Lets all lines back in: nobody may start any more, whatever its limits. */
	void releaseAll() {
		for (Line line = this.lines.first(); line != null; line = this.lines.first()) {
			release(line);
		}
	}

	/** Lets lines back in whose time has come. */
	void releaseDue(long nowNanos) {
		for (Line line = this.lines.first(); line != null; line = this.lines.first()) {
			if (line.blockedUntilNanos - nowNanos > 0) {
				return;
			}
			release(line);
		}
	}

	private void release(Line line) {
		this.changes++;
		this.lines.remove(line);
		line.blocked = false;
		this.classes[line.priority].letIn(line);
		suspect(line);
	}

	/** When the next line is due. */
	long nextRelease(long nowNanos) {
		Line first = this.lines.first();
		return (first != null) ? first.blockedUntilNanos : nowNanos + Ticks.FOREVER_NANOS;
	}

	void addTo(List<Waiter> all) {
		for (int i = 0; i < this.lines.size(); i++) {
			this.lines.get(i).addTo(all);
		}
	}

}

package io.github.llmratelimit.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * Lines of tenants whose own limits hold them back: set aside, and in nobody's way, until
 * they allow the first call of the line.
 */
final class HeldBack {

	private final PriorityClass[] classes;

	private final Line.ByRelease lines = new Line.ByRelease();

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

	/** Something came back to a tenant. */
	void release(Tenant tenant) {
		for (Line line : tenant.lines) {
			if (line != null && line.blocked) {
				release(line);
			}
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

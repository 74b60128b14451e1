package io.github.llmratelimit.sample.load;

import java.util.HashMap;
import java.util.Map;

/**
 * Counts the calls of a load by how they ended.
 */
final class Tally {

	private final Waits waits = new Waits();

	private final Map<String, Long> givenUp = new HashMap<>();

	private long calls;

	private long succeeded;

	private long cutOff;

	synchronized void began() {
		this.calls++;
	}

	synchronized void succeeded(long waitNanos) {
		this.succeeded++;
		this.waits.add(waitNanos);
	}

	synchronized void gaveUp(String reason) {
		this.givenUp.merge(reason, 1L, Long::sum);
	}

	synchronized void wasCutOff() {
		this.cutOff++;
	}

	synchronized long calls() {
		return this.calls;
	}

	synchronized long succeeded() {
		return this.succeeded;
	}

	synchronized long cutOff() {
		return this.cutOff;
	}

	synchronized Map<String, Long> givenUp() {
		return Map.copyOf(this.givenUp);
	}

	Waits waits() {
		return this.waits;
	}

}

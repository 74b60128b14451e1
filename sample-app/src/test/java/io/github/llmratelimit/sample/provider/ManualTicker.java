package io.github.llmratelimit.sample.provider;

import java.time.Duration;

import io.github.llmratelimit.time.Ticker;

/**
 * A clock that moves only when a test moves it. It starts 30 s before it overflows.
 */
public final class ManualTicker implements Ticker {

	private volatile long nanos = Long.MAX_VALUE - Duration.ofSeconds(30).toNanos();

	@Override
	public long nanos() {
		return this.nanos;
	}

	public void advance(Duration duration) {
		this.nanos += duration.toNanos();
	}

}

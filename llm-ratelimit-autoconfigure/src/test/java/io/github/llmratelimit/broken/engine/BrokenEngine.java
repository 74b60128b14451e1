package io.github.llmratelimit.broken.engine;

import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

import io.github.llmratelimit.broken.redis.BrokenRedis;

public class BrokenEngine {

	private final LongSupplier ticker = System::nanoTime;

	private final InstantSource[] sources = { Clock.systemUTC(), InstantSource.system() };

	private BrokenRedis upwards;

	Instant sleepThenNow() throws InterruptedException {
		Thread.sleep(System.currentTimeMillis() - this.ticker.getAsLong());
		return Instant.now();
	}

}

package io.github.llmratelimit.sample.load;

import java.time.Duration;
import java.util.random.RandomGenerator;

import org.springframework.web.client.HttpClientErrorException.TooManyRequests;

/**
 * What many services do instead of limiting: try again after a 429, up to six times in
 * all, after 1, 2, 4, 8 and 16 s with a quarter of chance up or down.
 */
final class BackoffCaller implements Caller {

	static final int MAX_ATTEMPTS = 6;

	private static final Duration BASE = Duration.ofSeconds(1);

	private static final double JITTER = 0.25;

	private final Caller delegate;

	private final Sleeper sleeper;

	private final RandomGenerator random;

	/**
	 * Creates a caller.
	 * @param delegate makes one attempt
	 * @param sleeper waits between attempts
	 * @param random the chance in the pauses, safe for use by many threads
	 */
	BackoffCaller(Caller delegate, Sleeper sleeper, RandomGenerator random) {
		this.delegate = delegate;
		this.sleeper = sleeper;
		this.random = random;
	}

	@Override
	public void call(Task task) throws Exception {
		for (int attempt = 1;; attempt++) {
			try {
				this.delegate.call(task);
				return;
			}
			catch (TooManyRequests ex) {
				if (attempt == MAX_ATTEMPTS) {
					throw ex;
				}
			}
			this.sleeper.sleep(pause(attempt));
		}
	}

	private Duration pause(int attempt) {
		double factor = 1 - JITTER + 2 * JITTER * this.random.nextDouble();
		return Duration.ofMillis((long) (BASE.toMillis() * (1L << (attempt - 1)) * factor));
	}

}

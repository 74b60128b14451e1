package io.github.llmratelimit.sample.load;

/**
 * What load is asked for.
 *
 * @param users people who call one after the other, each for himself; 1 to 500
 * @param seconds how long they begin new calls; 1 to 900
 * @param limiter whether they use the annotated services, or the bare client
 * @param retry without the limiter: whether they try again after a 429, with exponential
 * backoff
 * @param seed makes what they ask repeatable
 */
record LoadRequest(int users, int seconds, boolean limiter, boolean retry, long seed) {

	static final int MAX_USERS = 500;

	static final int MAX_SECONDS = 900;

	LoadRequest {
		require(users >= 1 && users <= MAX_USERS, "users", users, "between 1 and " + MAX_USERS);
		require(seconds >= 1 && seconds <= MAX_SECONDS, "seconds", seconds, "between 1 and " + MAX_SECONDS);
		require(!(limiter && retry), "retry", retry, "false with limiter=true, which retries by itself");
	}

	private static void require(boolean valid, String name, Object value, String rule) {
		if (!valid) {
			throw new IllegalArgumentException("Invalid %s (%s): must be %s".formatted(name, value, rule));
		}
	}

}

package io.github.llmratelimit.sample.load;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.llmratelimit.sample.load.Task.Kind;
import org.junit.jupiter.api.Test;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.HttpClientErrorException.TooManyRequests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link BackoffCaller}.
 */
class BackoffCallerTests {

	private static final Task TASK = new Task(Kind.QUESTION, "Hello", 1);

	private final List<Duration> sleeps = new ArrayList<>();

	private final AtomicInteger attempts = new AtomicInteger();

	@Test
	void callWhenRefusedTwiceSucceedsAtTheThirdAttempt() throws Exception {
		caller(2, tooManyRequests()).call(TASK);
		assertThat(this.attempts).hasValue(3);
		assertThat(this.sleeps).hasSize(2);
	}

	@Test
	void callWhenAlwaysRefusedGivesUpAfterSixAttempts() {
		assertThatExceptionOfType(TooManyRequests.class)
			.isThrownBy(() -> caller(Integer.MAX_VALUE, tooManyRequests()).call(TASK));
		assertThat(this.attempts).hasValue(6);
	}

	@Test
	void pausesDoubleWithAQuarterOfChance() {
		assertThatExceptionOfType(TooManyRequests.class)
			.isThrownBy(() -> caller(Integer.MAX_VALUE, tooManyRequests()).call(TASK));
		assertThat(this.sleeps).hasSize(5);
		for (int i = 0; i < 5; i++) {
			long expected = 1_000L << i;
			assertThat(this.sleeps.get(i).toMillis()).isBetween(expected * 3 / 4, expected * 5 / 4);
		}
	}

	@Test
	void callWhenFailureIsAnotherOneIsNotRepeated() {
		assertThatIllegalStateException().isThrownBy(() -> caller(1, new IllegalStateException()).call(TASK));
		assertThat(this.attempts).hasValue(1);
	}

	private BackoffCaller caller(int failures, RuntimeException failure) {
		return new BackoffCaller((task) -> {
			if (this.attempts.getAndIncrement() < failures) {
				throw failure;
			}
		}, this.sleeps::add, new Random(1));
	}

	private static RuntimeException tooManyRequests() {
		return HttpClientErrorException.create(HttpStatus.TOO_MANY_REQUESTS, "Too Many Requests", new HttpHeaders(),
				new byte[0], StandardCharsets.UTF_8);
	}

}

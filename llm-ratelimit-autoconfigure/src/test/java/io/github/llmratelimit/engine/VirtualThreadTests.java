package io.github.llmratelimit.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;

import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.Reservation;
import io.github.llmratelimit.time.FakeTime;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Tests of calls that wait on virtual threads. The JDK must have such, and monitors that
 * do not pin them, since the test's own clock has monitors.
 */
class VirtualThreadTests {

	private static final int CALLS = 10_000;

	/** How many calls fit into a window. */
	private static final int AT_ONCE = 100;

	private static final CallRequest REQUEST = CallRequest.of(Cost.ofTotal(1000)).withMaxWait(Duration.ofHours(10));

	private final FakeTime time = new FakeTime();

	private final LlmRateLimiter limiter = new TestLimiters(this.time)
		.model("gpt-4o", new BudgetKey("openai", "gpt-4o"), Limit.perMinute(Dimension.TOKENS, AT_ONCE * 1000))
		.build()
		.limiter("gpt-4o");

	private final Queue<Integer> admitted = new ConcurrentLinkedQueue<>();

	@TempDir
	private Path directory;

	@BeforeEach
	void needVirtualThreads() {
		boolean there = Runtime.version().feature() >= 24;
		if (!there) {
			System.err.println("SKIPPED: " + getClass().getSimpleName() + " needs JDK 24 or later, this is "
					+ Runtime.version() + ". The build runs it on JDK 25.");
		}
		assumeTrue(there, "needs JDK 24 or later");
	}

	@Test
	void callsThatWaitAreAdmittedInOrderAndPinNoCarrier() throws Exception {
		List<RecordedEvent> pinned = whileRecording("jdk.VirtualThreadPinned", () -> {
			wait10000();
			for (int first = 0; first < CALLS; first += AT_ONCE) {
				assertThat(nextAdmitted()).containsExactlyInAnyOrderElementsOf(range(first, first + AT_ONCE));
			}
		});
		assertThat(pinned).isEmpty();
		assertThat(this.limiter.status().queued()).isZero();
		assertThat(this.limiter.status().inFlight()).isZero();
	}

	@Test
	void whatFollowsAnAnswerRunsOnAVirtualThread() {
		List<String> threads = new ArrayList<>();
		Continuations.system().execute(() -> threads.add(Thread.currentThread().toString()));
		FakeTime.await(() -> !threads.isEmpty());
		assertThat(threads.get(0)).startsWith("VirtualThread");
	}

	/** Starts all calls one after the other, so that their order is known. */
	private void wait10000() {
		this.limiter.tryAcquire(Cost.ofTotal(AT_ONCE * 1000)).orElseThrow().close();
		Executor threads = Continuations.system();
		for (int i = 0; i < CALLS; i++) {
			int number = i;
			threads.execute(() -> call(number));
			FakeTime.await(() -> this.limiter.status().queued() == number + 1);
		}
	}

	private void call(int number) {
		try (Reservation reservation = this.limiter.acquire(REQUEST)) {
			this.admitted.add(number);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Moves time until a window has room, and waits for all that start then. */
	private List<Integer> nextAdmitted() {
		int before = this.limiter.status().queued();
		while (this.limiter.status().queued() == before) {
			assertThat(this.time.advanceToNextAlarm()).isNotNull();
		}
		FakeTime.await(() -> this.admitted.size() == before - this.limiter.status().queued());
		List<Integer> batch = new ArrayList<>(this.admitted);
		this.admitted.clear();
		return batch;
	}

	private static List<Integer> range(int from, int to) {
		return IntStream.range(from, to).boxed().toList();
	}

	private List<RecordedEvent> whileRecording(String event, Runnable action) throws IOException {
		Path file = this.directory.resolve("recording.jfr");
		try (Recording recording = new Recording()) {
			recording.enable(event).withoutThreshold();
			recording.start();
			action.run();
			recording.stop();
			recording.dump(file);
		}
		return RecordingFile.readAllEvents(file);
	}

}

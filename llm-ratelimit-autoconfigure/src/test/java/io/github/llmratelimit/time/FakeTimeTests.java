package io.github.llmratelimit.time;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import io.github.llmratelimit.time.AlarmClock.Alarm;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FakeTime}, which other tests rely on.
 */
class FakeTimeTests {

	private final FakeTime time = new FakeTime();

	private final long start = this.time.nanos();

	private final List<String> events = new ArrayList<>();

	@Test
	void advanceWhenMoreThanThirtySecondsOverflows() {
		this.time.advance(Duration.ofSeconds(31));
		assertThat(this.time.nanos()).isNegative();
		assertThat(this.time.nanos() - this.start).isEqualTo(31_000_000_000L);
	}

	@Test
	void advanceWhenAlarmsAreDueFiresThemInOrderAtTheirInstants() {
		alarm("late").set(this.start + 40_000_000_000L);
		alarm("early").set(this.start + 20_000_000_000L);
		alarm("never").set(this.start + 60_000_000_001L);
		this.time.advance(Duration.ofMinutes(1));
		assertThat(this.events).containsExactly("early at PT20S", "late at PT40S");
	}

	@Test
	void advanceWhenAnAlarmSetsAnotherFiresThatToo() {
		Alarm second = alarm("second");
		this.time.newAlarm(() -> second.set(this.time.nanos() + 1)).set(this.start + 5);
		this.time.advance(Duration.ofNanos(6));
		assertThat(this.events).containsExactly("second at PT0.000000006S");
	}

	@Test
	void setWhenSetBeforeReplaces() {
		Alarm alarm = alarm("alarm");
		alarm.set(this.start + 1);
		alarm.set(this.start + 2);
		this.time.advance(Duration.ofNanos(3));
		assertThat(this.events).containsExactly("alarm at PT0.000000002S");
	}

	@Test
	void setWhenInstantHasPassedFiresWithTheNextMove() {
		alarm("passed").set(this.start - 1);
		this.time.advance(Duration.ZERO);
		assertThat(this.events).containsExactly("passed at PT0S");
	}

	@Test
	void instantMovesWithNanos() {
		this.time.advance(Duration.ofHours(1));
		assertThat(this.time.instant()).isEqualTo(FakeTime.START.plusSeconds(3600));
	}

	@Test
	void awaitParkedWhenThreadParksReturns() throws InterruptedException {
		Thread thread = new Thread(() -> LockSupport.park(this));
		thread.start();
		FakeTime.awaitParked(thread);
		assertThat(thread.isAlive()).isTrue();
		LockSupport.unpark(thread);
		thread.join();
	}

	private Alarm alarm(String name) {
		return this.time.newAlarm(
				() -> this.events.add(name + " at " + Duration.ofNanos(this.time.nanos() - FakeTimeTests.this.start)));
	}

}

package io.github.llmratelimit.time;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

import io.github.llmratelimit.time.AlarmClock.Alarm;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link SystemAlarmClock}. They wait for alarms, never for a time.
 */
class SystemAlarmClockTests {

	private static final long SOON = 1_000_000;

	private static final long NEVER = 3_600_000_000_000L;

	private final SystemAlarmClock clock = new SystemAlarmClock();

	private final List<String> events = Collections.synchronizedList(new ArrayList<>());

	@AfterEach
	void close() {
		this.clock.close();
	}

	@Test
	void setWhenInstantComesGoesOffAndNotBefore() throws InterruptedException {
		AtomicReference<Long> wentOff = new AtomicReference<>();
		CountDownLatch done = new CountDownLatch(1);
		long instant = this.clock.nanos() + SOON;
		this.clock.newAlarm(() -> {
			wentOff.set(this.clock.nanos());
			done.countDown();
		}).set(instant);
		done.await();
		assertThat(wentOff.get() - instant).isNotNegative();
	}

	@Test
	void setWhenInstantHasPassedGoesOff() throws InterruptedException {
		setAndAwait("passed", this.clock.nanos() - SOON);
		assertThat(this.events).containsExactly("passed");
	}

	@Test
	void setWhenSetToLaterDoesNotGoOffAtTheFirstInstant() throws InterruptedException {
		Alarm alarm = this.clock.newAlarm(() -> this.events.add("replaced"));
		long first = this.clock.nanos();
		whileNoneGoesOff(() -> {
			alarm.set(first);
			alarm.set(first + NEVER);
		});
		// alarms go off one after another, so the first would have been before this one
		setAndAwait("other", first + SOON);
		assertThat(this.events).containsExactly("other");
	}

	@Test
	void setWhenSetToEarlierGoesOffEarlier() throws InterruptedException {
		CountDownLatch done = new CountDownLatch(1);
		Alarm alarm = this.clock.newAlarm(done::countDown);
		alarm.set(this.clock.nanos() + NEVER);
		alarm.set(this.clock.nanos() + SOON);
		done.await();
		assertThat(done.getCount()).isZero();
	}

	@Test
	void setWhenItWentOffGoesOffAgain() throws InterruptedException {
		CountDownLatch done = new CountDownLatch(2);
		Alarm[] alarm = new Alarm[1];
		alarm[0] = this.clock.newAlarm(() -> {
			done.countDown();
			alarm[0].set(this.clock.nanos());
		});
		alarm[0].set(this.clock.nanos());
		done.await();
		assertThat(done.getCount()).isZero();
	}

	@Test
	void setWhenClosedDoesNothing() {
		this.clock.close();
		Alarm alarm = this.clock.newAlarm(() -> this.events.add("went off"));
		assertThatNoException().isThrownBy(() -> alarm.set(this.clock.nanos()));
		assertThat(this.events).isEmpty();
	}

	@Test
	void closeWhenAlarmsAreSetEndsTheThread() throws InterruptedException {
		AtomicReference<Thread> thread = new AtomicReference<>();
		CountDownLatch done = new CountDownLatch(1);
		this.clock.newAlarm(() -> {
			thread.set(Thread.currentThread());
			done.countDown();
		}).set(this.clock.nanos());
		done.await();
		this.clock.newAlarm(() -> this.events.add("went off")).set(this.clock.nanos() + NEVER);
		this.clock.close();
		thread.get().join();
		assertThat(this.events).isEmpty();
	}

	@Test
	void alarmsComeFromADaemonThread() throws InterruptedException {
		AtomicReference<Boolean> daemon = new AtomicReference<>();
		CountDownLatch done = new CountDownLatch(1);
		this.clock.newAlarm(() -> {
			daemon.set(Thread.currentThread().isDaemon());
			done.countDown();
		}).set(this.clock.nanos());
		done.await();
		assertThat(daemon.get()).isTrue();
	}

	/** Alarms go off one after another, so one that lasts holds up all others. */
	private void whileNoneGoesOff(Runnable action) throws InterruptedException {
		CountDownLatch wentOff = new CountDownLatch(1);
		CompletableFuture<Void> done = new CompletableFuture<>();
		this.clock.newAlarm(() -> {
			wentOff.countDown();
			done.join();
		}).set(this.clock.nanos());
		wentOff.await();
		action.run();
		done.complete(null);
	}

	private void setAndAwait(String name, long atNanos) throws InterruptedException {
		CountDownLatch done = new CountDownLatch(1);
		this.clock.newAlarm(() -> {
			this.events.add(name);
			done.countDown();
		}).set(atNanos);
		done.await();
	}

}

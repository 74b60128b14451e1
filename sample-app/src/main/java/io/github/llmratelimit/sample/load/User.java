package io.github.llmratelimit.sample.load;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

import io.github.llmratelimit.LlmRateLimitExceededException;
import io.github.llmratelimit.sample.load.CallTrace.State;
import io.github.llmratelimit.time.Ticker;

import org.springframework.web.client.RestClientResponseException;

/**
 * Somebody who thinks, calls, waits for the answer, and thinks again. A user is a thread:
 * the services block it, as they would block a thread of a web server.
 */
final class User implements Runnable {

	private final Script script;

	private final RandomGenerator random;

	private final Tally tally;

	private final CountDownLatch ending;

	private final CountDownLatch finished;

	private final CallTrace trace = new CallTrace();

	/**
	 * Creates a user.
	 * @param script what he does
	 * @param random his choices
	 * @param tally counts his calls
	 * @param ending is open once the load ends
	 * @param finished is told when he has gone
	 */
	User(Script script, RandomGenerator random, Tally tally, CountDownLatch ending, CountDownLatch finished) {
		this.script = script;
		this.random = random;
		this.tally = tally;
		this.ending = ending;
		this.finished = finished;
	}

	@Override
	public void run() {
		this.trace.attach();
		try {
			while (!this.ending.await(pause(), TimeUnit.NANOSECONDS) && this.trace.begin()) {
				call(this.script.workload().next(this.random));
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			this.finished.countDown();
		}
	}

	/**
	 * Ends his visit: a call not sent yet is interrupted.
	 */
	void end() {
		this.trace.end();
	}

	State state() {
		return this.trace.state();
	}

	private void call(Task task) {
		this.tally.began();
		long begin = this.script.ticker().nanos();
		try {
			this.script.caller().call(task);
			this.trace.finish();
			this.tally.succeeded(this.trace.sentAt() - begin);
		}
		catch (Exception ex) {
			if (this.trace.finish() && !(ex instanceof RestClientResponseException)) {
				this.tally.wasCutOff();
			}
			else {
				this.tally.gaveUp(reason(ex));
			}
		}
	}

	private long pause() {
		return (long) (-Math.log(1 - this.random.nextDouble()) * this.script.thinkTime().toNanos());
	}

	private static String reason(Exception ex) {
		if (ex instanceof LlmRateLimitExceededException refused) {
			return "limiter: " + refused.reason();
		}
		if (ex instanceof RestClientResponseException response) {
			return "HTTP " + response.getStatusCode().value();
		}
		return ex.getClass().getSimpleName();
	}

	/**
	 * What all users of a load do alike.
	 *
	 * @param caller makes the calls
	 * @param workload chooses them
	 * @param thinkTime mean pause between an answer and the next call
	 * @param ticker the clock
	 */
	record Script(Caller caller, Workload workload, Duration thinkTime, Ticker ticker) {
	}

}

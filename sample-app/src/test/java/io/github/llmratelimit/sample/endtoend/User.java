package io.github.llmratelimit.sample.endtoend;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

import io.github.llmratelimit.LlmRateLimitExceededException;
import io.github.llmratelimit.sample.chat.ChatResponse.Usage;
import io.github.llmratelimit.sample.prompts.Prompts;

import org.springframework.web.client.RestClientResponseException;

/**
 * Somebody who calls a model, thinks for a second, and calls again.
 */
final class User extends Thread {

	private static final double MEAN_PAUSE_NANOS = 1e9;

	/** What a thread of the limiter's is parked on until it is answered. */
	private static final String WAITER = "io.github.llmratelimit.engine.admission.Waiter";

	private static final int LONGEST_QUESTION = 800;

	private final StepClock clock;

	private final LimitedModel model;

	private final Prompts prompts;

	private final int maxTokens;

	private final RandomGenerator random;

	private final List<Call> calls = new ArrayList<>();

	User(StepClock clock, LimitedModel model, Prompts prompts, int maxTokens, RandomGenerator random) {
		super("bench-user");
		setDaemon(true);
		this.clock = clock;
		this.model = model;
		this.prompts = prompts;
		this.maxTokens = maxTokens;
		this.random = random;
	}

	@Override
	public void run() {
		try {
			while (!isInterrupted()) {
				this.clock.pause((long) (-Math.log(1 - this.random.nextDouble()) * MEAN_PAUSE_NANOS));
				call();
			}
		}
		catch (InterruptedException ex) {
			// the test is over
		}
	}

	private void call() {
		long begin = this.clock.nanos();
		try {
			Usage usage = this.model.ask(question(), this.maxTokens).usage();
			add(new Call(null, usage.promptTokens(), usage.completionTokens(), this.clock.nanos() - begin));
		}
		catch (LlmRateLimitExceededException ex) {
			add(new Call(ex.reason().name(), 0, 0, this.clock.nanos() - begin));
		}
		catch (RestClientResponseException ex) {
			add(new Call("HTTP " + ex.getStatusCode().value(), 0, 0, this.clock.nanos() - begin));
		}
		catch (RuntimeException ex) {
			add(new Call(ex.toString(), 0, 0, this.clock.nanos() - begin));
		}
	}

	/** None is so long that a small limit could not be filled with such calls. */
	private String question() {
		String question = this.prompts.question(this.random);
		return question.substring(0, Math.min(LONGEST_QUESTION, question.length()));
	}

	private synchronized void add(Call call) {
		this.calls.add(call);
	}

	/** The calls that ended since this was last asked. */
	synchronized Stream<Call> takeCalls() {
		List<Call> taken = List.copyOf(this.calls);
		this.calls.clear();
		return taken.stream();
	}

	/** Whether the limiter lets him wait. */
	boolean isParked() {
		Object blocker = LockSupport.getBlocker(this);
		return blocker != null && blocker.getClass().getName().equals(WAITER) && getState() == State.WAITING;
	}

	/**
	 * A call that ended.
	 *
	 * @param reason why it failed; {@code null} if it didn't
	 * @param inputTokens tokens of the prompt
	 * @param outputTokens tokens of the answer
	 * @param nanos how long it took
	 */
	record Call(String reason, long inputTokens, long outputTokens, long nanos) {
	}

}

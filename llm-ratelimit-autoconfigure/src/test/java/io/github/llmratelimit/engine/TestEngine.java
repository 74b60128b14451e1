package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.function.Function;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimiterStatus;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.ModelLimits;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.engine.LimiterRegistry.Parts;
import io.github.llmratelimit.engine.settings.EngineSettings;
import io.github.llmratelimit.provider.ProviderDialect;
import io.github.llmratelimit.provider.ProviderException;
import io.github.llmratelimit.provider.SignalKind;
import io.github.llmratelimit.provider.WrittenDialect;
import io.github.llmratelimit.time.FakeTime;

/**
 * A limiter on fake time, made when it is first asked for, and a record of what its
 * listeners hear. 10 requests and 1,000 tokens per minute where a test says nothing else.
 */
final class TestEngine {

	/** When comes back what was taken at the start: window, guard and two slots. */
	static final Duration BACK = Duration.ofMillis(60_150);

	/** The same after a refusal, which doubles the guard: from 60 ms to 120 ms. */
	static final Duration BACK_AFTER_REFUSAL = BACK.plusMillis(50);

	final FakeTime time = new FakeTime();

	final List<String> events = Collections.synchronizedList(new ArrayList<>());

	LimiterMode mode = LimiterMode.ENFORCE;

	ProviderDialect dialect = new WrittenDialect();

	Booking booking = Booking.ESTIMATE;

	EngineSettings settings = EngineSettings.DEFAULTS;

	List<RateLimitListener> listeners = List.of(new Recorder());

	CallRetry retry = CallRetry.NEVER;

	List<Limit> limits = List.of(Limit.perMinute(Dimension.REQUESTS, 10), Limit.perMinute(Dimension.TOKENS, 1000));

	Function<Object, Usage> usage = (result) -> null;

	/** Runs what follows answers; on the thread that moves time. */
	Executor executor = Runnable::run;

	private LimiterRegistry registry;

	LimiterRegistry registry() {
		if (this.registry == null) {
			this.registry = registry(definition("gpt-4o", "gpt-4o"));
		}
		return this.registry;
	}

	ModelLimiter limiter() {
		return (ModelLimiter) registry().limiter("gpt-4o");
	}

	LimiterRegistry registry(LimiterDefinition... definitions) {
		return new LimiterRegistry(List.of(definitions), this.settings, new Parts(this.time, this.time, this.retry,
				List.of(ProviderException::read), this.usage, this.listeners, (task) -> this.executor.execute(task)));
	}

	LimiterDefinition definition(String model, String pool, String... aliases) {
		ModelLimits modelLimits = new ModelLimits(model, model, new BudgetKey("openai", pool), this.limits,
				this.booking, ModelLimits.DEFAULT_OUTPUT_TOKENS);
		return new LimiterDefinition(modelLimits, Set.of(aliases), this.dialect, Set.of("api.openai.com"), this.mode);
	}

	/** What is left of a dimension. */
	long remaining(Dimension dimension) {
		return limiter().status()
			.windows()
			.stream()
			.filter((window) -> window.limit().dimension() == dimension)
			.findAny()
			.map(LimiterStatus.Window::remaining)
			.orElseThrow();
	}

	/** Takes all tokens of the minute. */
	void spendAllTokens() {
		limiter().tryAcquire(Cost.ofTotal(remaining(Dimension.TOKENS))).orElseThrow().close();
		this.events.clear();
	}

	/** Starts a call on a thread of its own and waits until it waits. */
	<T> Caller<T> park(Callable<T> call) {
		Caller<T> caller = new Caller<>(call);
		caller.thread.start();
		FakeTime.awaitParked(caller.thread);
		return caller;
	}

	/** A call on a thread of its own. */
	static final class Caller<T> extends FutureTask<T> {

		private final Thread thread = new Thread(this);

		Caller(Callable<T> call) {
			super(call);
			this.thread.setDaemon(true);
		}

		void interrupt() {
			this.thread.interrupt();
		}

		/** Waits for the end of the call, and tells its failure if it failed. */
		Throwable failure() {
			FakeTime.await(this::isDone);
			try {
				throw new AssertionError("The call did not fail: " + get());
			}
			catch (ExecutionException ex) {
				return ex.getCause();
			}
			catch (InterruptedException ex) {
				throw new AssertionError(ex);
			}
		}

		/** Waits for the end of the call, and returns its result. */
		T result() {
			FakeTime.await(this::isDone);
			try {
				return get();
			}
			catch (Exception ex) {
				throw new AssertionError(ex);
			}
		}

	}

	final class Recorder implements RateLimitListener {

		@Override
		public void onAcquire(LlmRateLimiter limiter, CallRequest request, AcquireOutcome outcome, long waitedNanos) {
			TestEngine.this.events.add("acquire %s after %s".formatted(outcome.id(), Duration.ofNanos(waitedNanos)));
		}

		@Override
		public void onEnd(LlmRateLimiter limiter, Cost cost, String tenant, Usage usage) {
			TestEngine.this.events
				.add("end %d %s".formatted(cost.totalTokens(), (usage != null) ? usage.totalTokens() : "?"));
		}

		@Override
		public void onResponse(LlmRateLimiter limiter, SignalKind kind) {
			TestEngine.this.events.add("response " + kind.id());
		}

		@Override
		public void onRetry(LlmRateLimiter limiter, SignalKind kind) {
			TestEngine.this.events.add("retry " + kind.id());
		}

	}

}

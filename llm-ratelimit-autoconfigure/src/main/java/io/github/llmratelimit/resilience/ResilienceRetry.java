package io.github.llmratelimit.resilience;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.engine.CallRetry;
import io.github.llmratelimit.engine.LimitedCall;
import io.github.llmratelimit.resilience.RetryDecision.Repeat;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.github.resilience4j.retry.RetryRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Repeats the attempts of limited calls by Resilience4j's {@link Retry} of the model's
 * name, so that its meters and events show them. The waiting happens in the limiter's
 * queue.
 * <p>
 * A retry of that name which the registry has already is the application's own and is
 * used as it is; so is a {@link RetryConfig} of that name. Both may then sleep on the
 * calling thread, but every attempt still takes budget, and a provider's hint still holds
 * for the whole budget.
 * <p>
 * The same retry can be used around other code. Around a limited call it should not be:
 * its attempts would be multiplied by those of the call.
 */
public final class ResilienceRetry implements CallRetry {

	private static final Logger logger = System.getLogger(ResilienceRetry.class.getName());

	/** Name of the configuration that every registry has. */
	private static final String DEFAULT_CONFIG = "default";

	private final RetrySettings settings;

	private final RetryRules rules;

	private final Supplier<RetryRegistry> registrySupplier;

	private final FailureSignals signals;

	private volatile @Nullable RetryRegistry registry;

	/**
	 * Creates the retry.
	 * @param settings how failed calls are repeated
	 * @param registry where the retries are; asked once, by the first call
	 * @param signals reads failures of other code than limited calls
	 * @param random where jitter comes from; used by many threads at a time
	 */
	public ResilienceRetry(RetrySettings settings, Supplier<RetryRegistry> registry, FailureSignals signals,
			RandomGenerator random) {
		this.settings = settings;
		this.rules = new RetryRules(settings, random);
		this.registrySupplier = registry;
		this.signals = signals;
	}

	/**
	 * Puts a retry for each limiter into a registry, except where it has one of that name
	 * already.
	 * @param target the registry
	 * @param limiters the limiters
	 */
	public void register(RetryRegistry target, Collection<? extends LlmRateLimiter> limiters) {
		for (LlmRateLimiter limiter : limiters) {
			Retry retry = retry(target, limiter);
			if (!ModelRetry.isUsedBy(retry.getRetryConfig())) {
				logger.log(Level.INFO, "Retry ''{0}'' is the application''s own: llm.ratelimit.retry does not apply",
						limiter.model());
			}
		}
	}

	private Retry retry(RetryRegistry target, LlmRateLimiter limiter) {
		String model = limiter.model();
		Optional<Retry> known = target.find(model);
		return known.isPresent() ? known.get() : target.retry(model, config(target, limiter));
	}

	private RetryConfig config(RetryRegistry target, LlmRateLimiter limiter) {
		String model = limiter.model();
		RetryConfig own = model.equals(DEFAULT_CONFIG) ? null : target.getConfiguration(model).orElse(null);
		return (own != null) ? own
				: new ModelRetry(limiter, this.rules, this.signals).config(this.settings.maxAttempts());
	}

	@Override
	public <T extends @Nullable Object> T run(LimitedCall call, Callable<T> attempt) throws Exception {
		Retry retry = retry(registry(), call.limiter());
		Retry.Context<T> context = retry.context();
		RunningCall running = null;
		while (true) {
			T result;
			try {
				result = attempt.call();
			}
			catch (Exception ex) {
				running = (running != null) ? running : new RunningCall(call, this.rules);
				failed(retry, context, running, ex);
				call.retrying();
				continue;
			}
			if (!context.onResult(result)) {
				context.onComplete();
				return result;
			}
			call.retrying();
		}
	}

	/** Returns if another attempt follows, and throws if not. */
	private void failed(Retry retry, Retry.Context<?> context, RunningCall running, Exception failure)
			throws Exception {
		RetryDecision decision = running.failed(failure);
		boolean ours = ModelRetry.isUsedBy(retry.getRetryConfig());
		if (ours && decision instanceof Repeat repeat && !repeat.counted()) {
			running.delay();
		}
		else if (!ours && running.isFinal()) {
			throw failure;
		}
		else {
			running.whileAsked(() -> context.onError(failure));
		}
	}

	@Override
	public Repeats repeats(LimitedCall call) {
		return new LaterRepeats(call, this.rules, retry(registry(), call.limiter()));
	}

	private RetryRegistry registry() {
		RetryRegistry known = this.registry;
		if (known == null) {
			known = this.registrySupplier.get();
			this.registry = known;
		}
		return known;
	}

}

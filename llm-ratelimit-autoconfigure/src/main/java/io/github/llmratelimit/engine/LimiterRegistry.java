package io.github.llmratelimit.engine;

import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.LlmRateLimiterRegistry;
import io.github.llmratelimit.ModelLimits;
import io.github.llmratelimit.UnknownLlmModelException;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.engine.ledger.LearningPolicy;
import io.github.llmratelimit.engine.ledger.Tariff;
import io.github.llmratelimit.engine.settings.EngineSettings;
import io.github.llmratelimit.learning.InputRatios;
import io.github.llmratelimit.learning.OutputEstimates;
import io.github.llmratelimit.provider.ProviderSignal;
import io.github.llmratelimit.time.AlarmClock;
import org.jspecify.annotations.Nullable;

/**
 * The limiters of one application, with their budgets in memory.
 */
public final class LimiterRegistry implements LlmRateLimiterRegistry, AutoCloseable {

	private final Map<String, LlmRateLimiter> byModel = new LinkedHashMap<>();

	private final Map<String, LlmRateLimiter> byAlias = new LinkedHashMap<>();

	private final Map<BudgetKey, Budget> budgets = new LinkedHashMap<>();

	/**
	 * Creates all limiters.
	 * @param definitions the limiters; models of one pool must state the same limits
	 * @param settings what is the same for all
	 * @param parts what the limiters work with
	 * @throws IllegalArgumentException if two definitions contradict each other
	 */
	public LimiterRegistry(List<LimiterDefinition> definitions, EngineSettings settings, Parts parts) {
		this(definitions, settings, parts, null, null);
	}

	/**
	 * Creates all limiters, which show and forget what others learn.
	 * @param definitions the limiters; models of one pool must state the same limits
	 * @param settings what is the same for all
	 * @param parts what the limiters work with
	 * @param outputs lengths of answers, {@code null} if nobody learns them
	 * @param inputs tokens of prompts against their estimates, {@code null} if nobody
	 * learns them
	 * @throws IllegalArgumentException if two definitions contradict each other
	 */
	public LimiterRegistry(List<LimiterDefinition> definitions, EngineSettings settings, Parts parts,
			@Nullable OutputEstimates outputs, @Nullable InputRatios inputs) {
		Lessons lessons = new Lessons(outputs, inputs);
		Listeners listeners = new Listeners(parts.listeners());
		CallRunner runner = new CallRunner(parts.retry(), new FailureReaders(parts.readers()), parts.usage(),
				parts.wallClock());
		Continuations continuations = new Continuations(parts.executor());
		for (LimiterDefinition definition : definitions) {
			Budget budget = this.budgets.computeIfAbsent(definition.limits().key(), (key) -> new Budget(key,
					definition.limits().limits(), tariff(definition, settings), settings, parts.clock()));
			checkPool(definition.limits(), budget);
			add(definition, new ModelLimiter(definition, budget, settings, parts.clock(), listeners, runner,
					continuations, lessons));
		}
	}

	private static Tariff tariff(LimiterDefinition definition, EngineSettings settings) {
		ModelLimits limits = definition.limits();
		return new Tariff(limits.costRule(), limits.booking(), new LearningPolicy(settings.learning(), settings.share(),
				definition.dialect().traits(), limits.booking(), limits.strict()));
	}

	/** What shares a budget must agree on what it is. */
	private static void checkPool(ModelLimits model, Budget budget) {
		check(Set.copyOf(budget.limits()).equals(Set.copyOf(model.limits())), "limits", model.limits(), model, budget,
				budget.limits());
		check(budget.tariff().booking() == model.booking(), "booking", model.booking(), model, budget,
				budget.tariff().booking());
		check(budget.tariff().isStrict() == model.strict(), "strict", model.strict(), model, budget,
				budget.tariff().isStrict());
		check(budget.tariff().rule().equals(model.costRule()), "costRule", model.costRule(), model, budget,
				budget.tariff().rule());
	}

	private static void check(boolean same, String name, Object value, ModelLimits model, Budget budget,
			Object existing) {
		if (!same) {
			throw new IllegalArgumentException("Invalid %s (%s) of model '%s': pool '%s' has %s already."
				.formatted(name, value, model.model(), budget.key(), existing));
		}
	}

	private void add(LimiterDefinition definition, LlmRateLimiter limiter) {
		if (this.byModel.putIfAbsent(limiter.model(), limiter) != null) {
			throw new IllegalArgumentException("Invalid model (%s): is defined twice.".formatted(limiter.model()));
		}
		for (String alias : definition.aliases()) {
			LlmRateLimiter other = this.byAlias.putIfAbsent(alias, limiter);
			if (other != null) {
				throw new IllegalArgumentException("Invalid alias (%s): names both '%s' and '%s'.".formatted(alias,
						other.model(), limiter.model()));
			}
		}
	}

	@Override
	public LlmRateLimiter limiter(String model) {
		LlmRateLimiter limiter = lookUp(model);
		if (limiter == null) {
			throw new UnknownLlmModelException(model, this.byModel.keySet());
		}
		return limiter;
	}

	@Override
	public Optional<LlmRateLimiter> find(String model) {
		return Optional.ofNullable(lookUp(model));
	}

	private @Nullable LlmRateLimiter lookUp(String model) {
		LlmRateLimiter limiter = exact(model);
		if (limiter == null) {
			String undated = ModelNames.withoutRelease(model);
			limiter = undated.equals(model) ? null : exact(undated);
		}
		return limiter;
	}

	private @Nullable LlmRateLimiter exact(String model) {
		LlmRateLimiter limiter = this.byModel.get(model);
		return (limiter != null) ? limiter : this.byAlias.get(model);
	}

	@Override
	public Collection<LlmRateLimiter> limiters() {
		return List.copyOf(this.byModel.values());
	}

	/**
	 * Says what the provider of a model meant by a failure that no limited call has seen.
	 * Acts on nothing.
	 * @param model a model's name, alias, or dated name
	 * @param failure what was thrown; its causes are read too
	 * @return what the provider said; a failed server where the provider was provably
	 * never reached; {@code null} if the failure carries no response or the model is
	 * unknown
	 */
	public @Nullable ProviderSignal read(String model, Throwable failure) {
		return (lookUp(model) instanceof ModelLimiter limiter) ? limiter.read(failure) : null;
	}

	/** The application stops: whoever still waits is told so. */
	@Override
	public void close() {
		this.budgets.values().forEach(Budget::stop);
	}

	/**
	 * What limiters work with.
	 *
	 * @param clock time, and alarms in it
	 * @param wallClock the time of day, for what providers say
	 * @param retry repeats attempts
	 * @param readers find responses in exceptions
	 * @param usage finds actual usage in what a call returned, {@code null} if there is
	 * none; asked only if the call recorded none
	 * @param listeners hear what happens
	 * @param executor runs what follows when a call that waits on no thread is answered
	 */
	public record Parts(AlarmClock clock, InstantSource wallClock, CallRetry retry, List<FailureReader> readers,
			Function<Object, @Nullable Usage> usage, List<RateLimitListener> listeners, Executor executor) {

		/**
		 * Parts with an executor of their own: a virtual thread for each task where there
		 * are such, else the threads that {@link CompletableFuture} uses.
		 * @param clock time, and alarms in it
		 * @param wallClock the time of day, for what providers say
		 * @param retry repeats attempts
		 * @param readers find responses in exceptions
		 * @param usage finds actual usage in what a call returned
		 * @param listeners hear what happens
		 */
		public Parts(AlarmClock clock, InstantSource wallClock, CallRetry retry, List<FailureReader> readers,
				Function<Object, @Nullable Usage> usage, List<RateLimitListener> listeners) {
			this(clock, wallClock, retry, readers, usage, listeners, Continuations.system());
		}

		/**
		 * Parts that find no usage in return values.
		 * @param clock time, and alarms in it
		 * @param wallClock the time of day, for what providers say
		 * @param retry repeats attempts
		 * @param readers find responses in exceptions
		 * @param listeners hear what happens
		 */
		public Parts(AlarmClock clock, InstantSource wallClock, CallRetry retry, List<FailureReader> readers,
				List<RateLimitListener> listeners) {
			this(clock, wallClock, retry, readers, (result) -> null, listeners);
		}

		public Parts {
			readers = List.copyOf(readers);
			listeners = List.copyOf(listeners);
		}

	}

}

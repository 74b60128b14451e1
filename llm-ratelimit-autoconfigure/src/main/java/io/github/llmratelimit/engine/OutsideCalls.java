package io.github.llmratelimit.engine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.ModelLimits;
import org.jspecify.annotations.Nullable;

/**
 * Finds whose budget a request draws on that no limiter has admitted.
 */
public final class OutsideCalls {

	/*
	 * Whose answer is it
	 *
	 * An answer must not teach the wrong budget: a limit of embeddings taken for that of
	 * a chat model stops it. So a request belongs to a budget only if its host is the
	 * provider's and it names a model of that provider as the provider does. A name in
	 * the application alone does not count (Azure: a model may be called as another one's
	 * deployment is). Where two accounts have a model of the same name on the same host,
	 * nobody can tell which was used. A request that names no model at all, although it
	 * could, is that of the only model there is; one whose name was not seen is nobody's.
	 *
	 * A request that a limited call makes is that call's, unless it names the model of
	 * another budget: names that nobody knows are often those of proxies.
	 */

	private final List<ModelLimiter> limiters = new ArrayList<>();

	/**
	 * Creates a finder.
	 * @param limiters all limiters of the application; those of another make than this
	 * engine's, or with mode {@link LimiterMode#OFF}, hear nothing
	 */
	public OutsideCalls(Collection<? extends LlmRateLimiter> limiters) {
		for (LlmRateLimiter each : limiters) {
			if (each instanceof ModelLimiter limiter && limiter.definition().mode() != LimiterMode.OFF) {
				this.limiters.add(limiter);
			}
		}
	}

	/**
	 * Whether a host is one of a provider's.
	 * @param host name of the host, without port, in any case
	 * @return {@code true} if some model can be called there
	 */
	public boolean isProviderHost(String host) {
		for (ModelLimiter limiter : this.limiters) {
			if (limiter.isProviderHost(host)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Finds the budget of a request that names its model.
	 * @param host name of the host, without port, in any case
	 * @param model what the request calls the model
	 * @return the call, {@code null} if the model is nobody's or that of several budgets
	 */
	public @Nullable OutsideCall find(String host, String model) {
		OutsideCall exact = only(host, (limiter) -> isNamed(limiter, model));
		String undated = ModelNames.withoutRelease(model);
		return (exact != null || undated.equals(model)) ? exact : only(host, (limiter) -> isNamed(limiter, undated));
	}

	/**
	 * Finds the budget of a request that names no model.
	 * @param host name of the host, without port, in any case
	 * @return the call, {@code null} unless one model alone can be called there
	 */
	public @Nullable OutsideCall findUnnamed(String host) {
		int models = 0;
		for (ModelLimiter limiter : this.limiters) {
			models += limiter.isProviderHost(host) ? 1 : 0;
		}
		return (models == 1) ? only(host, (limiter) -> true) : null;
	}

	/**
	 * Whether requests to a host may be for another budget than that of the call that
	 * makes them.
	 * @param call the call
	 * @param host name of the host, without port, in any case
	 * @return {@code true} if it is worth to look which model a request names
	 */
	public boolean areOthersAt(String host, LimitedCall call) {
		Budget own = call.modelLimiter().budget();
		for (ModelLimiter limiter : this.limiters) {
			if (limiter.budget() != own && limiter.isProviderHost(host)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Finds what hears of a request that a limited call makes.
	 * @param call the call
	 * @param host name of the host, without port, in any case
	 * @param model what the request calls the model
	 * @return the call itself, unless the model is another budget's and of no other
	 */
	public SentRequest inside(LimitedCall call, String host, String model) {
		OutsideCall found = find(host, model);
		if (found == null || found.limiter().budget() == call.modelLimiter().budget()) {
			return call;
		}
		LimitedCall outer = call.sameModel(found.limiter());
		return new InnerRequest(call, (outer != null) ? outer : found);
	}

	private @Nullable OutsideCall only(String host, Predicate<ModelLimiter> named) {
		ModelLimiter found = null;
		for (ModelLimiter limiter : this.limiters) {
			if (limiter.isProviderHost(host) && named.test(limiter)) {
				if (found != null && found.budget() != limiter.budget()) {
					return null;
				}
				found = (found != null) ? found : limiter;
			}
		}
		return (found != null) ? new OutsideCall(found) : null;
	}

	private static boolean isNamed(ModelLimiter limiter, String model) {
		ModelLimits limits = limiter.definition().limits();
		return limits.providerModel().equals(model) || limiter.definition().aliases().contains(model);
	}

}

package io.github.llmratelimit.aop;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;

import io.github.llmratelimit.engine.ReturnTypeAdapter;
import org.jspecify.annotations.Nullable;

/**
 * Finds out how methods are limited whose work goes on when they have returned, and
 * refuses those of which nobody could tell when it ends.
 */
final class ReturnTypes {

	/** By name, since none of them need be on the class path. */
	private static final Set<String> REACTIVE = Set.of("org.reactivestreams.Publisher", "kotlinx.coroutines.flow.Flow",
			"kotlinx.coroutines.Deferred");

	/** What the compiler of Kotlin adds to the parameters of a suspend function. */
	private static final String CONTINUATION = "kotlin.coroutines.Continuation";

	private final List<ReturnTypeAdapter> adapters = new ArrayList<>();

	ReturnTypes(List<ReturnTypeAdapter> adapters) {
		this.adapters.add(new StageAdapter());
		this.adapters.addAll(adapters);
	}

	/**
	 * Finds what limits a method.
	 * @param method the method
	 * @return the adapter, {@code null} if the method returns when its work is done
	 * @throws InvalidLlmRateLimitedException if nothing could limit it
	 */
	@Nullable ReturnTypeAdapter adapter(AnnotatedMethod method) {
		Class<?> type = method.method().getReturnType();
		if (isSuspending(method.method())) {
			throw method.invalid("it is a suspend function, which cannot be limited.",
					"Move @LlmRateLimited to a method that returns a Mono, a Flow or the answer itself.");
		}
		for (ReturnTypeAdapter adapter : this.adapters) {
			if (adapter.supports(type)) {
				return adapter;
			}
		}
		if (Future.class.isAssignableFrom(type)) {
			throw method.invalid("it returns a future (%s) that cannot be limited.".formatted(type.getSimpleName()),
					"Declare CompletableFuture or CompletionStage as its return type.");
		}
		if (Flow.Publisher.class.isAssignableFrom(type) || isReactive(type)) {
			throw method.invalid("it is reactive (%s), of a kind that cannot be limited.".formatted(type.getName()),
					"Declare Mono, Flux or Publisher, and have reactor-core on the class path.");
		}
		return null;
	}

	private static boolean isSuspending(Method method) {
		int count = method.getParameterCount();
		return count > 0 && method.getParameterTypes()[count - 1].getName().equals(CONTINUATION);
	}

	private static boolean isReactive(@Nullable Class<?> type) {
		if (type == null || type == Object.class) {
			return false;
		}
		if (REACTIVE.contains(type.getName()) || isReactive(type.getSuperclass())) {
			return true;
		}
		for (Class<?> implemented : type.getInterfaces()) {
			if (isReactive(implemented)) {
				return true;
			}
		}
		return false;
	}

}

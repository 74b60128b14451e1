package io.github.llmratelimit.aop;

import java.lang.reflect.Method;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;

import org.jspecify.annotations.Nullable;

import org.springframework.core.ReactiveAdapterRegistry;

/**
 * Refuses methods whose call only begins when it returns: a limit around them would end
 * before the work does, and nobody would notice.
 */
final class ReturnTypes {

	/** By name, since none of them need be on the class path. */
	private static final Set<String> ASYNCHRONOUS = Set.of("org.reactivestreams.Publisher",
			"kotlinx.coroutines.flow.Flow", "kotlinx.coroutines.Deferred");

	/** What the compiler of Kotlin adds to the parameters of a suspend function. */
	private static final String CONTINUATION = "kotlin.coroutines.Continuation";

	private ReturnTypes() {
	}

	static void requireSynchronous(AnnotatedMethod method) {
		String kind = kind(method.method());
		if (kind != null) {
			throw method.invalid("it %s, and limiting such methods comes with a later version.".formatted(kind),
					"Move @LlmRateLimited to a method that returns the answer itself, or use LlmRateLimiter.");
		}
	}

	private static @Nullable String kind(Method method) {
		int count = method.getParameterCount();
		if (count > 0 && method.getParameterTypes()[count - 1].getName().equals(CONTINUATION)) {
			return "is a suspend function";
		}
		Class<?> type = method.getReturnType();
		if (CompletionStage.class.isAssignableFrom(type) || Future.class.isAssignableFrom(type)) {
			return "returns a future (%s)".formatted(type.getSimpleName());
		}
		if (Flow.Publisher.class.isAssignableFrom(type) || isNamed(type)
				|| ReactiveAdapterRegistry.getSharedInstance().getAdapter(type) != null) {
			return "is reactive (%s)".formatted(type.getSimpleName());
		}
		return null;
	}

	private static boolean isNamed(@Nullable Class<?> type) {
		if (type == null || type == Object.class) {
			return false;
		}
		if (ASYNCHRONOUS.contains(type.getName()) || isNamed(type.getSuperclass())) {
			return true;
		}
		for (Class<?> implemented : type.getInterfaces()) {
			if (isNamed(implemented)) {
				return true;
			}
		}
		return false;
	}

}

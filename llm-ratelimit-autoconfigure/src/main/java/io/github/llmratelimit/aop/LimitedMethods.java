package io.github.llmratelimit.aop;

import java.lang.reflect.Method;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;

/**
 * The limited methods of an application, each read once: by the check of its bean, or by
 * its first call.
 */
final class LimitedMethods {

	private final AnnotatedTypes types;

	private final LimitedMethodReader reader;

	/** By the class of the object and the method that is called on it. */
	private final Map<Class<?>, Map<Method, LimitedMethod>> called = new ConcurrentHashMap<>();

	private final Map<AnnotatedMethod, LimitedMethod> read = new ConcurrentHashMap<>();

	LimitedMethods(AnnotatedTypes types, LimitedMethodReader reader) {
		this.types = types;
		this.reader = reader;
	}

	/**
	 * Finds the limited method that a call is for. Two look-ups and no allocation, except
	 * for the first call.
	 * @param method the method that is called, which may be an interface's
	 * @param target the object that it is called on
	 * @return the limited method, {@code null} if it isn't limited
	 */
	@Nullable LimitedMethod find(Method method, Object target) {
		Map<Method, LimitedMethod> methods = this.called.get(target.getClass());
		LimitedMethod limited = (methods != null) ? methods.get(method) : null;
		return (limited != null) ? limited : findFirst(method, target);
	}

	private @Nullable LimitedMethod findFirst(Method method, Object target) {
		AnnotatedMethod annotated = this.types.find(method, AopUtils.getTargetClass(target));
		if (annotated == null) {
			return null;
		}
		LimitedMethod limited = read(annotated);
		this.called.computeIfAbsent(target.getClass(), (type) -> new ConcurrentHashMap<>()).put(method, limited);
		return limited;
	}

	/**
	 * Reads an annotated method.
	 * @param method the method
	 * @return what it means
	 * @throws InvalidLlmRateLimitedException if it can't ever work
	 */
	LimitedMethod read(AnnotatedMethod method) {
		LimitedMethod limited = this.read.get(method);
		if (limited == null) {
			// not computeIfAbsent: reading may create beans, which may be limited
			// themselves
			limited = this.reader.read(method);
			LimitedMethod other = this.read.putIfAbsent(method, limited);
			limited = (other != null) ? other : limited;
		}
		return limited;
	}

}

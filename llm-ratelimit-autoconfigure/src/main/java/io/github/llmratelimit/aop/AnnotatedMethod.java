package io.github.llmratelimit.aop;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.stream.Collectors;

import io.github.llmratelimit.LlmRateLimited;
import org.jspecify.annotations.Nullable;

/**
 * A method of a bean that is limited.
 *
 * @param method the method as the bean's class implements it
 * @param type the bean's class
 * @param annotation the annotation that counts, merged with those it stands on
 * @param declaration the method that carries the annotation, which may be an interface's;
 * {@code null} where a type carries it
 */
record AnnotatedMethod(Method method, Class<?> type, LlmRateLimited annotation, @Nullable Method declaration) {

	InvalidLlmRateLimitedException invalid(String problem, String action) {
		return new InvalidLlmRateLimitedException("Invalid @LlmRateLimited on %s: %s".formatted(this, problem), action,
				null);
	}

	InvalidLlmRateLimitedException invalid(String attribute, String text, String problem, String action) {
		return invalid(attribute, text, problem, action, null);
	}

	InvalidLlmRateLimitedException invalid(String attribute, String text, String problem, String action,
			@Nullable Throwable cause) {
		return new InvalidLlmRateLimitedException(
				"Invalid %s (%s) in @LlmRateLimited on %s: %s".formatted(attribute, text, this, problem), action,
				cause);
	}

	/** Class and method as people write them. */
	@Override
	public String toString() {
		Class<?> named = Proxy.isProxyClass(this.type) ? this.method.getDeclaringClass() : this.type;
		return named.getName() + "." + signature(this.method.getName(), this.method.getParameterTypes());
	}

	static String signature(String name, Class<?>... parameterTypes) {
		return name
				+ Arrays.stream(parameterTypes).map(Class::getSimpleName).collect(Collectors.joining(", ", "(", ")"));
	}

}

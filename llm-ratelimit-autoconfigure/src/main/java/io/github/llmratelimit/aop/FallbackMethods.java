package io.github.llmratelimit.aop;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import io.github.llmratelimit.aop.AttributeValue.Constant;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * The methods that answer when a call fails or is refused, by the convention of
 * Resilience4j: the method's arguments, then the exception, or either of the two alone.
 * The closest type of exception wins; who asks for no exception answers for all that
 * nobody else does.
 */
final class FallbackMethods {

	private final Method limited;

	private final List<Method> candidates;

	private FallbackMethods(Method limited, List<Method> candidates) {
		this.limited = limited;
		this.candidates = candidates;
	}

	/**
	 * Finds the methods that {@code fallbackMethod} names.
	 * @param attributes the attributes of the limited method
	 * @return the methods, {@code null} if it names none
	 * @throws InvalidLlmRateLimitedException if no method of that name fits
	 */
	static @Nullable FallbackMethods find(MethodAttributes attributes) {
		AttributeValue value = attributes.value(MethodAttributes.FALLBACK_METHOD);
		if (value == null) {
			return null;
		}
		AnnotatedMethod method = attributes.method();
		if (!(value instanceof Constant name)) {
			throw method.invalid(MethodAttributes.FALLBACK_METHOD, method.annotation().fallbackMethod(),
					"must be the name of a method, not an expression.", "Write the name without # and parentheses.");
		}
		Set<Method> named = named(method.type(), name.text());
		named.remove(method.method());
		List<Method> candidates = named.stream()
			.filter((candidate) -> fits(candidate, method.method()))
			.peek(ReflectionUtils::makeAccessible)
			.toList();
		if (candidates.isEmpty()) {
			throw method.invalid(MethodAttributes.FALLBACK_METHOD, name.text(),
					"no method of that name takes the same arguments (or the exception too) and returns %s."
						.formatted(method.method().getReturnType().getSimpleName()),
					"Add %s, public or private, to %s. There is: %s.".formatted(expected(name.text(), method.method()),
							method.type().getName(), named.isEmpty() ? "no method of that name" : describe(named)));
		}
		return new FallbackMethods(method.method(), candidates);
	}

	/** Methods of a class, the nearest first, without those that they override. */
	private static Set<Method> named(Class<?> type, String name) {
		List<Class<?>> types = new ArrayList<>();
		for (Class<?> each = Proxy.isProxyClass(type) ? null : type; each != null; each = each.getSuperclass()) {
			types.add(each);
		}
		types.addAll(ClassUtils.getAllInterfacesForClassAsSet(type));
		Set<Method> methods = new LinkedHashSet<>();
		Set<List<Class<?>>> seen = new LinkedHashSet<>();
		for (Class<?> each : types) {
			for (Method method : ReflectionUtils.getDeclaredMethods(each)) {
				if (method.getName().equals(name) && !method.isSynthetic()
						&& !Modifier.isAbstract(method.getModifiers())
						&& seen.add(Arrays.asList(method.getParameterTypes()))) {
					methods.add(method);
				}
			}
		}
		return methods;
	}

	private static boolean fits(Method candidate, Method limited) {
		return ClassUtils.isAssignable(limited.getReturnType(), candidate.getReturnType())
				&& (takesArguments(candidate, limited) || takesException(candidate, limited));
	}

	private static boolean takesArguments(Method candidate, Method limited) {
		return Arrays.equals(candidate.getParameterTypes(), limited.getParameterTypes());
	}

	private static boolean takesException(Method candidate, Method limited) {
		Class<?>[] types = candidate.getParameterTypes();
		int arguments = types.length - 1;
		return arguments >= 0 && Throwable.class.isAssignableFrom(types[arguments])
				&& (arguments == 0 || Arrays.equals(Arrays.copyOf(types, arguments), limited.getParameterTypes()));
	}

	private static String expected(String name, Method limited) {
		Class<?>[] types = limited.getParameterTypes();
		Class<?>[] withException = Arrays.copyOf(types, types.length + 1);
		withException[types.length] = Exception.class;
		String type = limited.getReturnType().getSimpleName() + " ";
		return type + AnnotatedMethod.signature(name, types) + " or " + type
				+ AnnotatedMethod.signature(name, withException);
	}

	private static String describe(Set<Method> methods) {
		return methods.stream()
			.map((method) -> method.getReturnType().getSimpleName() + " "
					+ AnnotatedMethod.signature(method.getName(), method.getParameterTypes()))
			.collect(Collectors.joining("; "));
	}

	/**
	 * Answers in place of a call.
	 * @param target the object that was called
	 * @param arguments the call's arguments
	 * @param failure why it needs an answer
	 * @return the answer
	 * @throws Throwable what the fallback throws, or the failure if none answers for it
	 */
	@Nullable Object answer(@Nullable Object target, @Nullable Object[] arguments, Exception failure) throws Throwable {
		Method best = null;
		int bestDistance = Integer.MAX_VALUE;
		for (Method candidate : this.candidates) {
			int distance = distance(candidate, failure.getClass());
			if (distance < bestDistance) {
				best = candidate;
				bestDistance = distance;
			}
		}
		if (best == null) {
			throw failure;
		}
		try {
			return best.invoke(owner(target, best), arguments(best, arguments, failure));
		}
		catch (InvocationTargetException ex) {
			throw ex.getTargetException();
		}
	}

	/** How far the type that a candidate takes is above the failure's. */
	private int distance(Method candidate, Class<?> failure) {
		if (takesArguments(candidate, this.limited)) {
			return Integer.MAX_VALUE - 1;
		}
		Class<?>[] types = candidate.getParameterTypes();
		Class<?> taken = types[types.length - 1];
		if (!taken.isAssignableFrom(failure)) {
			return Integer.MAX_VALUE;
		}
		int distance = 0;
		for (Class<?> type = failure; type != null && type != taken; type = type.getSuperclass()) {
			distance += 2;
		}
		// of two that take the same exception, the one that takes the arguments too
		return (types.length == 1 && this.limited.getParameterCount() != 0) ? distance + 1 : distance;
	}

	private @Nullable Object[] arguments(Method candidate, @Nullable Object[] arguments, Exception failure) {
		if (takesArguments(candidate, this.limited)) {
			return arguments;
		}
		int count = candidate.getParameterCount();
		@Nullable Object[] withFailure = (count == 1) ? new Object[1] : Arrays.copyOf(arguments, count);
		withFailure[count - 1] = failure;
		return withFailure;
	}

	private static @Nullable Object owner(@Nullable Object target, Method method) {
		@Nullable Object owner = target;
		while (owner != null && !method.getDeclaringClass().isInstance(owner)) {
			owner = AopProxyUtils.getSingletonTarget(owner);
		}
		return owner;
	}

}

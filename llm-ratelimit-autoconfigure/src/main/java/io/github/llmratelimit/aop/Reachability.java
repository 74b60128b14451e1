package io.github.llmratelimit.aop;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;

import org.springframework.aop.framework.Advised;
import org.springframework.aop.support.AopUtils;

/**
 * Refuses methods whose calls can't pass a proxy. One kind can't be seen: a method that
 * is called by its own object.
 */
final class Reachability {

	private Reachability() {
	}

	static void require(AnnotatedMethod annotated, Advised proxy) {
		int modifiers = annotated.method().getModifiers();
		if (Modifier.isPrivate(modifiers)) {
			throw unreachable(annotated, "it is private",
					"Annotate the method that other beans call, or move it to one.");
		}
		if (Modifier.isStatic(modifiers)) {
			throw unreachable(annotated, "it is static", "Make it a method of the bean.");
		}
		if (AopUtils.isCglibProxy(proxy)) {
			if (Modifier.isFinal(modifiers)) {
				throw unreachable(annotated, "it is final", "Remove final.");
			}
		}
		else if (!isOnInterface(annotated, proxy)) {
			throw unreachable(annotated, "the bean's proxy has only its interfaces, none of which declares it",
					"Declare it on an interface, or remove spring.aop.proxy-target-class=false.");
		}
	}

	private static boolean isOnInterface(AnnotatedMethod annotated, Advised proxy) {
		if (annotated.declaration() == null || annotated.declaration().getDeclaringClass().isInterface()) {
			// nobody asked for this very method, or asked where the proxy is sure to have
			// it
			return true;
		}
		return Arrays.stream(proxy.getProxiedInterfaces())
			.flatMap((type) -> Arrays.stream(type.getMethods()))
			.map((method) -> AopUtils.getMostSpecificMethod(method, annotated.type()))
			.anyMatch(annotated.method()::equals);
	}

	private static InvalidLlmRateLimitedException unreachable(AnnotatedMethod annotated, String why, String action) {
		Method method = annotated.method();
		return annotated.invalid("calls of %s can't be limited, since %s.".formatted(method.getName(), why), action);
	}

}

package io.github.llmratelimit.aop;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.github.llmratelimit.LlmRateLimited;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Finds which methods of a class are limited. Results are kept: classes are asked for
 * many times while an application starts.
 */
final class AnnotatedTypes {

	/*
	 * Which annotation counts
	 *
	 * A call reaches one implementation, but the annotation may stand on any declaration
	 * of it: the class, a superclass that it overrides, an interface. A method's
	 * annotation wins over any type's, and the nearest wins among several: class,
	 * superclasses, interfaces. What stands on a class covers all methods that its beans
	 * have, inherited ones too; what stands on an interface covers the methods that the
	 * interface has. A type's annotation covers neither private and static methods, which
	 * nobody calls through a bean, nor equals, hashCode and toString, nor the fallback
	 * that it names.
	 *
	 * Most classes have no annotation. They are told by their types, each of which is
	 * looked at once: a quarter of a millisecond a class while the JVM is cold.
	 */

	private static final Log logger = LogFactory.getLog(AnnotatedTypes.class);

	private final Map<Class<?>, Boolean> carriers = new ConcurrentHashMap<>();

	private final Map<Class<?>, Map<Method, AnnotatedMethod>> methods = new ConcurrentHashMap<>();

	/**
	 * Whether a class has limited methods.
	 * @param type a bean's class, or a proxy's
	 * @return {@code true} if it has
	 */
	boolean isLimited(Class<?> type) {
		return !methods(type).isEmpty();
	}

	/**
	 * Finds the annotation that counts for a method.
	 * @param method the method, which may be an interface's
	 * @param type the class of the object that it is called on
	 * @return the annotated method, or {@code null} if it isn't limited
	 */
	@Nullable AnnotatedMethod find(Method method, Class<?> type) {
		Map<Method, AnnotatedMethod> methods = methods(type);
		return methods.isEmpty() ? null : methods.get(implementation(method, ClassUtils.getUserClass(type)));
	}

	/**
	 * All limited methods of a class, also those that no proxy can limit.
	 * @param type a bean's class, or a proxy's
	 * @return methods by their implementation
	 */
	Map<Method, AnnotatedMethod> methods(Class<?> type) {
		Class<?> userClass = ClassUtils.getUserClass(type);
		Map<Method, AnnotatedMethod> known = this.methods.get(userClass);
		if (known == null) {
			known = read(userClass);
			this.methods.put(userClass, known);
		}
		return known;
	}

	private Map<Method, AnnotatedMethod> read(Class<?> userClass) {
		Set<Class<?>> types = hierarchy(userClass);
		if (types.stream().noneMatch(this::isCarrier)) {
			return Map.of();
		}
		Map<Method, List<Method>> declarations = new LinkedHashMap<>();
		for (Class<?> type : types) {
			for (Method declaration : ReflectionUtils.getDeclaredMethods(type)) {
				if (!declaration.isSynthetic()) {
					declarations.computeIfAbsent(implementation(declaration, userClass), (method) -> new ArrayList<>())
						.add(declaration);
				}
			}
		}
		Map<Method, AnnotatedMethod> limited = new LinkedHashMap<>();
		declarations.forEach((method, declared) -> {
			AnnotatedMethod found = onMethod(method, userClass, declared);
			found = (found != null) ? found : onType(method, userClass, types, declared);
			if (found != null) {
				limited.put(method, found);
			}
		});
		return limited;
	}

	private static @Nullable AnnotatedMethod onMethod(Method method, Class<?> userClass, List<Method> declared) {
		for (Method declaration : declared) {
			MergedAnnotation<LlmRateLimited> annotation = annotation(declaration);
			if (annotation.isPresent()) {
				return new AnnotatedMethod(method, userClass, annotation.synthesize(), declaration);
			}
		}
		return null;
	}

	private static @Nullable AnnotatedMethod onType(Method method, Class<?> userClass, Set<Class<?>> types,
			List<Method> declared) {
		if (Modifier.isPrivate(method.getModifiers()) || Modifier.isStatic(method.getModifiers())
				|| ReflectionUtils.isObjectMethod(method)) {
			return null;
		}
		for (Class<?> type : types) {
			MergedAnnotation<LlmRateLimited> annotation = annotation(type);
			if (annotation.isPresent() && (!type.isInterface() || has(type, declared))) {
				LlmRateLimited merged = annotation.synthesize();
				return merged.fallbackMethod().equals(method.getName()) ? null
						: new AnnotatedMethod(method, userClass, merged, null);
			}
		}
		return null;
	}

	private static boolean has(Class<?> type, List<Method> declared) {
		return declared.stream()
			.map(Method::getDeclaringClass)
			.anyMatch((declaring) -> declaring.isInterface() && declaring.isAssignableFrom(type));
	}

	private boolean isCarrier(Class<?> type) {
		return this.carriers.computeIfAbsent(type, AnnotatedTypes::carries);
	}

	private static boolean carries(Class<?> type) {
		if (!AnnotationUtils.isCandidateClass(type, LlmRateLimited.class)) {
			return false;
		}
		if (isAnnotated(type)) {
			return true;
		}
		try {
			for (Method method : ReflectionUtils.getDeclaredMethods(type)) {
				if (isAnnotated(method)) {
					return true;
				}
			}
		}
		catch (IllegalStateException | LinkageError ex) {
			// its methods name classes that aren't there; somebody else's bean must not
			// stop
			// the start because we looked at it
			logger.debug("The methods of %s can't be read, so none of them is limited".formatted(type), ex);
		}
		return false;
	}

	private static boolean isAnnotated(AnnotatedElement element) {
		// most have no annotation at all, which is cheap to tell
		return element.getDeclaredAnnotations().length != 0 && annotation(element).isPresent();
	}

	private static MergedAnnotation<LlmRateLimited> annotation(AnnotatedElement element) {
		return MergedAnnotations.from(element, SearchStrategy.DIRECT).get(LlmRateLimited.class);
	}

	/** The class, its superclasses, then all interfaces, the nearest first. */
	private static Set<Class<?>> hierarchy(Class<?> userClass) {
		Set<Class<?>> types = new LinkedHashSet<>();
		if (!Proxy.isProxyClass(userClass)) {
			for (Class<?> type = userClass; type != null && type != Object.class; type = type.getSuperclass()) {
				types.add(type);
			}
		}
		for (Class<?> type = userClass; type != null; type = type.getSuperclass()) {
			addInterfaces(type, types);
		}
		return types;
	}

	private static void addInterfaces(Class<?> type, Set<Class<?>> types) {
		for (Class<?> implemented : type.getInterfaces()) {
			types.add(implemented);
		}
		for (Class<?> implemented : type.getInterfaces()) {
			addInterfaces(implemented, types);
		}
	}

	private static Method implementation(Method method, Class<?> userClass) {
		// a proxy implements everything and tells nothing: its interfaces count
		return Proxy.isProxyClass(userClass) ? method : AopUtils.getMostSpecificMethod(method, userClass);
	}

}

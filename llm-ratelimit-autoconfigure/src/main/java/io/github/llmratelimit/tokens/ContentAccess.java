package io.github.llmratelimit.tokens;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Reads the content of message-like objects by the names of their accessors, so that no
 * client library need be known: Spring AI ({@code Prompt.getInstructions()},
 * {@code Message.getText()}), LangChain4j ({@code ChatRequest.messages()},
 * {@code TextContent.text()}), the application's own records.
 */
final class ContentAccess {

	/** Answer a whole conversation; only with a collection or an array as result. */
	private static final List<String> CONVERSATIONS = List.of("getInstructions", "getMessages", "messages");

	/** Answer the content of one message or part. */
	private static final List<String> CONTENTS = List.of("getText", "text", "getContent", "content", "getContents",
			"contents");

	private static final ClassValue<ContentAccess> CACHE = new ClassValue<>() {
		@Override
		protected ContentAccess computeValue(Class<?> type) {
			return isForeign(type) ? new ContentAccess(List.of(), List.of())
					: new ContentAccess(find(type, CONVERSATIONS, true), find(type, CONTENTS, false));
		}
	};

	private final List<MethodHandle> conversations;

	private final List<MethodHandle> contents;

	private ContentAccess(List<MethodHandle> conversations, List<MethodHandle> contents) {
		this.conversations = conversations;
		this.contents = contents;
	}

	static ContentAccess of(Class<?> type) {
		return CACHE.get(type);
	}

	/** Whether objects of the type are messages or parts. */
	boolean hasContent() {
		return !this.contents.isEmpty();
	}

	/**
	 * Return the messages of a conversation.
	 * @param value an object of the type
	 * @return a collection or an array, or {@code null} if it has none
	 * @throws Throwable what the accessor throws
	 */
	@Nullable Object conversation(Object value) throws Throwable {
		return first(this.conversations, value);
	}

	/**
	 * Return the content of a message or part.
	 * @param value an object of the type
	 * @return whatever the first accessor with a result answers, or {@code null}
	 * @throws Throwable what the accessor throws
	 */
	@Nullable Object content(Object value) throws Throwable {
		return first(this.contents, value);
	}

	private static @Nullable Object first(List<MethodHandle> accessors, Object value) throws Throwable {
		for (MethodHandle accessor : accessors) {
			Object result = (Object) accessor.invokeExact(value);
			if (result != null) {
				return result;
			}
		}
		return null;
	}

	/** URL.getContent() opens a connection: what belongs to the JDK is left alone. */
	private static boolean isForeign(Class<?> type) {
		String name = type.getName();
		return type.isArray() || type.isPrimitive() || type.isEnum() || Number.class.isAssignableFrom(type)
				|| ((name.startsWith("java.") || name.startsWith("javax.") || name.startsWith("jdk.")
						|| name.startsWith("sun.") || name.startsWith("com.sun.")) && !Proxy.isProxyClass(type));
	}

	private static List<MethodHandle> find(Class<?> type, List<String> names, boolean several) {
		List<MethodHandle> found = new ArrayList<>();
		for (String name : names) {
			MethodHandle accessor = find(type, name, several);
			if (accessor != null) {
				found.add(accessor);
			}
		}
		return List.copyOf(found);
	}

	private static @Nullable MethodHandle find(Class<?> type, String name, boolean several) {
		try {
			Method method = type.getMethod(name);
			if (!isAccessor(method, several)) {
				return null;
			}
			MethodHandle handle = unreflect(type, method);
			return (handle != null) ? handle.asType(MethodType.methodType(Object.class, Object.class)) : null;
		}
		catch (NoSuchMethodException ex) {
			return null;
		}
	}

	/**
	 * A checked exception announces work, such as reading a stream, that isn't ours to
	 * start.
	 */
	private static boolean isAccessor(Method method, boolean several) {
		Class<?> result = method.getReturnType();
		boolean fits = several ? Collection.class.isAssignableFrom(result) || Object[].class.isAssignableFrom(result)
				: !result.isPrimitive();
		return fits && !Modifier.isStatic(method.getModifiers()) && method.getExceptionTypes().length == 0;
	}

	/** A public method of a hidden class may be reached through what declares it. */
	private static @Nullable MethodHandle unreflect(Class<?> type, Method method) {
		try {
			if (Modifier.isPublic(method.getDeclaringClass().getModifiers()) || method.trySetAccessible()) {
				return MethodHandles.publicLookup().unreflect(method);
			}
		}
		catch (IllegalAccessException ex) {
			// an unexported package: look further
		}
		for (Class<?> parent = type; parent != null; parent = parent.getSuperclass()) {
			for (Class<?> declaring : parent.getInterfaces()) {
				MethodHandle handle = unreflectDeclared(declaring, method.getName());
				if (handle != null) {
					return handle;
				}
			}
		}
		return null;
	}

	private static @Nullable MethodHandle unreflectDeclared(Class<?> declaring, String name) {
		try {
			return MethodHandles.publicLookup().unreflect(declaring.getMethod(name));
		}
		catch (NoSuchMethodException | IllegalAccessException ex) {
			return null;
		}
	}

}

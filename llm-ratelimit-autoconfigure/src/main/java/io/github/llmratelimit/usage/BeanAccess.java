package io.github.llmratelimit.usage;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

import org.jspecify.annotations.Nullable;

/**
 * Reads records and beans by the names of their accessors, so that no client library need
 * be known. The accessors of one class are looked up once.
 */
final class BeanAccess extends MemberAccess {

	/*
	 * Whose accessors are called
	 *
	 * A getter of an unknown object may load, connect or wait. So of beans only those
	 * with the few names of Member are called, only if what they return may be of use,
	 * and not those that declare a checked exception, which announces work. A record's
	 * accessors answer what the record holds, so all of its components are looked into.
	 */

	/** Most objects that are looked into; bounds the work together with the depth. */
	private static final int MOST_WRAPPED = 8;

	private static final MethodType READER = MethodType.methodType(Object.class, Object.class);

	private final @Nullable MethodHandle[] members;

	private final MethodHandle[] wrapped;

	private BeanAccess(@Nullable MethodHandle[] members, MethodHandle[] wrapped) {
		this.members = members;
		this.wrapped = wrapped;
	}

	static MemberAccess of(Class<?> type) {
		Method[] methods = type.getMethods();
		@Nullable MethodHandle[] members = new MethodHandle[Member.values().length];
		List<MethodHandle> wrapped = new ArrayList<>();
		boolean empty = true;
		for (Member member : Member.values()) {
			MethodHandle reader = find(type, methods, member);
			members[member.ordinal()] = reader;
			empty &= reader == null;
			if (reader != null && member.isWrapper()) {
				wrapped.add(reader);
			}
		}
		if (type.isRecord()) {
			addComponents(type, wrapped);
		}
		return (empty && wrapped.isEmpty()) ? NONE : new BeanAccess(members,
				wrapped.subList(0, Math.min(wrapped.size(), MOST_WRAPPED)).toArray(MethodHandle[]::new));
	}

	private static void addComponents(Class<?> type, List<MethodHandle> wrapped) {
		for (RecordComponent component : type.getRecordComponents()) {
			if (!isMember(component.getName()) && mayHold(component.getType())) {
				MethodHandle reader = reader(type, component.getAccessor());
				if (reader != null) {
					wrapped.add(reader);
				}
			}
		}
	}

	private static boolean isMember(String name) {
		for (Member member : Member.values()) {
			if (member.names().contains(name)) {
				return true;
			}
		}
		return false;
	}

	private static @Nullable MethodHandle find(Class<?> type, Method[] methods, Member member) {
		for (String name : member.names()) {
			MethodHandle reader = find(type, methods, name, member);
			if (reader != null) {
				return reader;
			}
		}
		MethodHandle reader = find(type, methods, member.getter(), member);
		return (reader != null) ? reader : findField(type, member);
	}

	private static @Nullable MethodHandle find(Class<?> type, Method[] methods, String name, Member member) {
		for (Method method : methods) {
			if (method.getName().equals(name) && isAccessor(method) && fits(method.getReturnType(), member)) {
				MethodHandle reader = reader(type, method);
				if (reader != null) {
					return reader;
				}
			}
		}
		return null;
	}

	private static boolean isAccessor(Method method) {
		return method.getParameterCount() == 0 && !Modifier.isStatic(method.getModifiers())
				&& method.getExceptionTypes().length == 0;
	}

	private static boolean fits(Class<?> result, Member member) {
		return member.isNumber() ? isNumber(result) : mayHold(result);
	}

	private static boolean isNumber(Class<?> type) {
		return type == int.class || type == long.class || Number.class.isAssignableFrom(type) || type == Object.class
				|| type == Optional.class || type == OptionalInt.class || type == OptionalLong.class;
	}

	/** Whether a value of this static type can have the usage. */
	private static boolean mayHold(Class<?> type) {
		if (Object[].class.isAssignableFrom(type)) {
			return true;
		}
		return !isOpaque(type) || type == Object.class || type == Record.class || type == Optional.class
				|| Map.class.isAssignableFrom(type) || Iterable.class == type || Collection.class == type
				|| List.class.isAssignableFrom(type);
	}

	/** A public method of a hidden class may be reached through what declares it. */
	private static @Nullable MethodHandle reader(Class<?> type, Method method) {
		MethodHandle reader = unreflect(method);
		for (Class<?> parent = type; reader == null && parent != null; parent = parent.getSuperclass()) {
			for (Class<?> declaring : parent.getInterfaces()) {
				try {
					reader = (reader != null) ? reader : unreflect(declaring.getMethod(method.getName()));
				}
				catch (NoSuchMethodException ex) {
					// another one declares it, or none
				}
			}
		}
		return reader;
	}

	private static @Nullable MethodHandle unreflect(Method method) {
		try {
			if (Modifier.isPublic(method.getDeclaringClass().getModifiers()) || method.trySetAccessible()) {
				return MethodHandles.publicLookup().unreflect(method).asType(READER);
			}
		}
		catch (IllegalAccessException ex) {
			// a package that its module keeps to itself
		}
		return null;
	}

	private static @Nullable MethodHandle findField(Class<?> type, Member member) {
		for (String name : member.names()) {
			try {
				Field field = type.getField(name);
				if (!Modifier.isStatic(field.getModifiers()) && fits(field.getType(), member)
						&& (Modifier.isPublic(field.getDeclaringClass().getModifiers()) || field.trySetAccessible())) {
					return MethodHandles.publicLookup().unreflectGetter(field).asType(READER);
				}
			}
			catch (NoSuchFieldException | IllegalAccessException ex) {
				// not this name
			}
		}
		return null;
	}

	@Override
	@Nullable Object member(Object holder, Member member) throws Throwable {
		MethodHandle reader = this.members[member.ordinal()];
		return (reader != null) ? (Object) reader.invokeExact(holder) : null;
	}

	@Override
	int wrappedCount() {
		return this.wrapped.length;
	}

	@Override
	@Nullable Object wrapped(Object holder, int index) throws Throwable {
		return (Object) this.wrapped[index].invokeExact(holder);
	}

}

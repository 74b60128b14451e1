package io.github.llmratelimit.usage;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * How the members, and the elements, of objects of one class are read. What can't be read
 * counts as absent: clients throw where a response lacks a field.
 */
abstract class MemberAccess {

	/** Of what has neither members nor elements that concern us. */
	static final MemberAccess NONE = new MemberAccess() {
	};

	private static final boolean JACKSON = isPresent("tools.jackson.databind.JsonNode");

	private static final ClassValue<MemberAccess> CACHE = new ClassValue<>() {
		@Override
		protected MemberAccess computeValue(Class<?> type) {
			try {
				return create(type);
			}
			catch (RuntimeException | LinkageError ex) { // e.g. a signature of absent
															// types
				return NONE;
			}
		}
	};

	static MemberAccess of(Class<?> type) {
		return CACHE.get(type);
	}

	static boolean hasJackson() {
		return JACKSON;
	}

	private static MemberAccess create(Class<?> type) {
		if (Map.class.isAssignableFrom(type)) {
			return new OfMaps();
		}
		if (List.class.isAssignableFrom(type)) {
			return new OfLists();
		}
		if (Object[].class.isAssignableFrom(type)) {
			return new OfArrays();
		}
		if (JACKSON && JacksonAccess.supports(type)) {
			return new JacksonAccess();
		}
		return isOpaque(type) ? NONE : BeanAccess.of(type);
	}

	/** Whether nothing of a class may be called: the JDK's getters do work. */
	static boolean isOpaque(Class<?> type) {
		return type.isArray() || type.isPrimitive() || type.isEnum() || Number.class.isAssignableFrom(type)
				|| isFromJdk(type);
	}

	static boolean isFromJdk(Class<?> type) {
		ClassLoader loader = type.getClassLoader();
		return loader == null || loader == ClassLoader.getPlatformClassLoader();
	}

	private static boolean isPresent(String name) {
		try {
			Class.forName(name, false, MemberAccess.class.getClassLoader());
			return true;
		}
		catch (ClassNotFoundException | LinkageError ex) {
			return false;
		}
	}

	/**
	 * Returns a member of an object.
	 * @return its value, {@code null} if it has none; never an {@link Optional}
	 */
	final @Nullable Object read(Object holder, Member member) {
		try {
			return unwrap(member(holder, member));
		}
		catch (Throwable ex) {
			Fatal.rethrow(ex);
			return null;
		}
	}

	/** Returns one of the objects that may hold what has the usage. */
	final @Nullable Object readWrapped(Object holder, int index) {
		try {
			return unwrap(wrapped(holder, index));
		}
		catch (Throwable ex) {
			Fatal.rethrow(ex);
			return null;
		}
	}

	/** Returns one of the elements of a list. */
	final @Nullable Object readElement(Object list, int index) {
		try {
			return unwrap(element(list, index));
		}
		catch (Throwable ex) {
			Fatal.rethrow(ex);
			return null;
		}
	}

	/** Returns how many elements a list has, 0 if the object is none. */
	final int readSize(Object list) {
		try {
			return size(list);
		}
		catch (Throwable ex) {
			Fatal.rethrow(ex);
			return 0;
		}
	}

	private static @Nullable Object unwrap(@Nullable Object value) {
		return (value instanceof Optional<?> optional) ? optional.orElse(null) : value;
	}

	@Nullable Object member(Object holder, Member member) throws Throwable {
		return null;
	}

	int wrappedCount() {
		return 0;
	}

	@Nullable Object wrapped(Object holder, int index) throws Throwable {
		return member(holder, Member.WRAPPERS.get(index));
	}

	int size(Object list) {
		return 0;
	}

	@Nullable Object element(Object list, int index) {
		return null;
	}

	private static final class OfMaps extends MemberAccess {

		@Override
		@Nullable Object member(Object holder, Member member) {
			Map<?, ?> map = (Map<?, ?>) holder;
			List<String> names = member.names();
			Object value = map.get(names.get(0));
			return (value != null || names.size() == 1) ? value : map.get(names.get(1));
		}

		@Override
		int wrappedCount() {
			return Member.WRAPPERS.size();
		}

	}

	private static final class OfLists extends MemberAccess {

		@Override
		int size(Object list) {
			return ((List<?>) list).size();
		}

		@Override
		@Nullable Object element(Object list, int index) {
			return ((List<?>) list).get(index);
		}

	}

	private static final class OfArrays extends MemberAccess {

		@Override
		int size(Object list) {
			return ((Object[]) list).length;
		}

		@Override
		@Nullable Object element(Object list, int index) {
			return ((Object[]) list)[index];
		}

	}

}

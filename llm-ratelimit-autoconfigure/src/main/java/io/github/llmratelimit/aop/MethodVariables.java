package io.github.llmratelimit.aop;

import java.lang.reflect.Method;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.ParameterNameDiscoverer;

/**
 * What the expressions of one method may name, by the position of the argument.
 */
final class MethodVariables {

	private static final ParameterNameDiscoverer DISCOVERER = new DefaultParameterNameDiscoverer();

	private final String methodName;

	private final Map<String, Integer> positions = new LinkedHashMap<>();

	private final boolean named;

	MethodVariables(AnnotatedMethod method) {
		this.methodName = method.method().getName();
		boolean names = addNames(method.method());
		if (method.declaration() != null && !method.declaration().equals(method.method())) {
			// expressions are read beside the declaration they stand on: its names win
			names |= addNames(method.declaration());
		}
		this.named = names || method.method().getParameterCount() == 0;
		for (int i = 0; i < method.method().getParameterCount(); i++) {
			this.positions.putIfAbsent("p" + i, i);
			this.positions.putIfAbsent("a" + i, i);
		}
	}

	private boolean addNames(Method method) {
		@Nullable String @Nullable [] names = DISCOVERER.getParameterNames(method);
		for (int i = 0; names != null && i < names.length; i++) {
			if (names[i] != null) {
				this.positions.put(names[i], i);
			}
		}
		return names != null;
	}

	String methodName() {
		return this.methodName;
	}

	/** Whether the class file tells the names of the parameters. */
	boolean named() {
		return this.named;
	}

	/**
	 * The position of the argument that a variable names.
	 * @param name the name without {@code #}
	 * @return the position, {@code null} if there is no such variable
	 */
	@Nullable Integer position(String name) {
		return this.positions.get(name);
	}

	/** All variables as an expression writes them. */
	@Override
	public String toString() {
		return this.positions.keySet().stream().map((name) -> "#" + name + ", ").collect(Collectors.joining())
				+ "#root.methodName, #root.args";
	}

}

package io.github.llmratelimit.aop;

import java.util.Objects;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * One attribute of one method, with the type that it must have.
 *
 * @param <T> that type
 */
final class Attribute<T> {

	private final String name;

	/** Null if every call has the same value. */
	private final @Nullable AttributeValue value;

	private final Function<Object, @Nullable T> conversion;

	private final @Nullable T constant;

	private final AttributeFailures failures;

	private Attribute(String name, @Nullable AttributeValue value, Function<Object, @Nullable T> conversion,
			@Nullable T constant, AttributeFailures failures) {
		this.name = name;
		this.value = value;
		this.conversion = conversion;
		this.constant = constant;
		this.failures = failures;
	}

	/**
	 * Reads an attribute.
	 * @param <T> its type
	 * @param attributes the method's attributes
	 * @param name its name
	 * @param conversion makes the type from a literal or the result of an expression
	 * @return the attribute
	 * @throws InvalidLlmRateLimitedException if it can't ever work
	 */
	static <T> Attribute<T> read(MethodAttributes attributes, String name, Function<Object, @Nullable T> conversion) {
		AttributeValue value = attributes.value(name);
		@Nullable T constant = null;
		if (value instanceof AttributeValue.Constant literal) {
			try {
				constant = conversion.apply(literal.text());
				value = null;
			}
			catch (IllegalArgumentException ex) {
				throw attributes.method()
					.invalid(name, literal.text(), ex.getMessage() + ".", AttributeReader.HOW_TO_WRITE, ex);
			}
		}
		return new Attribute<>(name, value, conversion, constant, attributes.failures());
	}

	boolean isConstant() {
		return this.value == null;
	}

	/** The value of every call, where it {@link #isConstant() is constant}. */
	@Nullable T constant() {
		return this.constant;
	}

	/**
	 * The value for one call; never throws.
	 * @param arguments the call's arguments
	 * @return the value, {@code null} if there is none and the default is to be used
	 */
	@Nullable T of(@Nullable Object[] arguments) {
		if (this.value == null) {
			return this.constant;
		}
		try {
			Object result = Conversions.unwrap(this.value.of(arguments));
			return (result != null) ? this.conversion.apply(result) : null;
		}
		catch (Throwable ex) { // design: a broken expression never fails the call
			AttributeFailures.throwIfFatal(ex);
			this.failures.add(this.name, Objects.toString(ex.getMessage(), ex.getClass().getName()),
					"its default is used", ex);
			return null;
		}
	}

}

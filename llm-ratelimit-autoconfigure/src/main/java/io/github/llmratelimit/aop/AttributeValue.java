package io.github.llmratelimit.aop;

import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.expression.Expression;

/**
 * The text of one attribute of one method, read once: most are constants or name one
 * argument, and need no expression language when a call is made.
 */
sealed interface AttributeValue {

	/**
	 * The value for one call. An expression may throw whatever it likes.
	 * @param arguments the arguments of the call
	 * @return the value
	 */
	@Nullable Object of(@Nullable Object[] arguments);

	/**
	 * Whether the value depends on an argument.
	 * @param position its position
	 * @return {@code true} if the attribute names it
	 */
	boolean uses(int position);

	/**
	 * Always the same.
	 *
	 * @param text the attribute's text, with properties resolved
	 */
	record Constant(String text) implements AttributeValue {

		@Override
		public Object of(@Nullable Object[] arguments) {
			return this.text;
		}

		@Override
		public boolean uses(int position) {
			return false;
		}

	}

	/**
	 * One argument as it is.
	 *
	 * @param position its position
	 */
	record Argument(int position) implements AttributeValue {

		@Override
		public @Nullable Object of(@Nullable Object[] arguments) {
			return arguments[this.position];
		}

		@Override
		public boolean uses(int otherPosition) {
			return this.position == otherPosition;
		}

	}

	/**
	 * The result of an expression.
	 *
	 * @param expression the expression
	 * @param scope what it sees
	 * @param variables what it may name
	 * @param positions positions of the arguments that it names
	 */
	record Computed(Expression expression, ExpressionScope scope, MethodVariables variables,
			Set<Integer> positions) implements AttributeValue {

		public Computed {
			positions = Set.copyOf(positions);
		}

		@Override
		public @Nullable Object of(@Nullable Object[] arguments) {
			return this.expression.getValue(this.scope.forCall(this.variables, arguments));
		}

		@Override
		public boolean uses(int position) {
			return this.positions.contains(position);
		}

	}

}

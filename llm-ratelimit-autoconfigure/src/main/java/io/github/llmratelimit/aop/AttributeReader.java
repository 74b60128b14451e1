package io.github.llmratelimit.aop;

import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.llmratelimit.aop.AttributeValue.Argument;
import io.github.llmratelimit.aop.AttributeValue.Computed;
import io.github.llmratelimit.aop.AttributeValue.Constant;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.expression.ParseException;
import org.springframework.expression.spel.SpelNode;
import org.springframework.expression.spel.ast.BeanReference;
import org.springframework.expression.spel.ast.FunctionReference;
import org.springframework.expression.spel.ast.Literal;
import org.springframework.expression.spel.ast.NullLiteral;
import org.springframework.expression.spel.ast.VariableReference;
import org.springframework.expression.spel.standard.SpelExpression;
import org.springframework.expression.spel.standard.SpelExpressionParser;

/**
 * Reads the text of attributes: properties, then literal or expression. Whatever can be
 * known to fail is refused here and not by the first call.
 */
final class AttributeReader {

	static final String HOW_TO_WRITE = "Write a literal, a ${property}, or an expression: #argument, @bean.method(), "
			+ "or #{…} around anything else.";

	/** An argument by its name and nothing else. */
	private static final Pattern VARIABLE = Pattern.compile("#([\\p{L}_$][\\p{L}\\p{N}_$]*)");

	/**
	 * What nobody would write in a literal: a variable, a bean, a type, quotes around it
	 * all. Model names have {@code @} inside (claude-3-5-sonnet@20240620), so a bean must
	 * follow a blank or an operator.
	 */
	private static final Pattern LOOKS_LIKE_EXPRESSION = Pattern
		.compile("(?s).*#[\\p{L}_{].*|.*[\\s(+*/,]@[\\p{L}_].*|T\\(.*|'.*'|\".*\"");

	private static final Pattern ROOT_ARGUMENT = Pattern.compile("#root\\.args\\[(\\d{1,3})]");

	private final SpelExpressionParser parser = new SpelExpressionParser();

	private final ConfigurableBeanFactory beanFactory;

	private final ExpressionScope scope;

	AttributeReader(ConfigurableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
		this.scope = new ExpressionScope(beanFactory);
	}

	/**
	 * Reads one attribute.
	 * @param method whose attribute it is
	 * @param variables what its expressions may name
	 * @param attribute the attribute's name
	 * @param text its text
	 * @return the value, or nothing if the text is blank
	 * @throws InvalidLlmRateLimitedException if it can't ever work
	 */
	Optional<AttributeValue> read(AnnotatedMethod method, MethodVariables variables, String attribute, String text) {
		return new Reading(method, variables, attribute, text).value();
	}

	private final class Reading {

		private final AnnotatedMethod method;

		private final MethodVariables variables;

		private final String attribute;

		private final String text;

		Reading(AnnotatedMethod method, MethodVariables variables, String attribute, String text) {
			this.method = method;
			this.variables = variables;
			this.attribute = attribute;
			this.text = text;
		}

		Optional<AttributeValue> value() {
			String resolved = resolved();
			if (resolved.isEmpty()) {
				return Optional.empty();
			}
			if (resolved.startsWith("#{")) {
				return Optional.of(expression(unwrapped(resolved)));
			}
			if (resolved.startsWith("#") || resolved.startsWith("@")) {
				return Optional.of(expression(resolved));
			}
			if (LOOKS_LIKE_EXPRESSION.matcher(resolved).matches()) {
				throw invalid("looks like an expression, but isn't marked as one.",
						"Write #{%s} if it is one, or #{'%s'} if it is literal text.".formatted(resolved,
								resolved.replaceAll("^['\"]|['\"]$", "").replace("'", "''")));
			}
			return Optional.of(new Constant(resolved));
		}

		private String resolved() {
			String trimmed = this.text.trim();
			if (!trimmed.contains("${")) {
				return trimmed;
			}
			String resolved;
			try {
				resolved = AttributeReader.this.beanFactory.resolveEmbeddedValue(trimmed);
			}
			catch (IllegalArgumentException ex) {
				throw this.method.invalid(this.attribute, this.text, ex.getMessage() + ".",
						"Set the property, or state a default: ${property:default}.", ex);
			}
			resolved = Objects.requireNonNullElse(resolved, "").trim();
			if (resolved.contains("${")) {
				throw invalid("a property in it has no value.",
						"Set the property, or state a default: ${property:default}.");
			}
			return resolved;
		}

		private String unwrapped(String resolved) {
			String inside = resolved.substring(2, resolved.length() - (resolved.endsWith("}") ? 1 : 0)).trim();
			if (!resolved.endsWith("}") || inside.contains("#{")) {
				throw invalid("has text outside of #{…}.", "Put one #{…} around the whole, e.g. #{'gpt-' + #size}.");
			}
			if (inside.isEmpty()) {
				throw invalid("is an empty expression.", HOW_TO_WRITE);
			}
			return inside;
		}

		private AttributeValue expression(String expression) {
			Matcher variable = VARIABLE.matcher(expression);
			if (variable.matches()) {
				Integer position = this.variables.position(variable.group(1));
				if (position != null) {
					return new Argument(position);
				}
			}
			SpelExpression parsed;
			try {
				parsed = (SpelExpression) AttributeReader.this.parser.parseExpression(expression);
			}
			catch (ParseException | IllegalStateException ex) {
				throw this.method.invalid(this.attribute, this.text,
						"isn't a valid expression: %s.".formatted(ex.getMessage()),
						"Correct it. " + literalHint(expression), ex);
			}
			if (parsed.getAST() instanceof Literal literal && !(literal instanceof NullLiteral)) {
				return new Constant(String.valueOf(literal.getLiteralValue().getValue()));
			}
			Set<Integer> positions = new HashSet<>();
			check(parsed.getAST(), positions);
			Matcher rootArgument = ROOT_ARGUMENT.matcher(expression);
			while (rootArgument.find()) {
				checkPosition(Integer.parseInt(rootArgument.group(1)), positions);
			}
			return new Computed(parsed, AttributeReader.this.scope, this.variables, positions);
		}

		private void check(@Nullable SpelNode node, Set<Integer> positions) {
			if (node == null) {
				return;
			}
			if (node instanceof VariableReference) {
				checkVariable(node.toStringAST().substring(1), positions);
			}
			else if (node instanceof FunctionReference) {
				throw invalid("there are no functions such as %s.".formatted(node.toStringAST()),
						"Call a bean (@bean.method(…)) or a static method (#{T(com.acme.Type).method(…)}).");
			}
			else if (node instanceof BeanReference bean
					&& !AttributeReader.this.beanFactory.containsBean(bean.getName())) {
				throw invalid("there is no bean '%s'.".formatted(bean.getName()),
						"Name a bean that exists. " + literalHint(this.text));
			}
			for (int i = 0; i < node.getChildCount(); i++) {
				check(node.getChild(i), positions);
			}
		}

		private void checkVariable(String name, Set<Integer> positions) {
			if (name.equals("root") || name.equals("this")) {
				return;
			}
			Integer position = this.variables.position(name);
			if (position != null) {
				positions.add(position);
				return;
			}
			if (!this.variables.named()) {
				throw invalid(
						"the names of the parameters aren't in the class file, so '#%s' is unknown.".formatted(name),
						"Compile with -parameters, or name the argument by its position: #p0 is the first.");
			}
			throw invalid("there is no variable '#%s'.".formatted(name), "Use one of %s.".formatted(this.variables));
		}

		private void checkPosition(int position, Set<Integer> positions) {
			int count = this.method.method().getParameterCount();
			if (position >= count) {
				throw invalid("there is no argument %d: the method has %d.".formatted(position, count),
						"Positions count from 0.");
			}
			positions.add(position);
		}

		private String literalHint(String literal) {
			return "If it is meant as literal text, write #{'%s'}.".formatted(literal.replace("'", "''"));
		}

		private InvalidLlmRateLimitedException invalid(String problem, String action) {
			return this.method.invalid(this.attribute, this.text, problem, action);
		}

	}

}

package io.github.llmratelimit.aop;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.context.expression.BeanFactoryResolver;
import org.springframework.expression.BeanResolver;
import org.springframework.expression.ConstructorResolver;
import org.springframework.expression.EvaluationContext;
import org.springframework.expression.IndexAccessor;
import org.springframework.expression.MethodResolver;
import org.springframework.expression.OperatorOverloader;
import org.springframework.expression.PropertyAccessor;
import org.springframework.expression.TypeComparator;
import org.springframework.expression.TypeConverter;
import org.springframework.expression.TypeLocator;
import org.springframework.expression.TypedValue;
import org.springframework.expression.spel.support.StandardEvaluationContext;
import org.springframework.expression.spel.support.StandardTypeLocator;

/**
 * What all expressions of an application see: its beans and classes. What one call adds
 * is a thin layer on top, so that nothing is looked up by reflection twice.
 */
final class ExpressionScope {

	private final StandardEvaluationContext shared = new StandardEvaluationContext();

	ExpressionScope(ConfigurableBeanFactory beanFactory) {
		this.shared.setBeanResolver(new BeanFactoryResolver(beanFactory));
		this.shared.setTypeLocator(new StandardTypeLocator(beanFactory.getBeanClassLoader()));
	}

	EvaluationContext forCall(MethodVariables variables, @Nullable Object[] arguments) {
		return new CallContext(this.shared, variables, arguments);
	}

	/**
	 * {@code #root} of an expression.
	 */
	static final class Root {

		private final String methodName;

		private final @Nullable Object[] args;

		Root(String methodName, @Nullable Object[] args) {
			this.methodName = methodName;
			this.args = args;
		}

		public String getMethodName() {
			return this.methodName;
		}

		public @Nullable Object[] getArgs() {
			return this.args;
		}

	}

	private static final class CallContext implements EvaluationContext {

		private final EvaluationContext shared;

		private final MethodVariables variables;

		private final @Nullable Object[] arguments;

		CallContext(EvaluationContext shared, MethodVariables variables, @Nullable Object[] arguments) {
			this.shared = shared;
			this.variables = variables;
			this.arguments = arguments;
		}

		@Override
		public TypedValue getRootObject() {
			return new TypedValue(new Root(this.variables.methodName(), this.arguments));
		}

		@Override
		public @Nullable Object lookupVariable(String name) {
			Integer position = this.variables.position(name);
			return (position != null) ? this.arguments[position] : null;
		}

		@Override
		public void setVariable(String name, @Nullable Object value) {
			throw new UnsupportedOperationException("Invalid #%s: an argument can't be changed".formatted(name));
		}

		@Override
		public boolean isAssignmentEnabled() {
			return false;
		}

		@Override
		public List<PropertyAccessor> getPropertyAccessors() {
			return this.shared.getPropertyAccessors();
		}

		@Override
		public List<IndexAccessor> getIndexAccessors() {
			return this.shared.getIndexAccessors();
		}

		@Override
		public List<ConstructorResolver> getConstructorResolvers() {
			return this.shared.getConstructorResolvers();
		}

		@Override
		public List<MethodResolver> getMethodResolvers() {
			return this.shared.getMethodResolvers();
		}

		@Override
		public @Nullable BeanResolver getBeanResolver() {
			return this.shared.getBeanResolver();
		}

		@Override
		public TypeLocator getTypeLocator() {
			return this.shared.getTypeLocator();
		}

		@Override
		public TypeConverter getTypeConverter() {
			return this.shared.getTypeConverter();
		}

		@Override
		public TypeComparator getTypeComparator() {
			return this.shared.getTypeComparator();
		}

		@Override
		public OperatorOverloader getOperatorOverloader() {
			return this.shared.getOperatorOverloader();
		}

	}

}

package io.github.llmratelimit.aop;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;

import io.github.llmratelimit.LlmRateLimited;
import org.junit.jupiter.api.Test;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.core.annotation.AliasFor;
import org.springframework.util.ReflectionUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AnnotatedTypes}. Models are named after where the annotation stands.
 */
class AnnotatedTypesTests {

	private final AnnotatedTypes types = new AnnotatedTypes();

	private String model(Class<?> type, String method) {
		return model(type, type, method);
	}

	private String model(Class<?> type, Class<?> declaring, String name) {
		Method method = Arrays.stream(ReflectionUtils.getAllDeclaredMethods(declaring))
			.filter((candidate) -> candidate.getName().equals(name))
			.findFirst()
			.orElseThrow();
		AnnotatedMethod found = this.types.find(method, type);
		return (found == null) ? null : found.annotation().model() + found.annotation().value();
	}

	@Test
	void findWhenOnTheMethodIsFound() {
		assertThat(model(OnMethod.class, "ask")).isEqualTo("method");
	}

	@Test
	void findWhenOnAnotherMethodIsNot() {
		assertThat(model(OnMethod.class, "other")).isNull();
	}

	@Test
	void findWhenOnTheClassCoversAllMethods() {
		assertThat(model(OnClass.class, "other")).isEqualTo("class");
	}

	@Test
	void findWhenOnBothTheMethodWins() {
		assertThat(model(OnClass.class, "ask")).isEqualTo("method of class");
	}

	@Test
	void findWhenOnTheClassCoversNeitherPrivateNorStaticMethods() {
		assertThat(model(OnClass.class, "hidden")).isNull();
		assertThat(model(OnClass.class, "utility")).isNull();
	}

	@Test
	void findWhenOnTheClassDoesNotCoverToString() {
		assertThat(model(OnClass.class, "toString")).isNull();
	}

	@Test
	void findWhenOnTheClassDoesNotCoverItsFallback() {
		assertThat(model(WithFallback.class, "fallback")).isNull();
		assertThat(model(WithFallback.class, "ask")).isEqualTo("class");
	}

	@Test
	void findWhenOnASuperclassCoversTheSubclass() {
		assertThat(model(Sub.class, "added")).isEqualTo("class");
	}

	@Test
	void findWhenOnTheSubclassCoversInheritedMethods() {
		assertThat(model(AnnotatedSub.class, Plain.class, "inherited")).isEqualTo("subclass");
	}

	@Test
	void findWhenOverridingAnAnnotatedMethodIsFound() {
		assertThat(model(Overriding.class, "ask")).isEqualTo("method");
	}

	@Test
	void findWhenOverridingWithAnotherAnnotationTheNearestWins() {
		assertThat(model(OverridingWithOwn.class, "ask")).isEqualTo("own");
	}

	@Test
	void findWhenOnAnInterfaceMethodIsFound() {
		assertThat(model(Implementation.class, "ask")).isEqualTo("interface method");
	}

	@Test
	void findWhenAskedForTheInterfaceMethodIsFound() {
		assertThat(model(Implementation.class, Api.class, "ask")).isEqualTo("interface method");
	}

	@Test
	void findWhenOnAnInterfaceMethodWinsOverTheClass() {
		assertThat(model(AnnotatedImplementation.class, "ask")).isEqualTo("interface method");
	}

	@Test
	void findWhenOnAnInterfaceCoversItsMethods() {
		assertThat(model(OfAnnotatedInterface.class, "ask")).isEqualTo("interface");
	}

	@Test
	void findWhenOnAnInterfaceDoesNotCoverOtherMethods() {
		assertThat(model(OfAnnotatedInterface.class, "other")).isNull();
	}

	@Test
	void findWhenOnAnInterfaceCoversWhatItInherits() {
		assertThat(model(OfExtendingInterface.class, "plain")).isEqualTo("extending");
	}

	@Test
	void findWhenASuperclassImplementsTheInterfaceMethodIsFound() {
		assertThat(model(Inheriting.class, Plain.class, "inherited")).isEqualTo("interface of subclass");
	}

	@Test
	void findWhenGenericIsFoundThroughTheBridge() {
		assertThat(model(GenericImplementation.class, GenericApi.class, "ask")).isEqualTo("generic");
	}

	@Test
	void findWhenComposedTakesTheAliases() {
		assertThat(model(Composed.class, "ask")).isEqualTo("composed");
	}

	@Test
	void findWhenTheTypeIsASubclassProxyLooksBehindIt() {
		ProxyFactory factory = new ProxyFactory(new OnMethod());
		factory.setProxyTargetClass(true);
		assertThat(model(factory.getProxy().getClass(), OnMethod.class, "ask")).isEqualTo("method");
	}

	@Test
	void findWhenTheTypeIsAnInterfaceProxyFindsTheInterfaces() {
		Object proxy = new ProxyFactory(Api.class, (org.aopalliance.intercept.MethodInterceptor) (call) -> "answer")
			.getProxy();
		assertThat(model(proxy.getClass(), Api.class, "ask")).isEqualTo("interface method");
	}

	@Test
	void findWhenTheTypeIsALambdaFindsTheInterface() {
		Api lambda = (prompt) -> prompt;
		assertThat(model(lambda.getClass(), Api.class, "ask")).isEqualTo("interface method");
	}

	@Test
	void methodsWhenPrivateAnnotatedListsThemForTheCheck() {
		assertThat(this.types.methods(Hidden.class).keySet()).extracting(Method::getName).containsExactly("ask");
	}

	@Test
	void isLimitedWhenNothingIsAnnotatedIsFalse() {
		assertThat(List.of(Plain.class, String.class, Object.class)).noneMatch(this.types::isLimited);
	}

	static class OnMethod {

		@LlmRateLimited("method")
		public String ask(String prompt) {
			return prompt;
		}

		public void other() {
		}

	}

	@LlmRateLimited("class")
	static class OnClass {

		@LlmRateLimited("method of class")
		public String ask(String prompt) {
			hidden();
			return prompt;
		}

		public void other() {
		}

		private void hidden() {
		}

		static void utility() {
		}

		@Override
		public String toString() {
			return "text";
		}

	}

	@LlmRateLimited(model = "class", fallbackMethod = "fallback")
	static class WithFallback {

		public String ask(String prompt) {
			return prompt;
		}

		public String fallback(String prompt) {
			return prompt;
		}

	}

	static class Sub extends OnClass {

		public void added() {
		}

	}

	static class Plain {

		public String inherited(String prompt) {
			return prompt;
		}

	}

	@LlmRateLimited("subclass")
	static class AnnotatedSub extends Plain {

	}

	static class Overriding extends OnMethod {

		@Override
		public String ask(String prompt) {
			return prompt;
		}

	}

	static class OverridingWithOwn extends OnMethod {

		@Override
		@LlmRateLimited("own")
		public String ask(String prompt) {
			return prompt;
		}

	}

	@FunctionalInterface
	interface Api {

		@LlmRateLimited("interface method")
		String ask(String prompt);

	}

	static class Implementation implements Api {

		@Override
		public String ask(String prompt) {
			return prompt;
		}

	}

	@LlmRateLimited("class")
	static class AnnotatedImplementation implements Api {

		@Override
		public String ask(String prompt) {
			return prompt;
		}

	}

	@LlmRateLimited("interface")
	interface AnnotatedApi {

		String ask(String prompt);

	}

	static class OfAnnotatedInterface implements AnnotatedApi {

		@Override
		public String ask(String prompt) {
			return prompt;
		}

		public void other() {
		}

	}

	interface PlainApi {

		String plain(String prompt);

	}

	@LlmRateLimited("extending")
	interface ExtendingApi extends PlainApi {

	}

	static class OfExtendingInterface implements ExtendingApi {

		@Override
		public String plain(String prompt) {
			return prompt;
		}

	}

	interface InheritedApi {

		@LlmRateLimited("interface of subclass")
		String inherited(String prompt);

	}

	static class Inheriting extends Plain implements InheritedApi {

	}

	interface GenericApi<T> {

		@LlmRateLimited("generic")
		T ask(T prompt);

	}

	static class GenericImplementation implements GenericApi<String> {

		@Override
		public String ask(String prompt) {
			return prompt;
		}

	}

	@Retention(RetentionPolicy.RUNTIME)
	@LlmRateLimited(tokens = "1000")
	@interface Limited {

		@AliasFor(annotation = LlmRateLimited.class, attribute = "model")
		String with();

	}

	static class Composed {

		@Limited(with = "composed")
		public void ask(String prompt) {
		}

	}

	static class Hidden {

		@LlmRateLimited("private")
		private void ask() {
		}

	}

}

package io.github.llmratelimit.aop;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;

import io.github.llmratelimit.LlmRateLimited;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.description.annotation.AnnotationDescription;
import net.bytebuddy.description.modifier.Visibility;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.implementation.StubMethod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.ConnectableFlux;
import reactor.core.publisher.Flux;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ReturnTypes}.
 */
class ReturnTypesTests {

	private final AnnotatedTypes types = new AnnotatedTypes();

	@ParameterizedTest
	@ValueSource(classes = { CompletionStage.class, CompletableFuture.class })
	void methodWhenItReturnsAStageIsAccepted(Class<?> type) {
		assertThatCode(() -> check(load(method(type)))).doesNotThrowAnyException();
	}

	@ParameterizedTest
	@ValueSource(classes = { Future.class, FutureTask.class, Flow.Publisher.class, Flow.Processor.class,
			Publisher.class, Flux.class, ConnectableFlux.class })
	void methodWhenNobodyCanTellWhenItEndsIsRefused(Class<?> type) {
		assertRefused(method(type));
	}

	@ParameterizedTest
	@ValueSource(classes = { void.class, String.class, Callable.class, Stream.class, Object.class })
	void methodWhenItReturnsItsAnswerIsAccepted(Class<?> type) {
		assertThatCode(() -> check(load(method(type)))).doesNotThrowAnyException();
	}

	@ParameterizedTest
	@ValueSource(strings = { "kotlinx.coroutines.flow.Flow", "kotlinx.coroutines.Deferred" })
	void methodWhenItReturnsATypeOfALibraryThatWeLackIsRefused(String name) {
		Class<?> foreign = load(new ByteBuddy().makeInterface().name(name));
		Class<?> own = load(new ByteBuddy().makeInterface(foreign).name("com.acme.Own"), foreign);
		assertRefused(method(own), own);
	}

	@Test
	void methodWhenASuspendFunctionIsRefused() {
		Class<?> continuation = load(new ByteBuddy().makeInterface().name("kotlin.coroutines.Continuation"));
		assertRefused(method(Object.class, String.class, continuation), continuation);
	}

	private void assertRefused(DynamicType.Builder<?> type, Class<?>... seen) {
		assertThatExceptionOfType(InvalidLlmRateLimitedException.class).isThrownBy(() -> check(load(type, seen)))
			.withMessageContaining("com.acme.Chat.ask(")
			.withMessageContaining("cannot be limited");
	}

	private void check(Class<?> type) {
		this.types.methods(type).values().forEach(new ReturnTypes(List.of())::adapter);
	}

	private static DynamicType.Builder<?> method(Class<?> returnType, Class<?>... parameterTypes) {
		return new ByteBuddy().subclass(Object.class)
			.name("com.acme.Chat")
			.defineMethod("ask", returnType, Visibility.PUBLIC)
			.withParameters(parameterTypes)
			.intercept(StubMethod.INSTANCE)
			.annotateMethod(
					AnnotationDescription.Builder.ofType(LlmRateLimited.class).define("model", "gpt-4o").build());
	}

	private static Class<?> load(DynamicType.Builder<?> type, Class<?>... seen) {
		ClassLoader parent = (seen.length != 0) ? seen[0].getClassLoader() : ReturnTypesTests.class.getClassLoader();
		return type.make().load(parent).getLoaded();
	}

}

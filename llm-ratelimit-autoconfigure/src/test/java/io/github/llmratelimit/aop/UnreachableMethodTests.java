package io.github.llmratelimit.aop;

import io.github.llmratelimit.LlmRateLimited;
import io.github.llmratelimit.aop.CheckedBeans.Api;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static io.github.llmratelimit.aop.CheckedBeans.limited;
import static io.github.llmratelimit.aop.CheckedBeans.refused;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LimitedBeanChecker} where a proxy does not reach a limited method.
 */
class UnreachableMethodTests {

	private final ApplicationContextRunner runner = CheckedBeans.runner();

	private final ApplicationContextRunner interfaceProxies = CheckedBeans.withInterfaceProxies();

	@Test
	void methodWhenPrivateStopsTheStart() {
		this.runner.withBean(PrivateMethod.class).run(refused("PrivateMethod.ask(String)", "it is private"));
	}

	@Test
	void methodWhenPrivateInASuperclassStopsTheStart() {
		this.runner.withBean(PrivateInherited.class).run(refused("PrivateInherited.ask(String)", "it is private"));
	}

	@Test
	void methodWhenStaticStopsTheStart() {
		this.runner.withBean(StaticMethod.class).run(refused("StaticMethod.ask(String)", "it is static"));
	}

	@Test
	void methodWhenFinalStopsTheStart() {
		this.runner.withBean(FinalMethod.class).run(refused("FinalMethod.ask(String)", "it is final"));
	}

	@Test
	void methodWhenFinalInAnAnnotatedClassStopsTheStart() {
		this.runner.withBean(FinalInClass.class).run(refused("FinalInClass.ask(String)", "it is final"));
	}

	@Test
	void methodWhenFinalBehindAnInterfaceProxyIsLimited() {
		this.interfaceProxies.withBean(FinalMethod.class).run(limited(Api.class));
	}

	@Test
	void methodWhenNotOnTheInterfaceOfTheProxyStopsTheStart() {
		this.interfaceProxies.withBean(BesideInterface.class)
			.run(refused("BesideInterface.other(String)", "none of which declares it"));
	}

	@Test
	void methodWhenOnlyCoveredByItsClassNeedNotBeOnTheInterface() {
		this.interfaceProxies.withBean(CoveredByClass.class).run(limited(Api.class));
	}

	@Test
	void classWhenFinalBehindAnInterfaceProxyIsLimited() {
		this.interfaceProxies.withBean(FinalClass.class).run(limited(Api.class));
	}

	@Test
	void classWhenFinalStopsTheStart() {
		this.runner.withBean(FinalClass.class)
			.run((context) -> assertThat(context).getFailure().hasStackTraceContaining("FinalClass"));
	}

	@SuppressWarnings("unused")
	static class PrivateMethod {

		@LlmRateLimited("gpt-4o")
		private String ask(String prompt) {
			return prompt;
		}

	}

	static class PrivateInherited extends PrivateMethod {

	}

	static class StaticMethod {

		@LlmRateLimited("gpt-4o")
		public static String ask(String prompt) {
			return prompt;
		}

	}

	static class FinalMethod implements Api {

		@Override
		public final String ask(String prompt) {
			return prompt;
		}

	}

	@LlmRateLimited("gpt-4o")
	static class FinalInClass {

		public final String ask(String prompt) {
			return prompt;
		}

	}

	static class BesideInterface implements Api {

		@Override
		public String ask(String prompt) {
			return prompt;
		}

		@LlmRateLimited("gpt-4o")
		public String other(String prompt) {
			return prompt;
		}

	}

	@LlmRateLimited("gpt-4o")
	static class CoveredByClass implements Api {

		@Override
		public String ask(String prompt) {
			return prompt;
		}

		public String other(String prompt) {
			return prompt;
		}

	}

	static final class FinalClass implements Api {

		@Override
		public String ask(String prompt) {
			return prompt;
		}

	}

}

package io.github.llmratelimit.aop;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.LlmRateLimited;
import io.github.llmratelimit.Priority;
import io.github.llmratelimit.UnknownLlmModelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link LimitedMethod}: the request that a call makes, and the model it is
 * made of.
 */
@ExtendWith(OutputCaptureExtension.class)
class CallTermsTests {

	private final LimitedBeans beans = new LimitedBeans();

	private final Terms terms = this.beans.proxy(new Terms());

	private final Dynamic chat = this.beans.proxy(new Dynamic());

	private CallRequest request() {
		return this.beans.limiter().request();
	}

	@Test
	void requestWhenNothingIsStatedHasTheDefaults() {
		this.terms.defaults();
		assertThat(request()).isEqualTo(new CallRequest(Cost.ofTotal(5), Priority.NORMAL, null, null));
	}

	@Test
	void requestWhenAllIsConstantHasIt() {
		this.terms.constants();
		assertThat(request())
			.isEqualTo(new CallRequest(Cost.ofTotal(5), Priority.BATCH, "acme", Duration.ofSeconds(30)));
	}

	@Test
	void requestWhenAllIsConstantIsTheSameObject() {
		this.terms.constants();
		this.terms.constants();
		List<CallRequest> requests = this.beans.limiter().requests();
		assertThat(requests.get(0)).isSameAs(requests.get(1));
	}

	@Test
	void requestWhenArgumentsSayItHasIt() {
		this.terms.arguments("HIGH", 42, Duration.ofMillis(5));
		assertThat(request()).isEqualTo(new CallRequest(Cost.ofTotal(5), Priority.HIGH, "42", Duration.ofMillis(5)));
	}

	@Test
	void requestWhenArgumentsAreOfTheTypesHasIt() {
		this.terms.arguments(Priority.BATCH, Optional.of("acme"), "PT2M");
		assertThat(request())
			.isEqualTo(new CallRequest(Cost.ofTotal(5), Priority.BATCH, "acme", Duration.ofMinutes(2)));
	}

	@Test
	void requestWhenArgumentsAreNullHasTheDefaults() {
		this.terms.arguments(null, null, null);
		assertThat(request()).isEqualTo(new CallRequest(Cost.ofTotal(5), Priority.NORMAL, null, null));
		assertThat(this.beans.failures()).isZero();
	}

	@Test
	void requestWhenTheTenantIsBlankHasNone() {
		this.terms.arguments(null, " ", null);
		assertThat(request().tenant()).isNull();
	}

	@Test
	void requestWhenArgumentsMakeNoSenseHasTheDefaults(CapturedOutput output) {
		this.terms.arguments("URGENT", "acme", -1);
		assertThat(request()).isEqualTo(new CallRequest(Cost.ofTotal(5), Priority.NORMAL, "acme", null));
		assertThat(output).contains("must be HIGH, NORMAL or BATCH, but is URGENT")
			.contains("must be a duration such as 30s, but is a java.lang.Integer");
	}

	@Test
	void requestWhenMaxWaitIsNegativeHasTheDefault() {
		this.terms.arguments(null, null, Duration.ofSeconds(-1));
		assertThat(request().maxWait()).isNull();
	}

	@Test
	void requestWhenExpressionsFailHasTheDefaults() {
		this.terms.broken(null);
		this.terms.broken(null);
		assertThat(this.beans.limiter().requests())
			.containsOnly(new CallRequest(Cost.ofTotal(5), Priority.NORMAL, null, null));
		assertThat(this.beans.failures()).isEqualTo(6);
	}

	@Test
	void requestWhenMaxWaitIsZeroNeverWaits() {
		this.terms.noWait();
		assertThat(request().maxWait()).isEqualTo(Duration.ZERO);
	}

	@Test
	void modelWhenAnArgumentIsFoundByEachCall() {
		this.chat.ask("gpt-4o", "hi");
		this.chat.ask("gpt-4o-mini", "hi");
		assertThat(this.beans.limiter("gpt-4o").requests()).hasSize(1);
		assertThat(this.beans.limiter("gpt-4o-mini").requests()).hasSize(1);
	}

	@Test
	void modelWhenUnknownListsTheKnown() {
		assertThatExceptionOfType(UnknownLlmModelException.class).isThrownBy(() -> this.chat.ask("gpt-5", "hi"))
			.withMessageContaining("'gpt-5'")
			.withMessageContaining("gpt-4o, gpt-4o-mini");
	}

	@Test
	void modelWhenNullIsUnknown() {
		assertThatExceptionOfType(UnknownLlmModelException.class).isThrownBy(() -> this.chat.ask(null, "hi"))
			.withMessageContaining("gpt-4o, gpt-4o-mini");
	}

	@Test
	void modelWhenTheExpressionFailsIsUnknownWithTheCause() {
		assertThatExceptionOfType(UnknownLlmModelException.class).isThrownBy(() -> this.chat.trimmed(null))
			.withCauseInstanceOf(RuntimeException.class);
	}

	static class Terms {

		@LlmRateLimited(model = "gpt-4o", tokens = "5")
		public void defaults() {
		}

		@LlmRateLimited(model = "gpt-4o", tokens = "5", priority = "batch", tenant = "acme", maxWait = "30s")
		public void constants() {
		}

		@LlmRateLimited(model = "gpt-4o", tokens = "5", priority = "#priority", tenant = "#tenant", maxWait = "#wait")
		public void arguments(Object priority, Object tenant, Object wait) {
		}

		@LlmRateLimited(model = "gpt-4o", tokens = "5", priority = "#text.trim()", tenant = "#text.trim()",
				maxWait = "#text.trim()")
		public void broken(String text) {
		}

		@LlmRateLimited(model = "gpt-4o", tokens = "5", maxWait = "0s")
		public void noWait() {
		}

	}

	static class Dynamic {

		@LlmRateLimited(model = "#model")
		public void ask(String model, String prompt) {
		}

		@LlmRateLimited(model = "#model.trim()", tokens = "1")
		public void trimmed(String model) {
		}

	}

}

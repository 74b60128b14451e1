package io.github.llmratelimit.aop;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import io.github.llmratelimit.Cost;
import io.github.llmratelimit.LlmRateLimited;
import io.github.llmratelimit.aop.FakeTokens.Message;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CallCost} where tokens are stated.
 */
class CallCostTests extends CostFixture {

	private final Service service = this.beans.proxy(new Service());

	@Test
	void numberWhenAloneIsTheTotal() {
		this.service.total();
		assertThat(cost()).isEqualTo(Cost.ofTotal(1000));
	}

	@Test
	void numberWhenWithOutputIsTheInput() {
		this.service.inputAndOutput();
		assertThat(cost()).isEqualTo(Cost.of(1000, 200));
	}

	@Test
	void numberWhenComputedAloneIsTheTotal() {
		this.service.computed(77);
		assertThat(cost()).isEqualTo(Cost.ofTotal(77));
	}

	@Test
	void numberWhenComputedWithOutputIsTheInput() {
		this.service.computed(77, 33);
		assertThat(cost()).isEqualTo(Cost.of(77, 33));
	}

	@Test
	void numberWhenOutputIsNullTakesTheDefaultOutput() {
		this.service.computed(77, null);
		assertThat(cost()).isEqualTo(Cost.of(77, DEFAULT_OUTPUT));
		assertThat(this.beans.failures()).isZero();
	}

	@Test
	void numberWhenLiteralWithComputedOutputIsTheInput() {
		this.service.literalAndComputed(5);
		assertThat(cost()).isEqualTo(Cost.of(1000, 5));
	}

	@Test
	void numberWhenFractionalIsRoundedUp() {
		this.service.tokens(10.2);
		assertThat(cost()).isEqualTo(Cost.ofTotal(11));
	}

	@Test
	void numberWhenZeroIsWhatTheUserStates() {
		this.service.tokens(0);
		assertThat(cost()).isEqualTo(Cost.ofTotal(0));
	}

	@Test
	void numberWhenInAnOptionalIsUnwrapped() {
		this.service.tokens(OptionalInt.of(9));
		assertThat(cost()).isEqualTo(Cost.ofTotal(9));
	}

	@Test
	void textWhenNamedIsCounted() {
		this.service.named("four", "not counted");
		assertThat(cost()).isEqualTo(Cost.of(4, DEFAULT_OUTPUT));
	}

	@Test
	void textWhenNamedIsCountedForTheProvidersModel() {
		this.service.named("four", "not counted");
		assertThat(this.beans.tokens().model()).isEqualTo("provider-gpt-4o");
	}

	@Test
	void textWhenInAnOptionalIsCounted() {
		this.service.tokens(Optional.of("four"));
		assertThat(cost()).isEqualTo(Cost.of(4, DEFAULT_OUTPUT));
	}

	@Test
	void textWhenItIsDigitsIsCountedAndNotRead() {
		this.service.tokens("1000");
		assertThat(cost()).isEqualTo(Cost.of(4, DEFAULT_OUTPUT));
	}

	@Test
	void listWhenNamedIsCounted() {
		this.service.tokens(List.of("four", "five5"));
		assertThat(cost()).isEqualTo(Cost.of(9, DEFAULT_OUTPUT));
	}

	@Test
	void messageWhenNamedIsCounted() {
		this.service.tokens(new Message("me", "seven77"));
		assertThat(cost()).isEqualTo(Cost.of(7, DEFAULT_OUTPUT));
	}

	@Test
	void textWhenWithOutputAddsIt() {
		this.service.textAndOutput("four", 100);
		assertThat(cost()).isEqualTo(Cost.of(4, 100));
	}

	@Test
	void textWhenEmptyIsNeverZero() {
		this.service.named("", "");
		assertThat(cost()).isEqualTo(Cost.of(1, DEFAULT_OUTPUT));
	}

	@Test
	void textWhenNullIsNeverZero() {
		this.service.named(null, null);
		assertThat(cost()).isEqualTo(Cost.of(EMPTY_PROMPT, DEFAULT_OUTPUT));
		assertThat(this.beans.failures()).isZero();
	}

	static class Service {

		@LlmRateLimited(model = "gpt-4o", tokens = "1000")
		public void total() {
		}

		@LlmRateLimited(model = "gpt-4o", tokens = "1000", maxOutputTokens = "200")
		public void inputAndOutput() {
		}

		@LlmRateLimited(model = "gpt-4o", tokens = "#n")
		public void computed(int n) {
		}

		@LlmRateLimited(model = "gpt-4o", tokens = "#n", maxOutputTokens = "#max")
		public void computed(int n, Integer max) {
		}

		@LlmRateLimited(model = "gpt-4o", tokens = "1000", maxOutputTokens = "#max")
		public void literalAndComputed(int max) {
		}

		@LlmRateLimited(model = "gpt-4o", tokens = "#value")
		public void tokens(Object value) {
		}

		@LlmRateLimited(model = "gpt-4o", tokens = "#prompt")
		public void named(String prompt, String other) {
		}

		@LlmRateLimited(model = "gpt-4o", tokens = "#prompt", maxOutputTokens = "#max")
		public void textAndOutput(String prompt, int max) {
		}

	}

}

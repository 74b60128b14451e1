package io.github.llmratelimit.aop;

import java.util.List;

import io.github.llmratelimit.Cost;
import io.github.llmratelimit.LlmRateLimited;
import io.github.llmratelimit.aop.FakeTokens.Message;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CallCost} where no tokens are stated, so that arguments are counted.
 */
@ExtendWith(OutputCaptureExtension.class)
class PromptArgumentsTests extends CostFixture {

	private final Service service = this.beans.proxy(new Service());

	@Test
	void argumentsWhenTextAreCounted() {
		this.service.absent("four", new StringBuilder("five5"), 17);
		assertThat(cost()).isEqualTo(Cost.of(9, DEFAULT_OUTPUT));
	}

	@Test
	void argumentsWhenMessagesAreCounted() {
		this.service.messages(List.of(new Message("me", "seven77")), "four");
		assertThat(cost()).isEqualTo(Cost.of(11, DEFAULT_OUTPUT));
	}

	@Test
	void argumentsWhenOtherAttributesUseThemAreNotCounted() {
		this.service.used("gpt-4o", "acme", "HIGH", "four");
		assertThat(cost()).isEqualTo(Cost.of(4, DEFAULT_OUTPUT));
	}

	@Test
	void argumentsWhenExpressionsReadThemAreNotCounted() {
		this.service.usedInExpression("acme-7", "four");
		assertThat(cost()).isEqualTo(Cost.of(4, DEFAULT_OUTPUT));
	}

	@Test
	void argumentsWhenNamedThroughTheRootAreNotCounted() {
		this.service.usedThroughRoot("acme-7", "four");
		assertThat(cost()).isEqualTo(Cost.of(4, DEFAULT_OUTPUT));
	}

	@Test
	void messageWhenOnlyItsUserIsReadIsCounted() {
		this.service.userOfMessage(new Message("me", "seven77"));
		assertThat(cost()).isEqualTo(Cost.of(7, DEFAULT_OUTPUT));
		assertThat(this.beans.limiter().request().tenant()).isEqualTo("me");
	}

	@Test
	void argumentsWhenNullAreSkipped() {
		this.service.absent("four", null, 1);
		assertThat(cost()).isEqualTo(Cost.of(4, DEFAULT_OUTPUT));
	}

	@Test
	void argumentsWhenOutputIsStatedAddsIt() {
		this.service.absentWithOutput("four");
		assertThat(cost()).isEqualTo(Cost.of(4, 300));
	}

	@Test
	void argumentsWhenNoneCanBeCountedTakesTheDefaultOutput() {
		this.beans.proxy(new Nothing()).ask(5);
		assertThat(cost()).isEqualTo(Cost.of(EMPTY_PROMPT, DEFAULT_OUTPUT));
	}

	@Test
	void argumentsWhenNoneCanBeCountedIsLoggedAtStartUp(CapturedOutput output) {
		new LimitedBeans().read(Nothing.class);
		assertThat(output).containsOnlyOnce("Nothing.ask(int) has no argument whose tokens can be counted");
	}

	@Test
	void argumentsWhenNoneIsAPromptIsLoggedOnce(CapturedOutput output) {
		this.service.unknown(new Object[0]);
		this.service.unknown(new Object[0]);
		assertThat(output).containsOnlyOnce("no argument is a prompt");
		assertThat(this.beans.failures()).isEqualTo(2);
	}

	static class Nothing {

		@LlmRateLimited("gpt-4o")
		public void ask(int n) {
		}

	}

	static class Service {

		@LlmRateLimited("gpt-4o")
		public void absent(String prompt, CharSequence system, int n) {
		}

		@LlmRateLimited("gpt-4o")
		public void messages(List<Message> messages, String system) {
		}

		@LlmRateLimited(model = "#model", tenant = "#tenant", priority = "#p2")
		public void used(String model, String tenant, String priority, String prompt) {
		}

		@LlmRateLimited(model = "gpt-4o", tenant = "#{#tenant.toUpperCase()}")
		public void usedInExpression(String tenant, String prompt) {
		}

		@LlmRateLimited(model = "gpt-4o", tenant = "#root.args[0].trim()")
		public void usedThroughRoot(String tenant, String prompt) {
		}

		@LlmRateLimited(model = "gpt-4o", tenant = "#message.user")
		public void userOfMessage(Message message) {
		}

		@LlmRateLimited(model = "gpt-4o", maxOutputTokens = "300")
		public void absentWithOutput(String prompt) {
		}

		@LlmRateLimited("gpt-4o")
		public void unknown(Object value) {
		}

	}

}

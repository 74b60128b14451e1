package io.github.llmratelimit.autoconfigure.aop;

import java.util.ArrayList;
import java.util.List;

import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.LlmCall;
import io.github.llmratelimit.LlmRateLimited;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.autoconfigure.LlmRateLimitAutoConfiguration;
import io.github.llmratelimit.engine.AcquireOutcome;
import io.github.llmratelimit.engine.RateLimitListener;
import io.github.llmratelimit.learning.InputRatios;
import io.github.llmratelimit.learning.OutputEstimates;
import io.github.llmratelimit.tokens.TokenEstimator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests that annotated calls are estimated by what earlier ones took.
 */
class LearnedEstimatesTests {

	private static final String PROMPT = "Tell me, in a few words, what a rolling window is.";

	private static final int CALLS = 100;

	private final Costs costs = new Costs();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(LlmRateLimitAutoConfiguration.class, LlmRateLimitAopAutoConfiguration.class))
		.withBean(Costs.class, () -> this.costs)
		.withBean(Service.class)
		.withPropertyValues("llm.ratelimit.models.m.provider=generic", "llm.ratelimit.models.m.model=claude-m",
				"llm.ratelimit.models.m.tpm=1000M", "llm.ratelimit.models.m.rpm=100k");

	@Test
	void outputWhenNothingIsKnownIsTheDefault() {
		this.runner.run((context) -> {
			ask(context, 1, Usage.of(30, 40));
			assertThat(this.costs.last().outputTokens()).isEqualTo(512);
		});
	}

	@Test
	void outputWhenAnswersWereShortIsShort() {
		this.runner.run((context) -> {
			ask(context, CALLS, Usage.of(30, 40));
			assertThat(this.costs.last().outputTokens()).isBetween(40L, 60L);
		});
	}

	@Test
	void outputWhenStatedIsNotLearned() {
		this.runner.run((context) -> {
			for (int i = 0; i < CALLS; i++) {
				context.getBean(Service.class).askBriefly(PROMPT, Usage.of(30, 40));
			}
			assertThat(this.costs.last().outputTokens()).isEqualTo(100);
			assertThat(context.getBean(OutputEstimates.class).all()).isEmpty();
		});
	}

	@Test
	void outputWhenAnswersAreLongerThanTheLimitFitsIntoIt() {
		this.runner
			.withPropertyValues("llm.ratelimit.models.m.tpm=1000", "llm.ratelimit.models.m.booking=estimate",
					"llm.ratelimit.mode=observe")
			.run((context) -> {
				ask(context, CALLS, Usage.of(30, 5_000));
				assertThat(this.costs.last().totalTokens()).isEqualTo(1_000);
			});
	}

	@Test
	void outputWhenCallsFailIsNotLearned() {
		this.runner.run((context) -> {
			assertThatIllegalStateException()
				.isThrownBy(() -> context.getBean(Service.class).fail(PROMPT, Usage.of(30, 1)));
			assertThat(context.getBean(OutputEstimates.class).all()).singleElement()
				.satisfies((estimate) -> assertThat(estimate.calls()).isZero());
		});
	}

	@Test
	void outputWhenResetIsTheDefaultAgain() {
		this.runner.run((context) -> {
			ask(context, CALLS, Usage.of(30, 40));
			context.getBean(OutputEstimates.class).reset("m");
			ask(context, 1, Usage.of(30, 40));
			assertThat(this.costs.last().outputTokens()).isEqualTo(512);
		});
	}

	@Test
	void limiterWhenCallsTaughtShowsItAndForgets() {
		this.runner.run((context) -> {
			ask(context, CALLS, Usage.of(30, 40));
			LlmRateLimiter limiter = context.getBean(LlmRateLimiter.class);
			assertThat(limiter.learned().outputTokens().values()).singleElement().satisfies((tokens) -> {
				assertThat(tokens).isBetween(40L, 60L);
				limiter.forgetLearned();
			});
			ask(context, 1, Usage.of(30, 40));
			assertThat(this.costs.last().outputTokens()).isEqualTo(512);
		});
	}

	@Test
	void inputWhenProviderCountsMoreGrows() {
		this.runner.run((context) -> {
			ask(context, 1, Usage.of(0, 40));
			long first = this.costs.last().inputTokens();
			ask(context, CALLS, Usage.of(2 * first, 40));
			assertThat(context.getBean(InputRatios.class).all()).containsOnlyKeys("claude-m");
			assertThat(this.costs.last().inputTokens()).isBetween(2 * first - 2, 2 * first + 2);
		});
	}

	@Test
	void inputWhenReportIsNoVocabularysDoingIsNotLearned() {
		this.runner.run((context) -> {
			ask(context, CALLS, Usage.of(100_000, 40));
			assertThat(context.getBean(InputRatios.class).ratio("claude-m")).isEqualTo(TokenEstimator.SAFE_RATIO);
		});
	}

	@Test
	void estimatesWhenSwitchedOffStay() {
		this.runner.withPropertyValues("llm.ratelimit.learning.output-tokens=false").run((context) -> {
			ask(context, 1, Usage.of(30, 40));
			Cost first = this.costs.last();
			ask(context, CALLS, Usage.of(2 * first.inputTokens(), 40));
			assertThat(this.costs.last()).isEqualTo(first);
			assertThat(context).doesNotHaveBean(OutputEstimates.class).doesNotHaveBean(InputRatios.class);
		});
	}

	private static void ask(ApplicationContext context, int calls, Usage usage) {
		for (int i = 0; i < calls; i++) {
			context.getBean(Service.class).ask(PROMPT, usage);
		}
	}

	/** What was asked for. */
	static class Costs implements RateLimitListener {

		private final List<Cost> costs = new ArrayList<>();

		@Override
		public void onAcquire(LlmRateLimiter limiter, CallRequest request, AcquireOutcome outcome, long waitedNanos) {
			this.costs.add(request.cost());
		}

		Cost last() {
			return this.costs.get(this.costs.size() - 1);
		}

	}

	static class Service {

		@LlmRateLimited(model = "m", tokens = "#prompt")
		void ask(String prompt, Usage usage) {
			record(usage);
		}

		@LlmRateLimited(model = "m", tokens = "#prompt", maxOutputTokens = "100")
		void askBriefly(String prompt, Usage usage) {
			record(usage);
		}

		@LlmRateLimited(model = "m", tokens = "#prompt")
		void fail(String prompt, Usage usage) {
			record(usage);
			throw new IllegalStateException("cut off");
		}

		private static void record(Usage usage) {
			@Nullable LlmCall call = LlmCall.currentOrNull();
			if (call != null) {
				call.recordUsage(usage);
			}
		}

	}

}

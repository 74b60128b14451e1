package io.github.llmratelimit.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;

import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.LlmCall;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.time.FakeTime;
import io.github.llmratelimit.usage.UsageFinder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what {@link CallRunner} does with usage in return values.
 */
class ReturnedUsageTests {

	private final List<@Nullable Usage> usages = new ArrayList<>();

	@Test
	void callWhenReturnValueHasUsageSettlesWithIt() throws Exception {
		call(new UsageFinder(List.of())::find, () -> new Response("4", new Tokens(12, 5)));
		assertThat(this.usages).containsExactly(Usage.of(12, 5));
	}

	@Test
	void callWhenReturnValueHasMoreThanTheCostTakesTheRest() throws Exception {
		LlmRateLimiter limiter = call(new UsageFinder(List.of())::find, () -> new Response("4", new Tokens(300, 200)));
		assertThat(limiter.tryAcquire(Cost.of(500, 1))).isEmpty();
	}

	@Test
	void callWhenUsageWasRecordedSettlesWithThat() throws Exception {
		call(new UsageFinder(List.of())::find, () -> {
			LlmCall.current().orElseThrow().recordUsage(Usage.of(7, 3));
			return new Response("4", new Tokens(12, 5));
		});
		assertThat(this.usages).containsExactly(Usage.of(7, 3));
	}

	@Test
	void callWhenNothingIsFoundEndsWithoutUsage() throws Exception {
		call(new UsageFinder(List.of())::find, () -> "4");
		assertThat(this.usages).containsOnlyNulls().hasSize(1);
	}

	@Test
	void callWhenNullIsReturnedEndsWithoutUsage() throws Exception {
		call(new UsageFinder(List.of())::find, () -> null);
		assertThat(this.usages).containsOnlyNulls().hasSize(1);
	}

	@Test
	void callWhenFindingFailsReturnsTheResult() throws Exception {
		LlmRateLimiter limiter = limiter((result) -> {
			throw new IllegalStateException("broken");
		});
		assertThat(limiter.<String>call(CallRequest.of(Cost.of(10, 10)), () -> "4")).isEqualTo("4");
	}

	private LlmRateLimiter call(Function<Object, @Nullable Usage> usage, Callable<Object> body) throws Exception {
		LlmRateLimiter limiter = limiter(usage);
		limiter.call(CallRequest.of(Cost.of(10, 10)), body);
		return limiter;
	}

	private LlmRateLimiter limiter(Function<Object, @Nullable Usage> usage) {
		return new TestLimiters(new FakeTime()).model("gpt-4o").usage(usage).build(new RateLimitListener() {
			@Override
			public void onEnd(LlmRateLimiter limiter, Cost cost, @Nullable String tenant, @Nullable Usage ended) {
				ReturnedUsageTests.this.usages.add(ended);
			}
		}).limiter("gpt-4o");
	}

	private record Response(String text, Tokens usage) {
	}

	private record Tokens(int promptTokens, int completionTokens) {
	}

}

package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimiterStatus.State;
import io.github.llmratelimit.LlmCall;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.LlmRateLimiterRegistry;
import io.github.llmratelimit.ModelLimits;
import io.github.llmratelimit.provider.HttpFields;
import io.github.llmratelimit.provider.ProviderDialect;
import io.github.llmratelimit.provider.ProviderDialects;
import io.github.llmratelimit.provider.ProviderResponse;
import io.github.llmratelimit.provider.SignalKind;
import io.github.llmratelimit.provider.WrittenDialect;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OutsideCalls} and {@link OutsideCall}.
 */
class OutsideCallsTests {

	private static final String HOST = "api.openai.com";

	private static final CallRequest REQUEST = CallRequest.of(Cost.ofTotal(100));

	private final TestEngine engine = new TestEngine();

	@Test
	void findWhenTheProviderNamesTheModelSoIsItsBudget() {
		assertThat(found("gpt-4o", model("chat", "gpt-4o", "a"), model("small", "gpt-4o-mini", "b"))).isEqualTo("chat");
	}

	@Test
	void findWhenNamedByAliasOrWithADateIsItsBudget() {
		LimiterDefinition chat = model("chat", "gpt-4o", "a", "chatgpt-4o-latest");
		assertThat(found("chatgpt-4o-latest", chat)).isEqualTo("chat");
		assertThat(found("gpt-4o-2024-11-20", chat)).isEqualTo("chat");
	}

	@Test
	void findWhenOnlyTheApplicationNamesTheModelSoIsNobodys() {
		assertThat(found("chat", model("chat", "gpt-4o", "a"))).isNull();
	}

	@Test
	void findWhenModelIsUnknownIsNobodys() {
		assertThat(found("text-embedding-3-small", model("gpt-4o", "gpt-4o", "a"))).isNull();
	}

	@Test
	void findWhenTwoAccountsHaveTheModelIsNobodys() {
		assertThat(found("gpt-4o", model("one", "gpt-4o", "a"), model("two", "gpt-4o", "b"))).isNull();
	}

	@Test
	void findWhenTwoNamesShareTheBudgetIsThatBudget() {
		assertThat(found("gpt-4o", model("one", "gpt-4o", "a"), model("two", "gpt-4o", "a"))).isEqualTo("one");
	}

	@Test
	void findWhenHostIsAnothersIsNobodys() {
		OutsideCalls calls = calls(model("gpt-4o", "gpt-4o", "a"));
		assertThat(calls.isProviderHost("example.org")).isFalse();
		assertThat(calls.find("example.org", "gpt-4o")).isNull();
	}

	@Test
	void findWhenTheLimiterIsOffIsNobodys() {
		this.engine.mode = LimiterMode.OFF;
		assertThat(calls(model("gpt-4o", "gpt-4o", "a")).isProviderHost(HOST)).isFalse();
	}

	@Test
	void insideWhenTheModelSharesTheBudgetIsTheCalls() throws Exception {
		LlmRateLimiterRegistry registry = this.engine.registry(model("one", "gpt-4o", "a"),
				model("two", "gpt-4o-mini", "a"));
		OutsideCalls calls = new OutsideCalls(registry.limiters());
		registry.limiter("one").call(REQUEST, () -> {
			assertThat(calls.inside(current(), HOST, "gpt-4o-mini")).isSameAs(current());
			assertThat(calls.areOthersAt(HOST, current())).isFalse();
			return null;
		});
	}

	@Test
	void insideWhenTheModelIsThatOfTheCallAroundCountsAsItsRequest() throws Exception {
		LlmRateLimiterRegistry registry = this.engine.registry(model("one", "gpt-4o", "a"),
				model("two", "gpt-4o-mini", "b"));
		OutsideCalls calls = new OutsideCalls(registry.limiters());
		registry.limiter("one").call(REQUEST, () -> {
			current().onSend();
			return registry.limiter("two").call(REQUEST, () -> {
				calls.inside(current(), HOST, "gpt-4o").onSend();
				return null;
			});
		});
		assertThat(registry.limiter("one").status().windows().get(0).remaining()).isEqualTo(8);
	}

	@Test
	void findUnnamedWhenThereIsOneModelIsItsBudget() {
		assertThat(calls(model("gpt-4o", "gpt-4o", "a")).findUnnamed(HOST)).isNotNull();
	}

	@Test
	void findUnnamedWhenThereAreTwoModelsIsNobodys() {
		assertThat(calls(model("one", "gpt-4o", "a"), model("two", "gpt-4o-mini", "a")).findUnnamed(HOST)).isNull();
	}

	@Test
	void onResponseWhenRefusedPausesTheBudget() {
		outside(WrittenDialect.response(SignalKind.RATE_LIMIT_TOKENS, Duration.ofSeconds(3)));
		assertThat(limiter().status().paused()).isEqualTo(Duration.ofSeconds(3));
		assertThat(this.engine.events).containsExactly("response rate_limit_tokens");
	}

	@Test
	void onResponseWhenRefusedDoesNotLengthenTheGuard() {
		limiter().tryAcquire(Cost.ofTotal(1000)).orElseThrow();
		outside(WrittenDialect.response(SignalKind.RATE_LIMIT_TOKENS, Duration.ofSeconds(3)));
		assertThat(limiter().forecast(CallRequest.of(Cost.ofTotal(1))).waitTime()).isEqualTo(TestEngine.BACK);
	}

	@Test
	void onResponseWhenQuotaIsUsedUpRefusesCallers() {
		outside(WrittenDialect.response(SignalKind.QUOTA_EXHAUSTED));
		assertThat(limiter().status().state()).isEqualTo(State.QUOTA_EXHAUSTED);
	}

	@Test
	void onResponseWhenServedAfterQuotaWasUsedUpLetsCallersPass() {
		outside(WrittenDialect.response(SignalKind.QUOTA_EXHAUSTED));
		this.engine.time.advance(Duration.ofSeconds(1));
		outside(WrittenDialect.response(SignalKind.OK));
		assertThat(limiter().status().state()).isEqualTo(State.OK);
	}

	@Test
	void onResponseWhenServedTakesNothing() {
		outside(WrittenDialect.response(SignalKind.OK));
		assertThat(this.engine.remaining(Dimension.REQUESTS)).isEqualTo(10);
		assertThat(this.engine.remaining(Dimension.TOKENS)).isEqualTo(1000);
	}

	@Test
	void onResponseWhenItTellsALimitIsLearned() {
		LlmRateLimiter limiter = learning();
		told(limiter, 600, 600);
		assertThat(tokens(limiter)).isEqualTo(600);
	}

	@Test
	void onResponseWhenItTellsWhatIsLeftCapsWhatIsLeftToUs() {
		LlmRateLimiter limiter = learning();
		told(limiter, 1000, 1000);
		told(limiter, 1000, 300);
		assertThat(limiter.tryAcquire(Cost.ofTotal(301))).isEmpty();
		assertThat(limiter.tryAcquire(Cost.ofTotal(300))).isPresent();
	}

	@Test
	void onResponseWhenItTellsWhatIsLeftCountsWhatWeUseOnce() {
		LlmRateLimiter limiter = learning();
		told(limiter, 1000, 1000);
		limiter.tryAcquire(Cost.ofTotal(400)).orElseThrow();
		this.engine.time.advance(Duration.ofSeconds(1));
		told(limiter, 1000, 600);
		assertThat(limiter.tryAcquire(Cost.ofTotal(600))).isPresent();
	}

	@Test
	void onResponseWhenMoreIsLeftThanBookedGivesNoCredit() {
		LlmRateLimiter limiter = learning();
		told(limiter, 1000, 1000);
		limiter.tryAcquire(Cost.ofTotal(900)).orElseThrow();
		this.engine.time.advance(Duration.ofSeconds(5));
		told(limiter, 1000, 700);
		assertThat(limiter.tryAcquire(Cost.ofTotal(200))).isEmpty();
	}

	private String found(String named, LimiterDefinition... definitions) {
		OutsideCall call = calls(definitions).find(HOST, named);
		return (call != null) ? call.model() : null;
	}

	private OutsideCalls calls(LimiterDefinition... definitions) {
		return new OutsideCalls(this.engine.registry(definitions).limiters());
	}

	private LimiterDefinition model(String name, String providerModel, String pool, String... aliases) {
		return model(name, providerModel, pool, new WrittenDialect(), aliases);
	}

	private LimiterDefinition model(String name, String providerModel, String pool, ProviderDialect dialect,
			String... aliases) {
		ModelLimits limits = new ModelLimits(name, providerModel, new BudgetKey("openai", pool), this.engine.limits,
				Booking.ESTIMATE, 512);
		return new LimiterDefinition(limits, Set.of(aliases), dialect, Set.of(HOST), this.engine.mode);
	}

	private LlmRateLimiter limiter() {
		return this.engine.limiter();
	}

	/** A limiter that understands OpenAI's headers. */
	private LlmRateLimiter learning() {
		this.engine.limits = List.of(Limit.perMinute(Dimension.TOKENS, 1000));
		return this.engine.registry(model("gpt-4o", "gpt-4o", "a", ProviderDialects.named("openai"))).limiter("gpt-4o");
	}

	private static long tokens(LlmRateLimiter limiter) {
		return limiter.limits().limits().get(0).amount();
	}

	private static LimitedCall current() {
		return (LimitedCall) LlmCall.current().orElseThrow();
	}

	private void outside(ProviderResponse response) {
		answer(limiter(), response);
	}

	private void told(LlmRateLimiter limiter, long limit, long remaining) {
		answer(limiter,
				new ProviderResponse(200,
						HttpFields.of(Map.of("x-ratelimit-limit-tokens", List.of(Long.toString(limit)),
								"x-ratelimit-remaining-tokens", List.of(Long.toString(remaining)))),
						null));
	}

	private static void answer(LlmRateLimiter limiter, ProviderResponse response) {
		OutsideCall call = new OutsideCalls(List.of(limiter)).find(HOST, "gpt-4o");
		call.onSend();
		call.onResponse(response);
	}

}

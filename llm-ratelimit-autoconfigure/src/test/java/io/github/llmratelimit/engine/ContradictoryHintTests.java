package io.github.llmratelimit.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.LlmCall;
import io.github.llmratelimit.provider.HttpFields;
import io.github.llmratelimit.provider.ProviderDialects;
import io.github.llmratelimit.provider.ProviderException;
import io.github.llmratelimit.provider.ProviderResponse;
import io.github.llmratelimit.provider.ProviderSignal;
import io.github.llmratelimit.time.FakeTime;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a budget makes of waits that contradict what they stand beside.
 */
class ContradictoryHintTests {

	/** Captured on 2026-08-31: obeyed, it leads into the same wall. */
	private static final ProviderResponse AZURE = new ProviderResponse(429,
			HttpFields.of(Map.of("retry-after", List.of("1"), "retry-after-ms", List.of("0"),
					"x-ratelimit-reset-tokens", List.of("0"), "x-ratelimit-remaining-tokens", List.of("0"),
					"x-ratelimit-renewalperiod-tokens", List.of("60"))),
			"""
					{"error":{"code":"429","message":"Requests have exceeded token rate limit of your current OpenAI S0 \
					pricing tier. Please retry after 1 second."}}""");

	/** Seen on 2026-07-08: 38 s beside the quota of a day. */
	private static final ProviderResponse GEMINI = new ProviderResponse(429, HttpFields.EMPTY, """
			{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"Please retry in 38.2s.","details":[
			{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[
			{"quotaId":"GenerateRequestsPerDayPerProjectPerModel-FreeTier","quotaValue":"20"}]},
			{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"38s"}]}}""");

	private final TestEngine engine = new TestEngine();

	@Test
	void refusalWhenAzureHintsAtASecondWithAFullMinutePausesForTheMinute() throws Exception {
		this.engine.dialect = ProviderDialects.named("azure-openai");
		hear(AZURE);
		assertThat(this.engine.limiter().status().paused()).isEqualTo(Duration.ofMinutes(1));
	}

	@Test
	void readWhenAzureHintsAtASecondWithAFullMinuteWaitsForTheMinute() {
		this.engine.dialect = ProviderDialects.named("azure-openai");
		ProviderSignal signal = this.engine.registry().read("gpt-4o", new ProviderException(AZURE));
		assertThat(signal.retryAfter()).isEqualTo(Duration.ofMinutes(1));
	}

	@Test
	void refusalWhenProvisionedThroughputHintsIsBelieved() throws Exception {
		this.engine.dialect = ProviderDialects.named("azure-openai-ptu");
		hear(AZURE);
		assertThat(this.engine.limiter().status().paused()).isEqualTo(Duration.ofSeconds(1));
	}

	@Test
	void refusalWhenGeminiHintsAtSecondsBesideADayParksUntilMidnightPacific() throws Exception {
		this.engine.dialect = ProviderDialects.named("gemini");
		this.engine.limits = List.of(new Limit(Dimension.REQUESTS, 20, Duration.ofDays(1), LimitOrigin.CONFIGURED));
		hear(GEMINI);
		Duration paused = this.engine.limiter().status().paused();
		assertThat(FakeTime.START.plus(paused)).isEqualTo(Instant.parse("2026-03-02T08:00:00Z"));
		CallRequest hasty = CallRequest.of(Cost.ofTotal(1)).withMaxWait(Duration.ZERO);
		assertThat(this.engine.limiter().acquireAsync(hasty)).failsWithin(Duration.ofSeconds(20))
			.withThrowableThat()
			.withMessageContaining("DAY_LIMIT");
	}

	@Test
	void readWhenGeminiHintsAtSecondsBesideADayIsNotRetried() {
		this.engine.dialect = ProviderDialects.named("gemini");
		ProviderSignal signal = this.engine.registry().read("gpt-4o", new ProviderException(GEMINI));
		assertThat(signal.retryable()).isFalse();
		assertThat(signal.retryAfter()).isNull();
	}

	private void hear(ProviderResponse response) throws Exception {
		this.engine.limiter().call(CallRequest.of(Cost.ofTotal(1)), () -> {
			((LimitedCall) LlmCall.current().orElseThrow()).onResponse(response);
			return null;
		});
	}

}

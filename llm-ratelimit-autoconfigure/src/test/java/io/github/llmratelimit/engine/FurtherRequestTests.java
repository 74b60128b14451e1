package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.LlmCall;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.provider.SignalKind;
import io.github.llmratelimit.provider.WrittenDialect;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for limited calls that send several requests.
 */
class FurtherRequestTests {

	private static final CallRequest REQUEST = CallRequest.of(Cost.ofTotal(100));

	private final TestEngine engine = new TestEngine();

	@Test
	void callWhenItSendsOneRequestTakesOne() throws Exception {
		call(this::send);
		assertThat(this.engine.remaining(Dimension.REQUESTS)).isEqualTo(9);
	}

	@Test
	void callWhenItSendsThreeRequestsTakesThree() throws Exception {
		call(this::send, this::send, this::send);
		assertThat(this.engine.remaining(Dimension.REQUESTS)).isEqualTo(7);
	}

	@Test
	void callWhenItSendsThreeRequestsTakesItsTokensOnce() throws Exception {
		call(this::send, this::send, this::send);
		assertThat(this.engine.remaining(Dimension.TOKENS)).isEqualTo(900);
	}

	@Test
	void callWhenThereIsNoBudgetSendsFurtherRequestsWithoutWaiting() throws Exception {
		this.engine.limits = List.of(Limit.perMinute(Dimension.REQUESTS, 1));
		call(this::send, this::send);
		assertThat(this.engine.limiter().forecast(REQUEST).waitTime()).isEqualTo(TestEngine.BACK);
	}

	@Test
	void callWhenItSendsLaterHoldsEachRequestFromThen() throws Exception {
		call(this::send, () -> this.engine.time.advance(Duration.ofSeconds(30)), this::send);
		this.engine.time.advance(TestEngine.BACK.minusNanos(1));
		assertThat(this.engine.remaining(Dimension.REQUESTS)).isEqualTo(8);
		this.engine.time.advance(Duration.ofNanos(1));
		assertThat(this.engine.remaining(Dimension.REQUESTS)).isEqualTo(10);
	}

	@Test
	void callWhenItSendsSeveralRequestsIsOneCallInProgress() throws Exception {
		this.engine.limits = List.of(new Limit(Dimension.CONCURRENT, 10, null, LimitOrigin.CONFIGURED));
		call(this::send, this::send, () -> assertThat(this.engine.remaining(Dimension.CONCURRENT)).isEqualTo(9),
				() -> assertThat(this.engine.limiter().status().inFlight()).isOne());
		assertThat(this.engine.remaining(Dimension.CONCURRENT)).isEqualTo(10);
	}

	@Test
	void callWhenAPartOfItSendsTakesARequestMore() throws Exception {
		call(this::send, () -> this.engine.limiter().call(REQUEST, body(this::send)));
		assertThat(this.engine.remaining(Dimension.REQUESTS)).isEqualTo(8);
	}

	@Test
	void callWhenOnlyAPartOfItSendsTakesOne() throws Exception {
		call(() -> this.engine.limiter().call(REQUEST, body(this::send)));
		assertThat(this.engine.remaining(Dimension.REQUESTS)).isEqualTo(9);
	}

	@Test
	void usageWhenReportedForEachRequestIsAddedUp() throws Exception {
		call(this::send, () -> report(200), this::send, () -> report(30));
		assertThat(this.engine.events).endsWith("end 100 230");
	}

	@Test
	void usageWhenReportedForRequestsAtOneTimeIsAddedUp() throws Exception {
		call(this::send, this::send, () -> report(200), () -> report(30));
		assertThat(this.engine.events).endsWith("end 100 230");
	}

	@Test
	void usageWhenReportedMoreOftenThanRequestsWereSentIsTheLatest() throws Exception {
		call(this::send, () -> report(5), () -> report(200), this::send, () -> report(3), () -> report(30));
		assertThat(this.engine.events).endsWith("end 100 230");
	}

	@Test
	void usageWhenReportedOnceForAllRequestsIsThat() throws Exception {
		call(this::send, this::send, this::send, () -> report(230));
		assertThat(this.engine.events).endsWith("end 100 230");
	}

	@Test
	void usageWhenReportedByAPartIsAddedToThatOfTheRest() throws Exception {
		call(this::send, () -> report(200),
				() -> this.engine.limiter().call(REQUEST, body(this::send, () -> report(7), () -> report(30))));
		assertThat(this.engine.events).endsWith("end 100 230");
	}

	@Test
	void usageWhenAboveTheCostIsTakenInSum() throws Exception {
		call(this::send, () -> report(200), this::send, () -> report(30));
		assertThat(this.engine.remaining(Dimension.TOKENS)).isEqualTo(770);
	}

	@Test
	void usageWhenBelowTheCostIsSettledInSum() throws Exception {
		this.engine.booking = Booking.SETTLED;
		call(this::send, () -> report(20), this::send, () -> report(30));
		assertThat(this.engine.remaining(Dimension.TOKENS)).isEqualTo(950);
	}

	@Test
	void refusalOfAFurtherRequestKeepsTheTokens() throws Exception {
		call(this::send, this::send, this::refuse);
		assertThat(this.engine.remaining(Dimension.TOKENS)).isEqualTo(900);
	}

	@Test
	void refusalOfTheOnlyRequestGivesTheTokensBack() throws Exception {
		call(this::send, this::refuse);
		assertThat(this.engine.remaining(Dimension.TOKENS)).isEqualTo(1000);
	}

	private void call(Step... steps) throws Exception {
		this.engine.limiter().call(REQUEST, body(steps));
	}

	private static Callable<String> body(Step... steps) {
		return () -> {
			for (Step step : steps) {
				step.run();
			}
			return "answer";
		};
	}

	private void send() {
		current().onSend();
	}

	private void refuse() {
		current().onResponse(WrittenDialect.response(SignalKind.RATE_LIMIT_TOKENS));
	}

	private static void report(long tokens) {
		current().recordUsage(Usage.of(tokens, 0));
	}

	private static LimitedCall current() {
		return (LimitedCall) LlmCall.current().orElseThrow();
	}

	/** What a method does. */
	private interface Step {

		void run() throws Exception;

	}

}

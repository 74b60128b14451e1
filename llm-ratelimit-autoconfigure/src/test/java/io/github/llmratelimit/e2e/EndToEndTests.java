package io.github.llmratelimit.e2e;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.LlmCall;
import io.github.llmratelimit.LlmRateLimitExceededException;
import io.github.llmratelimit.LlmRateLimitExceededException.Reason;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.LlmRateLimiterRegistry;
import io.github.llmratelimit.StubProvider;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.time.FakeTime;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.util.ClassUtils;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.HttpServerErrorException;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What an application sees that uses only beans, configuration and HTTP.
 */
class EndToEndTests {

	private static final String TOO_FAST = """
			{"error": {"message": "Rate limit reached for gpt-4o on requests per min (RPM): Limit 500, Used 500, \
			Requested 1.", "type": "requests", "param": null, "code": "rate_limit_exceeded"}}""";

	private static final String NO_MONEY = """
			{"error": {"message": "You exceeded your current quota, please check your plan and billing details.", \
			"type": "insufficient_quota", "param": null, "code": "insufficient_quota"}}""";

	private static final CallRequest REQUEST = CallRequest.of(Cost.of(10, 10));

	private final StubProvider provider = new StubProvider();

	private final List<Thread> callers = new ArrayList<>();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(autoConfigurations()))
		.withPropertyValues("llm.ratelimit.models.gpt-4o.provider=openai", "llm.ratelimit.models.gpt-4o.rpm=500",
				"llm.ratelimit.models.gpt-4o.tpm=30000", "llm.ratelimit.providers.openai.hosts=localhost",
				"llm.ratelimit.retry.server-error-base-delay=1ms");

	@AfterEach
	void stop() {
		this.provider.close();
	}

	@Test
	void callWhenAnsweredReturnsTheAnswerAndCounts() {
		run((context) -> {
			assertThat(call(context)).isEqualTo("fine");
			assertThat(count(context, "responses", "ok")).isEqualTo(1);
		});
	}

	@Test
	void callWhenRefusedHoldsBackAnotherCaller() {
		tooFast(600_000);
		run((context) -> {
			assertThatExceptionOfType(HttpClientErrorException.TooManyRequests.class).isThrownBy(() -> call(context));
			CallRequest impatient = REQUEST.withMaxWait(Duration.ZERO);
			LlmRateLimitExceededException refused = catchThrowableOfType(LlmRateLimitExceededException.class,
					() -> call(context, impatient));
			assertThat(refused.reason()).isEqualTo(Reason.PAUSED);
			assertThat(refused).hasCauseInstanceOf(HttpClientErrorException.TooManyRequests.class);
			assertThat(this.provider.requests()).isEqualTo(1);
		});
	}

	@Test
	void callWhenAnotherWasRefusedStartsOnceTheHintHasPassed() {
		FakeTime time = new FakeTime();
		tooFast(300);
		this.runner.withBean(FakeTime.class, () -> time).run((context) -> {
			CompletableFuture<String> first = async(() -> call(context));
			FakeTime.await(() -> !limiter(context).status().paused().isZero());
			FakeTime.awaitParked(this.callers.get(0));
			CompletableFuture<String> second = async(() -> call(context));
			FakeTime.await(() -> limiter(context).status().queued() == 1);
			time.advance(Duration.ofMillis(299));
			assertThat(limiter(context).status().queued()).isEqualTo(1);
			time.advance(Duration.ofMinutes(1));
			assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo("fine");
			assertThat(second.get(20, TimeUnit.SECONDS)).isEqualTo("fine");
			assertThat(this.provider.requests()).isEqualTo(3);
		});
	}

	@Test
	void callWhenRefusedOnceIsRepeatedAndCounted() {
		tooFast(50);
		run((context) -> {
			assertThat(call(context)).isEqualTo("fine");
			assertThat(count(context, "retries", "rate_limit_requests")).isEqualTo(1);
			assertThat(count(context, "responses", "ok")).isEqualTo(1);
		});
	}

	@Test
	void callWhenServerFailsOnceIsRepeated() {
		this.provider.answer(500, Map.of(), "{}");
		run((context) -> {
			assertThat(call(context)).isEqualTo("fine");
			assertThat(count(context, "retries", "server_error")).isEqualTo(1);
			assertThat(this.provider.requests()).isEqualTo(2);
		});
	}

	@Test
	void callWhenAttemptsEndFailsAsTheProviderDid() {
		this.provider.answer(500, Map.of(), "first").answer(503, Map.of("X-Request-Id", "r-2"), "last");
		this.runner.withPropertyValues("llm.ratelimit.retry.max-attempts=2").run((context) -> {
			HttpServerErrorException failure = catchThrowableOfType(HttpServerErrorException.class,
					() -> call(context));
			assertThat(failure.getStatusCode().value()).isEqualTo(503);
			assertThat(failure.getResponseBodyAsString()).isEqualTo("last");
			assertThat(failure.getResponseHeaders().getFirst("X-Request-Id")).isEqualTo("r-2");
			assertThat(failure).hasNoCause();
		});
	}

	@Test
	void callWhenKeyIsRefusedIsNotRepeatedAndHealthSaysSo() {
		this.provider.answer(401, Map.of(), "{}");
		run((context) -> {
			assertThatExceptionOfType(HttpClientErrorException.Unauthorized.class).isThrownBy(() -> call(context));
			assertThat(this.provider.requests()).isEqualTo(1);
			assertThat(state(context)).isEqualTo("refused_key");
		});
	}

	@Test
	void callWhenQuotaIsExhaustedRefusesLaterOnesWithTheCause() {
		this.provider.answer(429, Map.of(), NO_MONEY);
		run((context) -> {
			HttpClientErrorException failure = catchThrowableOfType(HttpClientErrorException.class,
					() -> call(context));
			assertThat(failure.getResponseBodyAsString()).isEqualTo(NO_MONEY);
			LlmRateLimitExceededException refused = catchThrowableOfType(LlmRateLimitExceededException.class,
					() -> call(context));
			assertThat(refused.reason()).isEqualTo(Reason.QUOTA_EXHAUSTED);
			assertThat(refused.getCause()).isSameAs(failure);
			assertThat(this.provider.requests()).isEqualTo(1);
			assertThat(state(context)).isEqualTo("quota_exhausted");
		});
	}

	@Test
	void recordUsageWhenCalledInsideSettlesTheCall() {
		run((context) -> {
			limiter(context).call(REQUEST, () -> {
				LlmCall.current().orElseThrow().recordUsage(Usage.of(100, 900));
				return client(context).get().uri(this.provider.url()).retrieve().body(String.class);
			});
			assertThat(count(context, "tokens", "output")).isEqualTo(900);
			assertThat(limiter(context).status().windows()).filteredOn((window) -> window.limit().amount() == 30_000)
				.singleElement()
				.satisfies((window) -> assertThat(window.remaining()).isEqualTo(29_000));
		});
	}

	@Test
	void callWhenContextClosesIsCancelledAndNoThreadStays() {
		AtomicReference<CompletableFuture<String>> waiting = new AtomicReference<>();
		run((context) -> {
			limiter(context).acquire(Cost.of(30_000, 0)).settle(Usage.of(30_000, 0));
			waiting.set(async(() -> call(context)));
			FakeTime.await(() -> limiter(context).status().queued() == 1);
			assertThat(ourThreads()).isNotEmpty();
		});
		assertThat(waiting.get()).failsWithin(20, TimeUnit.SECONDS)
			.withThrowableThat()
			.isInstanceOf(CancellationException.class);
		FakeTime.await(() -> ourThreads().isEmpty());
		assertThat(this.provider.requests()).isZero();
	}

	private void tooFast(int hintMillis) {
		this.provider.answer(429, Map.of("retry-after-ms", Integer.toString(hintMillis)), TOO_FAST);
	}

	private void run(ContextConsumer<AssertableApplicationContext> test) {
		this.runner.run(test);
	}

	private String call(ApplicationContext context) throws Exception {
		return call(context, REQUEST);
	}

	private String call(ApplicationContext context, CallRequest request) throws Exception {
		RestClient client = client(context);
		return limiter(context).call(request,
				() -> client.get().uri(this.provider.url()).retrieve().body(String.class));
	}

	private static RestClient client(ApplicationContext context) {
		return context.getBean(RestClient.Builder.class).build();
	}

	private static LlmRateLimiter limiter(ApplicationContext context) {
		return context.getBean(LlmRateLimiterRegistry.class).limiter("gpt-4o");
	}

	private CompletableFuture<String> async(Callable<String> call) {
		CompletableFuture<String> result = new CompletableFuture<>();
		Thread thread = new Thread(() -> {
			try {
				result.complete(call.call());
			}
			catch (Throwable ex) {
				result.completeExceptionally(ex);
			}
		}, "caller");
		thread.setDaemon(true);
		this.callers.add(thread);
		thread.start();
		return result;
	}

	private static double count(ApplicationContext context, String meter, String kind) {
		return context.getBean(MeterRegistry.class)
			.find("llm.ratelimit." + meter)
			.tag("model", "gpt-4o")
			.tag("kind", kind)
			.counters()
			.stream()
			.mapToDouble((counter) -> counter.count())
			.sum();
	}

	private static Object state(ApplicationContext context) {
		HealthIndicator indicator = (HealthIndicator) context.getBean(HealthContributorRegistry.class)
			.getContributor("llmRateLimit");
		return ((Map<?, ?>) indicator.health().getDetails().get("gpt-4o")).get("state");
	}

	private static List<String> ourThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((name) -> name.startsWith("llm-ratelimit-"))
			.toList();
	}

	private static Class<?>[] autoConfigurations() {
		ClassLoader classLoader = EndToEndTests.class.getClassLoader();
		Stream<Class<?>> ours = StreamSupport
			.stream(ImportCandidates.load(AutoConfiguration.class, classLoader).spliterator(), false)
			.filter((name) -> name.startsWith("io.github.llmratelimit."))
			.map((name) -> ClassUtils.resolveClassName(name, classLoader));
		Stream<Class<?>> theirs = Stream.of(RestClientAutoConfiguration.class, MetricsAutoConfiguration.class,
				CompositeMeterRegistryAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class,
				HealthContributorRegistryAutoConfiguration.class, HealthContributorAutoConfiguration.class);
		return Stream.concat(ours, theirs).toArray(Class<?>[]::new);
	}

}

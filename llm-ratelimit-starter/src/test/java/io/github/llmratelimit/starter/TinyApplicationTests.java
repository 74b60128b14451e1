package io.github.llmratelimit.starter;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the starter, a client and an annotation are enough. The guard is wide, since
 * a busy machine delays calls by more than a network does.
 */
@Timeout(60)
class TinyApplicationTests {

	private static final int LIMIT = 5;

	private static final Duration WINDOW = Duration.ofMillis(500);

	private final ExecutorService callers = Executors.newFixedThreadPool(8);

	private StrictServer server;

	private ConfigurableApplicationContext context;

	@BeforeEach
	void start() throws Exception {
		this.server = new StrictServer(LIMIT, WINDOW);
		this.context = new SpringApplicationBuilder(TinyApplication.class).run("--provider=" + this.server.url(),
				"--llm.ratelimit.providers.openai.tier=build", "--llm.ratelimit.providers.openai.hosts=localhost",
				"--llm.ratelimit.models.gpt-4o.limits[0].dimension=requests",
				"--llm.ratelimit.models.gpt-4o.limits[0].amount=" + LIMIT,
				"--llm.ratelimit.models.gpt-4o.limits[0].per=" + WINDOW.toMillis() + "ms",
				"--llm.ratelimit.queue.guard=1s");
	}

	@AfterEach
	void stop() {
		this.callers.shutdownNow();
		this.context.close();
		this.server.close();
	}

	@Test
	void askWhenManyCallAtOnceIsNeverRefused() throws Exception {
		ask(20);
		assertThat(this.server.refused()).isZero();
	}

	@Test
	void askWhenManyCallAtOnceAnswersAll() throws Exception {
		ask(12);
		assertThat(this.server.answered()).isEqualTo(12);
	}

	@Test
	void askWhenManyCallAtOnceCountsEachAdmission() throws Exception {
		ask(12);
		assertThat(this.context.getBean(MeterRegistry.class)
			.get("llm.ratelimit.acquire")
			.tag("model", "gpt-4o")
			.tag("outcome", "admitted")
			.timer()
			.count()).isEqualTo(12);
	}

	@Test
	void askWhenCallsWaitedTimesTheWait() throws Exception {
		ask(12);
		assertThat(this.context.getBean(MeterRegistry.class)
			.get("llm.ratelimit.acquire")
			.tag("outcome", "admitted")
			.timer()
			.max(TimeUnit.MILLISECONDS)).isGreaterThanOrEqualTo(WINDOW.toMillis());
	}

	@Test
	void healthWhenCallsWereLimitedIsUp() throws Exception {
		ask(6);
		assertThat(this.context.getBean("llmRateLimitHealthIndicator", HealthIndicator.class).health().getStatus())
			.isEqualTo(Status.UP);
	}

	private void ask(int calls) throws Exception {
		TinyApplication.Assistant assistant = this.context.getBean(TinyApplication.Assistant.class);
		List<Future<String>> answers = new ArrayList<>();
		for (int call = 0; call < calls; call++) {
			answers.add(this.callers.submit(() -> assistant.ask("How high is the Eiffel tower?")));
		}
		for (Future<String> answer : answers) {
			answer.get();
		}
	}

}

package io.github.llmratelimit.benchmarks;

import java.util.concurrent.TimeUnit;

import io.github.llmratelimit.LlmRateLimited;
import io.github.resilience4j.ratelimiter.annotation.RateLimiter;
import io.github.resilience4j.retry.annotation.Retry;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import org.springframework.aop.support.AopUtils;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * An annotated call with everything on: advice, tokens, budget, Resilience4j's retry,
 * meters; beside Resilience4j's own annotations, with its meters. Run with
 * {@code mvn -q test -Pbenchmarks -Dbenchmarks=AnnotatedCallBenchmark -pl llm-ratelimit-autoconfigure}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 1)
public class AnnotatedCallBenchmark {

	private ConfigurableApplicationContext context;

	private Service service;

	private Rival rival;

	@Setup(Level.Trial)
	public void start() {
		this.context = new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.run("--llm.ratelimit.models.gpt-4o.provider=openai", "--llm.ratelimit.models.gpt-4o.rpm=900000000000000",
					"--llm.ratelimit.models.gpt-4o.tpm=900000000000000",
					"--resilience4j.ratelimiter.instances.rival.limit-for-period=2147483647",
					"--resilience4j.ratelimiter.instances.rival.limit-refresh-period=1ms",
					"--resilience4j.ratelimiter.instances.rival.timeout-duration=0",
					"--resilience4j.retry.instances.rival.max-attempts=3");
		this.service = this.context.getBean(Service.class);
		this.rival = this.context.getBean(Rival.class);
		if (!AopUtils.isAopProxy(this.service) || !AopUtils.isAopProxy(this.rival)) {
			throw new IllegalStateException("Invalid set-up: both services must be advised");
		}
	}

	@TearDown(Level.Trial)
	public void stop() {
		this.context.close();
	}

	@Benchmark
	public int plain() {
		return this.service.plain(500);
	}

	@Benchmark
	public int literal() {
		return this.service.literal(500);
	}

	@Benchmark
	public int byName() {
		return this.service.byName(500);
	}

	@Benchmark
	public int expression() {
		return this.service.expression(500);
	}

	@Benchmark
	public int rivalRateLimiter() {
		return this.rival.limited(500);
	}

	@Benchmark
	public int rivalRateLimiterAndRetry() {
		return this.rival.limitedAndRetried(500);
	}

	/** Methods with Resilience4j's annotations: one permit for each call. */
	static class Rival {

		@RateLimiter(name = "rival")
		int limited(int tokens) {
			return tokens;
		}

		@RateLimiter(name = "rival")
		@Retry(name = "rival")
		int limitedAndRetried(int tokens) {
			return tokens;
		}

	}

	/** Methods with one kind of token attribute each. */
	static class Service {

		int plain(int tokens) {
			return tokens;
		}

		@LlmRateLimited(model = "gpt-4o", tokens = "500")
		int literal(int tokens) {
			return tokens;
		}

		@LlmRateLimited(model = "gpt-4o", tokens = "#tokens")
		int byName(int tokens) {
			return tokens;
		}

		@LlmRateLimited(model = "gpt-4o", tokens = "#tokens * 2")
		int expression(int tokens) {
			return tokens;
		}

	}

	/** A service without anything else. */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		Service service() {
			return new Service();
		}

		@Bean
		Rival rival() {
			return new Rival();
		}

	}

}

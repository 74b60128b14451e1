package io.github.llmratelimit.sample.endtoend;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.LlmRateLimiterRegistry;
import io.github.llmratelimit.sample.chat.ApiFormat;
import io.github.llmratelimit.sample.chat.LlmClient;
import io.github.llmratelimit.sample.prompts.Prompts;
import io.github.llmratelimit.sample.provider.Behaviour;
import io.github.llmratelimit.sample.provider.DialectName;
import io.github.llmratelimit.sample.provider.ProviderProperties;
import io.github.llmratelimit.sample.provider.ProviderProperties.Limits;
import io.github.llmratelimit.sample.provider.ProviderStats;
import io.github.llmratelimit.sample.provider.ProviderStats.ModelStats;
import io.github.llmratelimit.sample.provider.SimulatedProvider;
import io.github.llmratelimit.time.AlarmClock;
import io.github.llmratelimit.tokens.TokenEstimator;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.web.client.RestClient;

/**
 * A service with the whole starter, its provider on a real port, and users who call one
 * through the other.
 */
final class Bench implements AutoCloseable {

	/*
	 * How minutes pass in a second, and no test depends on how busy the machine is
	 *
	 * Everything that takes time takes it from one clock: the limiter's waits, the
	 * provider's windows and answers, the ways there and back, the users' thinking. The
	 * clock stands still while anybody does anything, however long that takes, and jumps
	 * to the next event when all wait. All wait when every user either thinks, or is
	 * parked by the limiter, or has a call under way that waits for time to pass; and no
	 * call is admitted that doesn't. A user whose call was just admitted but whose thread
	 * has not woken up yet looks parked: he is told by the limiter's own count of the
	 * calls in flight.
	 *
	 * Windows stay minutes, as headers say, and HTTP is real.
	 */

	static final Duration WINDOW = Duration.ofMinutes(1);

	private static final long WALL_SECONDS_FOR_ONE_STEP = 60;

	/** How often to look whether all wait, in real time. */
	private static final long LOOK_AGAIN_NANOS = 20_000;

	private static final TokenEstimator ESTIMATOR = new TokenEstimator(List.of());

	private static final Prompts PROMPTS = Prompts.builtIn();

	private final ExecutorService executor = Executors.newFixedThreadPool(2, Bench::daemon);

	private final StepClock clock = new StepClock(this.executor);

	private final List<User> users = new ArrayList<>();

	private final DialectName dialect;

	private final SimulatedProvider provider;

	private final ConfigurableApplicationContext context;

	private final LlmRateLimiter limiter;

	private final LimitedModel model;

	/**
	 * Starts a provider and a service.
	 * @param behaviour how the provider behaves
	 * @param limits what it grants per minute
	 * @param properties what the limiter is told of the model, without its prefix
	 */
	Bench(Behaviour behaviour, Limits limits, Map<String, Object> properties) {
		this.dialect = behaviour.dialect();
		this.provider = new SimulatedProvider(
				new ProviderProperties(true, 0, null, "key", WINDOW, Map.of(modelName(), limits), 1, 42), behaviour,
				this.clock, this.clock);
		this.provider.start();
		SpringApplicationBuilder application = new SpringApplicationBuilder(Service.class).web(WebApplicationType.NONE)
			.properties("spring.main.banner-mode=off", "logging.level.root=warn", "bench.model=" + modelName(),
					"llm.ratelimit.providers." + providerName() + ".hosts=localhost",
					"llm.ratelimit.models." + modelName() + ".provider=" + providerName());
		properties.forEach((name, value) -> application
			.properties("llm.ratelimit." + name.replace("model.", "models." + modelName() + ".") + "=" + value));
		synchronized (Bench.class) { // contexts share the logging system, which bears no
										// others
			this.context = application.initializers((created) -> register((GenericApplicationContext) created))
				.run("--spring.config.name=bench");
		}
		this.limiter = this.context.getBean(LlmRateLimiterRegistry.class).limiter(modelName());
		this.model = this.context.getBean(LimitedModel.class);
	}

	private void register(GenericApplicationContext created) {
		ESTIMATOR.warmUp(modelName());
		created.registerBean(AlarmClock.class, () -> this.clock);
		if (this.dialect != DialectName.ANTHROPIC) {
			created.registerBean(TokenEstimator.class, () -> ESTIMATOR);
		}
		created.registerBean(LimitedModel.class,
				() -> new LimitedModel(client(created.getBean(RestClient.Builder.class)), modelName()));
	}

	/** A client whose requests and answers take 10 to 60 ms on their way. */
	private LlmClient client(RestClient.Builder builder) {
		SplittableRandom ways = new SplittableRandom(7);
		return new LlmClient(builder.requestInterceptor((request, body, execution) -> {
			way(ways);
			try {
				return execution.execute(request, body);
			}
			finally {
				way(ways);
			}
		}), "http://localhost:" + this.provider.port(), "key", () -> ApiFormat.valueOf(this.dialect.name()));
	}

	private void way(RandomGenerator random) {
		long nanos;
		synchronized (random) {
			nanos = random.nextLong(10_000_000, 60_000_000);
		}
		try {
			this.clock.travel(nanos);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** Adds users, who call as soon as they can, with short pauses between. */
	void addUsers(int count, int maxTokens) {
		SplittableRandom random = new SplittableRandom(count);
		for (int i = 0; i < count; i++) {
			User user = new User(this.clock, this.model, PROMPTS, maxTokens, random.split());
			this.users.add(user);
			user.start();
		}
	}

	/** Lets minutes pass. */
	List<Minute> run(int minutes) {
		List<Minute> passed = new ArrayList<>();
		for (int i = 0; i < minutes; i++) {
			ProviderStats before = this.provider.stats();
			long start = this.clock.nanos();
			while (this.clock.nanos() - start < WINDOW.toNanos()) {
				awaitQuiet();
				this.clock.step();
			}
			passed.add(minute(before, start));
		}
		return passed;
	}

	private Minute minute(ProviderStats before, long start) {
		ProviderStats after = this.provider.stats();
		ModelStats model = after.models().get(modelName());
		List<User.Call> calls = this.users.stream().flatMap(User::takeCalls).toList();
		return new Minute(model.calls() - before.models().get(modelName()).calls(),
				model.refused() - before.models().get(modelName()).refused(), after.overloaded() - before.overloaded(),
				after.unpaid() - before.unpaid(),
				this.provider.tokensAdmitted(modelName(), start, start + WINDOW.toNanos()), calls);
	}

	private void awaitQuiet() {
		long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WALL_SECONDS_FOR_ONE_STEP);
		while (!isQuiet()) {
			LockSupport.parkNanos(LOOK_AGAIN_NANOS);
			if (System.nanoTime() - deadline > 0) {
				throw new IllegalStateException("Some call neither waits nor ends: " + this.clock.sleepers()
						+ this.users.stream()
							.map((user) -> user.getState() + " " + LockSupport.getBlocker(user))
							.toList());
			}
		}
	}

	private boolean isQuiet() {
		StepClock.Sleepers sleepers = this.clock.sleepers();
		long parked = this.users.stream().filter(User::isParked).count();
		return sleepers.pausing() + sleepers.underWay() + parked == this.users.size()
				&& this.limiter.status().inFlight() == sleepers.underWay();
	}

	SimulatedProvider provider() {
		return this.provider;
	}

	LlmRateLimiter limiter() {
		return this.limiter;
	}

	private String modelName() {
		return (this.dialect == DialectName.ANTHROPIC) ? "claude-sonnet-4-6" : "gpt-4o";
	}

	private String providerName() {
		return this.dialect.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	private static Thread daemon(Runnable task) {
		Thread thread = new Thread(task, "bench-answers");
		thread.setDaemon(true);
		return thread;
	}

	@Override
	public void close() {
		this.users.forEach(Thread::interrupt);
		this.provider.close();
		synchronized (Bench.class) {
			this.context.close();
		}
		this.executor.shutdownNow();
	}

	/**
	 * What happened in a minute.
	 *
	 * @param calls calls that the provider's limits judged
	 * @param refused 429s of its limits
	 * @param overloaded calls that it turned away because it was busy
	 * @param unpaid calls that it turned away because there is no money
	 * @param tokens tokens that it admitted
	 * @param ended calls of users that ended
	 */
	record Minute(long calls, long refused, long overloaded, long unpaid, long tokens, List<User.Call> ended) {

		long succeeded() {
			return this.ended.stream().filter((call) -> call.reason() == null).count();
		}

		long outputTokens() {
			return this.ended.stream().mapToLong(User.Call::outputTokens).sum();
		}

		Map<String, Long> failures() {
			return this.ended.stream()
				.filter((call) -> call.reason() != null)
				.collect(Collectors.groupingBy(User.Call::reason, TreeMap::new, Collectors.counting()));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Service {

	}

}

package io.github.llmratelimit.sample.load;

import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;

import io.github.llmratelimit.sample.chat.BatchService;
import io.github.llmratelimit.sample.chat.ChatService;
import io.github.llmratelimit.sample.chat.LlmClient;
import io.github.llmratelimit.sample.chat.SummaryService;
import io.github.llmratelimit.sample.prompts.Prompts;
import io.github.llmratelimit.sample.provider.SimulatedProvider;
import io.github.llmratelimit.time.Ticker;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Prepares loads and lets one run at a time.
 */
@Component
class LoadGenerator {

	private final Caller limited;

	private final Caller direct;

	private final Workload workload;

	private final LoadProperties properties;

	private final @Nullable SimulatedProvider provider;

	private final String model;

	private final Ticker ticker;

	private final AtomicReference<@Nullable LoadRun> current = new AtomicReference<>();

	LoadGenerator(ChatService chat, SummaryService summary, BatchService batch, LlmClient client, Prompts prompts,
			LoadProperties properties, ObjectProvider<SimulatedProvider> provider, @Value("${demo.model}") String model,
			Ticker ticker) {
		this.limited = new LimitedCaller(chat, summary, batch);
		this.direct = new DirectCaller(client, model);
		this.workload = new Workload(prompts);
		this.properties = properties;
		this.provider = provider.getIfAvailable();
		this.model = model;
		this.ticker = ticker;
	}

	/**
	 * Prepares a load, unless one is running.
	 * @param request what is asked for
	 * @return the load, to be closed when it has run
	 * @throws LoadRefusedException if it can't run now, or not here
	 */
	LoadRun open(LoadRequest request) throws LoadRefusedException {
		if (this.provider == null) {
			throw new LoadRefusedException(
					"The load runs on the built-in provider only: here it would call %s, ".formatted(this.model)
							+ "and somebody would have to pay for it");
		}
		LoadRun run = new LoadRun(request,
				new User.Script(caller(request), this.workload, this.properties.thinkTime(), this.ticker),
				new ObservedModel(this.model, this.provider));
		if (!this.current.compareAndSet(null, run)) {
			throw new LoadRefusedException(
					"A load is running already: wait until it ends, or end it by closing its connection");
		}
		return run;
	}

	void close(LoadRun run) {
		this.current.compareAndSet(run, null);
	}

	/**
	 * Ends the running load with the application, so that shutting down doesn't wait for
	 * it.
	 */
	@EventListener(ContextClosedEvent.class)
	void stop() {
		LoadRun run = this.current.get();
		if (run != null) {
			run.end();
		}
	}

	private Caller caller(LoadRequest request) {
		if (request.limiter()) {
			return this.limited;
		}
		return request.retry() ? new BackoffCaller(this.direct, Sleeper.SYSTEM, new Random(request.seed()))
				: this.direct;
	}

}

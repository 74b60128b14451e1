package io.github.llmratelimit.sample.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.llmratelimit.sample.load.CallTrace.State;
import io.github.llmratelimit.sample.load.LoadReport.Limits;
import io.github.llmratelimit.sample.load.LoadReport.Refused;
import io.github.llmratelimit.sample.provider.ProviderStats.ModelStats;
import io.github.llmratelimit.time.Ticker;

/**
 * One load: starts its users, looks every second how they are doing, ends them, and sums
 * up.
 */
final class LoadRun {

	/**
	 * How long calls that were sent may take to finish after the end.
	 */
	private static final Duration DRAIN = Duration.ofSeconds(60);

	private static final long STEP_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final LoadRequest request;

	private final ObservedModel model;

	private final Ticker ticker;

	private final Tally tally = new Tally();

	private final CountDownLatch ending = new CountDownLatch(1);

	private final CountDownLatch finished;

	private final List<User> users = new ArrayList<>();

	/**
	 * Prepares a load.
	 * @param request what is asked for
	 * @param script what its users do
	 * @param model the model that is called, as the provider sees it
	 */
	LoadRun(LoadRequest request, User.Script script, ObservedModel model) {
		this.request = request;
		this.model = model;
		this.ticker = script.ticker();
		this.finished = new CountDownLatch(request.users());
		SplittableRandom random = new SplittableRandom(request.seed());
		for (int i = 0; i < request.users(); i++) {
			this.users.add(new User(script, random.split(), this.tally, this.ending, this.finished));
		}
	}

	/**
	 * Runs the load on the calling thread, which takes a little longer than was asked
	 * for, since calls that were sent are waited for.
	 * @param listener is told how it goes, about once a second; if it throws, the load
	 * ends early
	 * @return the report
	 * @throws Exception what the listener throws, or if the thread is interrupted
	 */
	LoadReport run(Listener listener) throws Exception {
		ModelStats before = this.model.stats();
		long start = this.ticker.nanos();
		long end = start + TimeUnit.SECONDS.toNanos(this.request.seconds());
		try {
			for (int i = 0; i < this.users.size(); i++) {
				Thread thread = new Thread(this.users.get(i), "load-user-" + (i + 1));
				thread.setDaemon(true);
				thread.start();
			}
			watch(listener, before, start, end);
		}
		finally {
			end();
		}
		watch((progress) -> {
			end();
			listener.progress(progress);
		}, before, start, end + DRAIN.toNanos());
		return report(before, start);
	}

	/**
	 * Ends the load: no call begins any more, and those not sent yet are interrupted.
	 */
	void end() {
		this.ending.countDown();
		this.users.forEach(User::end);
	}

	LoadRequest request() {
		return this.request;
	}

	String model() {
		return this.model.name();
	}

	Limits limits() {
		ModelStats stats = this.model.stats();
		return new Limits(stats.requestLimit(), stats.tokenLimit(), this.model.window().toMillis() / 1e3);
	}

	private void watch(Listener listener, ModelStats before, long start, long until) throws Exception {
		while (until - this.ticker.nanos() > 0) {
			long elapsed = this.ticker.nanos() - start;
			long step = Math.min(STEP_NANOS - elapsed % STEP_NANOS, until - this.ticker.nanos());
			if (this.finished.await(step, TimeUnit.NANOSECONDS)) {
				return;
			}
			listener.progress(progress(before, this.ticker.nanos() - start));
		}
	}

	private LoadProgress progress(ModelStats before, long elapsedNanos) {
		ModelStats now = this.model.stats();
		int waiting = 0;
		int running = 0;
		for (User user : this.users) {
			State state = user.state();
			waiting += (state == State.WAITING) ? 1 : 0;
			running += (state == State.SENT) ? 1 : 0;
		}
		return new LoadProgress(Math.round(elapsedNanos / 1e9), this.tally.calls(), this.tally.succeeded(),
				this.tally.givenUp().values().stream().mapToLong(Long::longValue).sum(),
				now.refused() - before.refused(), waiting, running, now.tokensInWindow(), now.tokenLimit());
	}

	private LoadReport report(ModelStats before, long start) {
		double elapsed = Math.round((this.ticker.nanos() - start) / 1e8) / 10.0;
		ModelStats after = this.model.stats();
		Refused refused = Refused.of(after.refusedByRequests() - before.refusedByRequests(),
				after.refusedByTokens() - before.refusedByTokens(),
				after.refusedAsTooLarge() - before.refusedAsTooLarge(), this.tally.calls());
		Map<String, Long> givenUp = new TreeMap<>(this.tally.givenUp());
		if (this.finished.getCount() > 0) {
			givenUp.put("never came back", this.finished.getCount());
		}
		Goodput goodput = Goodput.measure(Duration.ofSeconds(this.request.seconds()), this.model.window(),
				after.tokenLimit(),
				(from, to) -> this.model.tokensAdmitted(start + from.toNanos(), start + to.toNanos()));
		return new LoadReport(this.request, this.model.name(), limits(), this.tally.calls(), this.tally.succeeded(),
				givenUp, this.tally.cutOff(), refused, goodput, after.maxTokensInAnyWindow(),
				this.tally.waits().summary(), elapsed);
	}

	/**
	 * Is told how a load goes.
	 */
	@FunctionalInterface
	interface Listener {

		void progress(LoadProgress progress) throws Exception;

	}

}

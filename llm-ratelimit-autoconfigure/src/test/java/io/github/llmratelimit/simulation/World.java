package io.github.llmratelimit.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/**
 * One run: users, a client and a provider, and the network between them.
 */
final class World {

	private static final long SECOND = 1_000_000_000L;

	private static final double SIZE_MEDIAN = 1_500;

	/** So that one call in a hundred is larger than 30,000 tokens. */
	private static final double SIZE_SIGMA = Math.log(20) / 2.326;

	private final Scenario scenario;

	private final Random random;

	private final VirtualTime time = new VirtualTime();

	private final SimulatedProvider provider;

	private final Client client;

	private final List<Long> waits = new ArrayList<>();

	private final long[] callsByUser;

	private long refusals;

	private long givenUp;

	private long admitted;

	private long counted;

	World(Scenario scenario, long seed, Function<World, Client> client) {
		this.scenario = scenario;
		this.random = new Random(seed);
		this.provider = new SimulatedProvider(scenario.enforcement(), scenario.booking(), scenario.rpm(),
				scenario.tpm());
		this.callsByUser = new long[scenario.users()];
		this.client = client.apply(this);
	}

	VirtualTime time() {
		return this.time;
	}

	SimulatedProvider provider() {
		return this.provider;
	}

	Scenario scenario() {
		return this.scenario;
	}

	Random random() {
		return this.random;
	}

	Result run() {
		for (int user = 0; user < this.scenario.users(); user++) {
			int own = user;
			this.time.in((long) (this.random.nextDouble() * SECOND), () -> next(own));
		}
		this.time.runUntil((Scenario.WARM_UP_MINUTES + this.scenario.minutes()) * 60 * SECOND);
		return result();
	}

	private boolean measured() {
		return this.time.elapsedNanos() >= Scenario.WARM_UP_MINUTES * 60 * SECOND;
	}

	private void next(int user) {
		long most = this.scenario.largestEstimate();
		long actual = Math.max(1, (long) (SIZE_MEDIAN * Math.exp(SIZE_SIGMA * this.random.nextGaussian())));
		long estimated = (long) (actual * (1 + 2 * this.random.nextDouble()));
		if (estimated > most) {
			actual = Math.max(1, (long) ((double) actual * most / estimated));
			estimated = most;
		}
		long latency = (long) ((0.5 + 19.5 * this.random.nextDouble()) * SECOND);
		SimulatedCall call = new SimulatedCall(user, actual, estimated, latency, this.time.elapsedNanos());
		this.client.submit(call, () -> send(call), () -> giveUp(call));
	}

	private void send(SimulatedCall call) {
		call.attempts++;
		if (this.client.isBeyondTheNetwork()) {
			arrive(call);
		}
		else {
			this.time.in(network(), () -> arrive(call));
		}
	}

	private long network() {
		return (long) ((0.010 + 0.050 * this.random.nextDouble()) * SECOND);
	}

	private void arrive(SimulatedCall call) {
		long now = this.time.elapsedNanos();
		if (this.provider.arrive(call, now)) {
			if (measured()) {
				this.waits.add(now - call.createdNanos);
				this.admitted++;
				this.counted += this.provider.counted(call);
				this.callsByUser[call.user]++;
			}
			this.time.in(call.latencyNanos, () -> {
				this.provider.complete(call, this.time.elapsedNanos());
				this.time.in(network(), () -> {
					this.client.answered(call);
					next(call.user);
				});
			});
		}
		else {
			if (measured()) {
				this.refusals++;
			}
			this.time.in(network(), () -> this.client.refused(call, () -> send(call), () -> giveUp(call)));
		}
	}

	private void giveUp(SimulatedCall call) {
		if (measured()) {
			this.givenUp++;
		}
		this.time.in(SECOND, () -> next(call.user));
	}

	private Result result() {
		long[] sorted = this.waits.stream().mapToLong(Long::longValue).sorted().toArray();
		double sum = Arrays.stream(this.callsByUser).sum();
		double squares = Arrays.stream(this.callsByUser).mapToDouble((calls) -> (double) calls * calls).sum();
		return new Result(this.admitted, this.refusals, this.givenUp,
				100.0 * this.counted / ((double) this.scenario.tpm() * this.scenario.minutes()), at(sorted, 0.5),
				at(sorted, 0.99), at(sorted, 1), (squares > 0) ? sum * sum / (this.callsByUser.length * squares) : 0);
	}

	private static double at(long[] sorted, double quantile) {
		return (sorted.length > 0) ? sorted[(int) Math.min(sorted.length - 1, quantile * sorted.length)] / 1e9 : 0;
	}

	/**
	 * What came of it.
	 *
	 * @param calls calls that the provider admitted
	 * @param refusals calls that it refused
	 * @param givenUp calls that never got through
	 * @param goodputPercent tokens counted, as % of the limit
	 * @param waitP50 median wait in seconds
	 * @param waitP99 99th percentile of the wait in seconds
	 * @param waitWorst longest wait in seconds
	 * @param jain Jain's index of the calls by user; 1 is fair
	 */
	record Result(long calls, long refusals, long givenUp, double goodputPercent, double waitP50, double waitP99,
			double waitWorst, double jain) {

		double refusalsPerThousand() {
			return 1000.0 * this.refusals / Math.max(1, this.calls);
		}

	}

}

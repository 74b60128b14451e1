package io.github.llmratelimit.simulation;

import java.util.SplittableRandom;
import java.util.function.Function;

import io.github.llmratelimit.Priority;
import io.github.llmratelimit.simulation.SimulatedProvider.Headers;

/**
 * One run: users, a client and a provider, and the network between them. What users want
 * is drawn from generators of their own, so that every client gets the same calls.
 */
final class World {

	/** How long another user of the key is there. */
	static final int FOREIGN_MINUTES = 10;

	private static final long SECOND = 1_000_000_000L;

	private static final long MINUTE = 60 * SECOND;

	/** In how many parts output is counted that counts as it is produced. */
	private static final int OUTPUT_PARTS = 10;

	private final Scenario scenario;

	private final Sizes sizes;

	private final SplittableRandom[] users;

	private final SplittableRandom arrivals;

	private final SplittableRandom network;

	private final SplittableRandom clientRandom;

	private final VirtualTime time = new VirtualTime();

	private final SimulatedProvider provider;

	private final Client client;

	private final Outcome outcome;

	World(Scenario scenario, long seed, Function<World, Client> client) {
		SplittableRandom random = new SplittableRandom(seed);
		this.scenario = scenario;
		this.sizes = new Sizes(scenario);
		this.users = new SplittableRandom[scenario.load().users()];
		for (int user = 0; user < this.users.length; user++) {
			this.users[user] = random.split();
		}
		this.arrivals = random.split();
		this.network = random.split();
		this.clientRandom = random.split();
		this.provider = new SimulatedProvider(scenario.account());
		this.outcome = new Outcome(scenario);
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

	/** For what a client leaves to chance. */
	SplittableRandom random() {
		return this.clientRandom;
	}

	Outcome run() {
		if (isOpenLoop()) {
			arriveOften(this.scenario.load().offered(), 0, Long.MAX_VALUE, this::userCalls);
		}
		else {
			for (int user = 0; user < this.users.length; user++) {
				int own = user;
				this.time.in((long) (this.users[user].nextDouble() * SECOND), () -> next(own));
			}
		}
		if (this.scenario.trouble().foreignShare() > 0) {
			long from = (Scenario.WARM_UP_MINUTES + (this.scenario.minutes() - FOREIGN_MINUTES) / 2) * MINUTE;
			arriveOften(this.scenario.trouble().foreignShare(), from, from + FOREIGN_MINUTES * MINUTE,
					this::foreignCall);
		}
		this.time.runUntil((Scenario.WARM_UP_MINUTES + this.scenario.minutes()) * MINUTE);
		return this.outcome;
	}

	private boolean isOpenLoop() {
		return this.scenario.load().offered() > 0;
	}

	private boolean measured() {
		return this.time.elapsedNanos() >= Scenario.WARM_UP_MINUTES * MINUTE;
	}

	/** Calls that come at random instants, until an end. */
	private void arriveOften(double offered, long from, long until, Runnable call) {
		double perMinute = offered * this.scenario.account().tpm() / this.sizes.meanCounted();
		this.time.at(from, new Runnable() {

			@Override
			public void run() {
				World world = World.this;
				if (world.time.elapsedNanos() < until) {
					call.run();
					world.time.in((long) (-Math.log(1 - world.arrivals.nextDouble()) / perMinute * MINUTE), this);
				}
			}

		});
	}

	private void userCalls() {
		boolean noisy = this.arrivals.nextDouble() < this.scenario.load().noisyShare();
		next(noisy ? 0 : this.arrivals.nextInt(this.users.length));
	}

	/** Takes what it gets and is not counted. */
	private void foreignCall() {
		SimulatedCall call = new SimulatedCall(0, Priority.NORMAL, this.sizes.draw(this.arrivals), 0);
		if (this.provider.arrive(call, this.time.elapsedNanos())) {
			this.time.in(call.latencyNanos, () -> this.provider.complete(call, this.time.elapsedNanos()));
		}
	}

	private void next(int user) {
		SimulatedCall call = new SimulatedCall(user, priority(user), this.sizes.draw(this.users[user]),
				this.time.elapsedNanos());
		this.client.submit(call, () -> send(call), () -> giveUp(call));
	}

	private Priority priority(int user) {
		if (!this.scenario.load().classes()) {
			return Priority.NORMAL;
		}
		return switch (user % 10) {
			case 0 -> Priority.HIGH;
			case 1, 2, 3, 4 -> Priority.NORMAL;
			default -> Priority.BATCH;
		};
	}

	private void send(SimulatedCall call) {
		call.attempts++;
		if (this.client.isBeyondTheNetwork()) {
			arrive(call);
		}
		else {
			this.time.in(networkNanos(), () -> arrive(call));
		}
	}

	private long networkNanos() {
		return (long) ((0.010 + 0.050 * this.network.nextDouble()) * SECOND);
	}

	private void arrive(SimulatedCall call) {
		long now = this.time.elapsedNanos();
		boolean admitted = this.provider.arrive(call, now);
		call.refused = !admitted;
		Headers headers = this.provider.headers();
		if (!admitted) {
			this.outcome.refused(measured());
			this.time.in(networkNanos(), () -> {
				this.client.onAnswer(call, headers);
				this.client.refused(call, () -> send(call), () -> giveUp(call));
			});
			return;
		}
		if (measured()) {
			this.outcome.admitted(call, now - call.createdNanos, this.provider.counted(call));
		}
		if (this.scenario.account().outputAsProduced()) {
			produce(call);
		}
		this.time.in(call.latencyNanos, () -> {
			this.provider.complete(call, this.time.elapsedNanos());
			this.time.in(networkNanos(), () -> {
				this.client.onAnswer(call, headers);
				this.client.answered(call);
				if (!isOpenLoop()) {
					next(call.user);
				}
			});
		});
	}

	private void produce(SimulatedCall call) {
		for (int part = 1; part <= OUTPUT_PARTS; part++) {
			this.time.in(call.latencyNanos * part / OUTPUT_PARTS,
					() -> this.provider.produce((double) call.outputTokens / OUTPUT_PARTS, this.time.elapsedNanos()));
		}
	}

	private void giveUp(SimulatedCall call) {
		if (measured()) {
			this.outcome.gaveUp();
		}
		if (!isOpenLoop()) {
			this.time.in(SECOND, () -> next(call.user));
		}
	}

}

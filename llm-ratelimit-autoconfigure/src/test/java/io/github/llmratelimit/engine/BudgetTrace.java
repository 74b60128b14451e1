package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.github.llmratelimit.Limit;
import io.github.llmratelimit.engine.CheckedBudget.Call;
import io.github.llmratelimit.time.FakeTime;

/**
 * A random life of one {@link CheckedBudget}: calls ask, wait, give up and end in every
 * way, limits change, the provider refuses, time passes, stands still and steps back.
 */
final class BudgetTrace {

	private final FakeTime time = new FakeTime();

	private final Random random;

	private final TraceMix mix;

	private final CheckedBudget budget;

	/** Calls that the provider refused and that may be made again. */
	private final List<Call> repeatable = new ArrayList<>();

	BudgetTrace(TraceMix mix, long seed) {
		this.mix = mix;
		this.random = new Random(seed);
		this.budget = new CheckedBudget(mix, this.time);
	}

	CheckedBudget run(int steps) {
		for (int i = 0; i < steps; i++) {
			step();
			this.budget.check();
		}
		while (!this.budget.running().isEmpty()) {
			this.budget.keep(this.budget.running().get(0));
		}
		this.budget.works();
		this.time.advance(Duration.ofDays(36500));
		while (!this.budget.running().isEmpty()) {
			this.budget.giveBack(this.budget.running().get(0));
		}
		this.budget.checkAtTheEnd();
		return this.budget;
	}

	private void step() {
		switch (this.random.nextInt(20)) {
			case 0, 1, 2, 3, 4, 5 -> this.budget.ask(this.mix.cost(this.random), this.mix.maxWaitNanos(this.random));
			case 6 -> this.budget.tryTake(this.mix.cost(this.random));
			case 7 -> cancel();
			case 8, 9, 10, 11, 12 -> endCall();
			case 13 -> repeat();
			case 14 -> changeLimit();
			case 15 -> disturbRarely();
			default -> passTime();
		}
	}

	private void cancel() {
		List<Call> unheard = this.budget.running().stream().filter(Call::hasAsked).toList();
		if (this.random.nextInt(4) == 0 && !unheard.isEmpty()) {
			this.budget.cancel(any(unheard));
		}
		else if (this.random.nextBoolean() && !this.budget.delayed().isEmpty()) {
			this.budget.cancel(any(this.budget.delayed()));
		}
		else if (!this.budget.waiting().isEmpty()) {
			this.budget.cancel(any(this.budget.waiting()));
		}
	}

	private void endCall() {
		if (this.budget.running().isEmpty()) {
			return;
		}
		Call call = any(this.budget.running());
		switch (this.random.nextInt(5)) {
			case 0, 1 -> this.budget.settle(call, this.mix.usage(this.random, call.cost()));
			case 2 -> this.budget.giveBack(call);
			case 3 -> this.budget.keep(call);
			default -> {
				if (this.random.nextInt(3) == 0) {
					boolean hint = this.random.nextBoolean();
					this.budget.pause(hint ? upTo(this.mix.shortest().multipliedBy(2)).toNanos() + 1 : 0);
				}
				this.budget.giveBackTokens(call);
				this.repeatable.add(call);
			}
		}
	}

	private void repeat() {
		if (!this.repeatable.isEmpty()) {
			Call first = any(this.repeatable);
			this.repeatable.remove(first);
			long delayNanos = 1 + upTo(this.mix.shortest().dividedBy(this.random.nextBoolean() ? 1 : 1000)).toNanos();
			this.budget.repeat(first, delayNanos, this.mix.maxWaitNanos(this.random));
		}
	}

	private void changeLimit() {
		if (this.random.nextInt(3) == 0) {
			int index = this.random.nextInt(this.mix.limits().size());
			double factor = 0.3 + 1.4 * this.random.nextDouble();
			long amount = (long) (this.mix.limits().get(index).amount() * factor);
			this.budget.changeLimit(index, Math.max(1, Math.min(amount, Limit.LARGEST_AMOUNT)));
		}
	}

	private void disturbRarely() {
		switch (this.random.nextInt(12)) {
			case 0 -> this.budget.exhausted();
			case 1, 2, 3, 4 -> this.budget.works();
			case 5 -> this.time.stepBack(Duration.ofMillis(this.random.nextInt(5000)));
			default -> {
				// mostly nothing
			}
		}
	}

	private void passTime() {
		if (this.budget.isExhausted()) {
			// that one call may try again after a time is tested elsewhere
			this.budget.works();
		}
		switch (this.random.nextInt(12)) {
			case 0 -> this.time.advance(Duration.ofNanos(1));
			case 1, 2, 3, 4 -> this.time.advanceToNextAlarm();
			case 5, 6 -> this.time.advance(upTo(this.mix.shortest().dividedBy(1200)));
			case 7, 8 -> this.time.advance(upTo(this.mix.shortest().dividedBy(10)));
			case 9, 10 -> this.time.advance(upTo(this.mix.shortest().multipliedBy(2)));
			default -> {
				if (this.random.nextInt(6) == 0) {
					this.time.advance(upTo(this.mix.longest().multipliedBy(3)));
				}
			}
		}
	}

	private Duration upTo(Duration most) {
		return Duration.ofNanos((long) (most.toNanos() * this.random.nextDouble()));
	}

	private <T> T any(List<T> list) {
		return list.get(this.random.nextInt(list.size()));
	}

}

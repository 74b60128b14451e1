package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.CostRule;
import io.github.llmratelimit.Forecast;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.LimiterStatus;
import io.github.llmratelimit.LlmRateLimitExceededException.Reason;
import io.github.llmratelimit.LlmRateLimitExceededException.Refusal;
import io.github.llmratelimit.Priority;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.engine.admission.Entry;
import io.github.llmratelimit.engine.admission.Waiter;
import io.github.llmratelimit.engine.ledger.Tariff;
import io.github.llmratelimit.engine.settings.EngineSettings;
import io.github.llmratelimit.engine.settings.QueueSettings;
import io.github.llmratelimit.engine.settings.TenantSettings;
import io.github.llmratelimit.time.FakeTime;
import io.github.llmratelimit.time.Ticks;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A budget and beside it a plain account of what it must do: every answer is compared
 * with it and with an {@link ExactLog}.
 */
final class CheckedBudget {

	static final int CAPACITY = 12;

	private static final Comparator<Call> BY_ARRIVAL = Comparator.<Call>comparingInt((call) -> call.arrival)
		.thenComparing((one, other) -> Long.signum(one.notBeforeNanos - other.notBeforeNanos))
		.thenComparingInt((call) -> call.number);

	private final FakeTime time;

	private final List<Limit> limits;

	private final Booking booking;

	private final Budget budget;

	private final ExactLog log;

	/** In order of arrival. */
	private final List<Call> waiting = new ArrayList<>();

	/** Waiting for the end of their own delay. */
	private final List<Call> delayed = new ArrayList<>();

	private final List<Call> running = new ArrayList<>();

	private final List<Call> calls = new ArrayList<>();

	/** Instants at which somebody was answered. */
	private final Set<Long> answers = new HashSet<>();

	/** Whatever makes waiting calls start at other times than was forecast. */
	private int disturbances;

	private boolean exhausted;

	private long silentUntil;

	private long now;

	int granted;

	int grantedAsForecast;

	int refused;

	CheckedBudget(TraceMix mix, FakeTime time) {
		this.time = time;
		this.now = time.nanos();
		this.silentUntil = this.now;
		this.limits = mix.limits();
		this.booking = mix.booking();
		EngineSettings settings = new EngineSettings(Duration.ofSeconds(90), mix.guard(),
				new QueueSettings(CAPACITY, Duration.ofSeconds(30), 0, 0, 1), TenantSettings.FAIR);
		this.budget = new Budget(new BudgetKey("test", mix.name()), mix.limits(),
				new Tariff(CostRule.PLAIN, mix.booking()), settings, time);
		this.log = new ExactLog(mix.limits(), mix.guard(), this.now);
	}

	List<Call> waiting() {
		return this.waiting;
	}

	List<Call> delayed() {
		return this.delayed;
	}

	List<Call> running() {
		return this.running;
	}

	boolean isExhausted() {
		return this.exhausted;
	}

	/** Asks, and checks that the answer is the one that follows from the forecast. */
	void ask(Cost cost, long maxWaitNanos) {
		readClock();
		Forecast forecast = this.budget.forecast(CallRequest.of(cost));
		List<LimiterStatus.Window> before = this.budget.status().windows();
		Reason expected = expectedRefusal(cost, forecast, maxWaitNanos);
		boolean atOnce = forecast.isImmediate() && this.waiting.isEmpty();
		Call call = new Call(cost, false, 0, maxWaitNanos);
		call.ask();
		if (expected == null) {
			assertThat(call.waiter.answer() instanceof Waiter.Granted).as("granted at once").isEqualTo(atOnce);
			call.forecastNanos = this.now + forecast.waitTime().toNanos();
			return;
		}
		Refusal refusal = call.refusal();
		assertThat(refusal.reason()).isEqualTo(expected);
		assertThat(this.budget.status().windows()).as("budget after a refusal").isEqualTo(before);
		if (expected == Reason.WAIT_TOO_LONG || expected == Reason.PAUSED) {
			assertThat(refusal.retryAfter()).isEqualTo(forecast.waitTime());
		}
	}

	/** What must be answered, {@code null} if the call must be granted or wait. */
	private Reason expectedRefusal(Cost cost, Forecast forecast, long maxWaitNanos) {
		if (this.log.isTooLarge(cost)) {
			return Reason.REQUEST_TOO_LARGE;
		}
		if (this.exhausted) {
			return Reason.QUOTA_EXHAUSTED;
		}
		if (this.waiting.size() >= CAPACITY) {
			return Reason.QUEUE_FULL;
		}
		if (forecast.waitTime().toNanos() <= maxWaitNanos) {
			return null;
		}
		return (this.silentUntil - this.now > maxWaitNanos) ? Reason.PAUSED : Reason.WAIT_TOO_LONG;
	}

	void tryTake(Cost cost) {
		readClock();
		Call call = new Call(cost, false, 0, 0);
		if (this.budget.tryTake(call.waiter.entry)) {
			assertThat(this.waiting).as("calls overtaken").isEmpty();
			call.arrival = 0;
			call.granted(call.waiter.entry.takenAtNanos());
		}
	}

	/** A call that ended is made again, perhaps after a delay. */
	void repeat(Call first, long delayNanos, long maxWaitNanos) {
		disturb();
		Call call = new Call(first.cost, true, first.waiter.arrival, maxWaitNanos);
		call.arrival = first.arrival;
		call.askLater(delayNanos);
		assertThat(call.told > 0).as("answered before its delay is over").isEqualTo(delayNanos > maxWaitNanos);
	}

	/** Gives up while waiting, or after a grant that was not heard. */
	void cancel(Call call) {
		disturb();
		if (this.waiting.remove(call) || this.delayed.remove(call)) {
			call.cancelled = true;
		}
		else {
			this.running.remove(call);
			call.entry.neverSent();
		}
		this.budget.cancel(call.waiter);
	}

	void settle(Call call, Usage usage) {
		end(call);
		call.entry.answered(usage, this.booking);
		this.budget.settle(call.waiter.entry, usage);
	}

	void giveBack(Call call) {
		end(call);
		call.entry.neverSent();
		this.budget.giveBack(call.waiter.entry);
	}

	void giveBackTokens(Call call) {
		end(call);
		call.entry.refused();
		this.budget.giveBackTokens(call.waiter.entry);
	}

	void keep(Call call) {
		this.running.remove(call);
		this.budget.keep(call.waiter.entry);
	}

	private void end(Call call) {
		disturb();
		this.running.remove(call);
	}

	void pause(long hintNanos) {
		disturb();
		long waitNanos = this.budget.pause(List.of(), hintNanos, Duration.ofHours(12), Reason.PAUSED, null);
		assertThat(waitNanos).as("pause").isGreaterThanOrEqualTo(hintNanos);
		this.silentUntil = Ticks.latest(this.silentUntil, this.now + waitNanos);
	}

	void exhausted() {
		disturb();
		this.exhausted = true;
		this.budget.exhausted(null);
	}

	void works() {
		disturb();
		this.exhausted = false;
		Entry later = new Entry(Cost.ofTotal(0), null);
		later.taken(this.now + 1, null);
		this.budget.works(later);
	}

	void changeLimit(int index, long amount) {
		disturb();
		this.log.changeLimit(index, amount, this.now);
		this.budget.changeLimit(this.limits.get(index).withAmount(amount, LimitOrigin.RUNTIME));
	}

	private void disturb() {
		readClock();
		this.disturbances++;
	}

	private void readClock() {
		this.time.advance(Duration.ZERO);
		this.now = Ticks.latest(this.now, this.time.nanos());
	}

	/** Lets calls join the queue whose own delay is over. */
	private void joinDelayed(long now) {
		for (Call call : List.copyOf(this.delayed)) {
			if (call.notBeforeNanos - now <= 0 && call.waiter.answer() == null) {
				this.delayed.remove(call);
				call.join();
			}
		}
	}

	/** What must hold at every instant. */
	void check() {
		LimiterStatus status = this.budget.status();
		this.now = Ticks.latest(this.now, this.time.nanos());
		joinDelayed(this.now);
		assertThat(status.queued()).isEqualTo(this.waiting.size());
		assertThat(status.inFlight()).isEqualTo(this.running.size());
		if (!this.waiting.isEmpty() && this.silentUntil - this.now <= 0) {
			assertThat(this.log.fitsForSure(this.now, this.waiting.get(0).cost)).as("head waits although it fits")
				.isFalse();
		}
		for (Call call : this.waiting) {
			assertThat(call.waiter.deadlineNanos - this.now).as("time left of a waiting call").isPositive();
			assertThat(this.log.isTooLarge(call.cost)).as("too large to wait").isFalse();
		}
	}

	/** What must hold when nothing is left to be done. */
	void checkAtTheEnd() {
		check();
		assertThat(this.waiting).isEmpty();
		assertThat(this.delayed).isEmpty();
		assertThat(this.running).isEmpty();
		assertThat(this.time.nextAlarm()).isNull();
		for (Call call : this.calls) {
			assertThat(call.told).as("answers to a call").isEqualTo(call.cancelled ? 0 : 1);
		}
		assertThat(this.budget.status().windows()).allMatch((window) -> window.remaining() == window.limit().amount());
		assertThat(this.time.wentOff() - this.answers.size()).as("alarms for nothing")
			.isLessThanOrEqualTo(this.disturbances);
		this.log.checkEveryInterval();
	}

	/** A call, from the asking to its end. */
	final class Call {

		private final Cost cost;

		private final Waiter waiter;

		private final int number = CheckedBudget.this.calls.size() + 1;

		private final int disturbancesBefore = CheckedBudget.this.disturbances;

		/** Number of its first attempt; 0 if that was admitted without asking. */
		private int arrival = this.number;

		private boolean cancelled;

		private int told;

		private Long forecastNanos;

		private long notBeforeNanos;

		private ExactLog.Entry entry;

		Call(Cost cost, boolean repeated, long arrival, long maxWaitNanos) {
			this.notBeforeNanos = CheckedBudget.this.now;
			this.cost = cost;
			this.waiter = new Waiter(new Waiter.Asked("model", cost, Priority.NORMAL, null, maxWaitNanos), repeated,
					arrival, CheckedBudget.this.now + maxWaitNanos, this::told);
		}

		Cost cost() {
			return this.cost;
		}

		boolean hasAsked() {
			return this.told > 0;
		}

		private void ask() {
			CheckedBudget.this.calls.add(this);
			CheckedBudget.this.budget.ask(this.waiter);
			if (this.waiter.answer() == null) {
				join();
			}
		}

		private void askLater(long delayNanos) {
			this.notBeforeNanos = CheckedBudget.this.now + delayNanos;
			CheckedBudget.this.calls.add(this);
			CheckedBudget.this.budget.askLater(this.waiter, this.notBeforeNanos);
			if (this.waiter.answer() == null) {
				CheckedBudget.this.delayed.add(this);
			}
		}

		private void join() {
			CheckedBudget.this.waiting.add(this);
			CheckedBudget.this.waiting.sort(BY_ARRIVAL);
			if (this.waiter.repeated) {
				CheckedBudget.this.disturbances++;
			}
		}

		private void told() {
			this.told++;
			if (CheckedBudget.this.delayed.remove(this)) {
				CheckedBudget.this.disturbances++;
			}
			CheckedBudget.this.answers.add(CheckedBudget.this.time.nanos());
			if (this.waiter.answer() instanceof Waiter.Granted grant) {
				granted(grant.atNanos());
			}
			else {
				// no disturbance: what cannot start in time is not counted on
				CheckedBudget.this.refused++;
				CheckedBudget.this.waiting.remove(this);
			}
		}

		private void granted(long atNanos) {
			CheckedBudget.this.granted++;
			assertThat(CheckedBudget.this.exhausted).as("exhausted at a grant").isFalse();
			assertThat(CheckedBudget.this.silentUntil - atNanos).as("pause left at a grant").isNotPositive();
			assertThat(this.notBeforeNanos - atNanos).as("delay left at a grant").isNotPositive();
			joinDelayed(atNanos);
			assertThat(CheckedBudget.this.waiting).as("calls that arrived before a granted one")
				.allMatch((call) -> BY_ARRIVAL.compare(call, this) >= 0);
			CheckedBudget.this.waiting.remove(this);
			CheckedBudget.this.running.add(this);
			if (this.forecastNanos != null && this.disturbancesBefore == CheckedBudget.this.disturbances) {
				assertThat(atNanos - this.forecastNanos).as("start after its forecast").isZero();
				CheckedBudget.this.grantedAsForecast++;
			}
			this.entry = CheckedBudget.this.log.admit(atNanos, this.cost);
		}

		private Refusal refusal() {
			assertThat(this.waiter.answer()).isInstanceOf(Waiter.Refused.class);
			Refusal refusal = ((Waiter.Refused) this.waiter.answer()).refusal();
			// told apart by the length of the window alone, which is tested elsewhere
			return (refusal.reason() != Reason.DAY_LIMIT) ? refusal
					: new Refusal(Reason.WAIT_TOO_LONG, refusal.model(), null, refusal.dimension(), refusal.limit(),
							refusal.requested(), refusal.retryAfter(), refusal.maxWait());
		}

	}

}

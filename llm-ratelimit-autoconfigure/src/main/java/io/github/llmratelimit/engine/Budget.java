package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import java.util.function.Supplier;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Forecast;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimiterStatus;
import io.github.llmratelimit.LlmRateLimitExceededException.Reason;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.engine.admission.Admission;
import io.github.llmratelimit.engine.admission.Ending;
import io.github.llmratelimit.engine.admission.Entry;
import io.github.llmratelimit.engine.admission.InFlight;
import io.github.llmratelimit.engine.admission.Pauses;
import io.github.llmratelimit.engine.admission.Waiter;
import io.github.llmratelimit.engine.admission.Waiter.Granted;
import io.github.llmratelimit.engine.ledger.Hearing;
import io.github.llmratelimit.engine.ledger.Ledger;
import io.github.llmratelimit.engine.ledger.Tariff;
import io.github.llmratelimit.engine.settings.EngineSettings;
import io.github.llmratelimit.learning.LimitChange;
import io.github.llmratelimit.provider.Caution;
import io.github.llmratelimit.provider.ProviderSignal;
import io.github.llmratelimit.time.AlarmClock;
import org.jspecify.annotations.Nullable;

/**
 * What the models of one pool share, safe for threads: {@link Admission} under a lock,
 * with a clock that is read once per operation and an alarm for the next start. Waiters
 * are told outside of the lock.
 */
final class Budget {

	// not a monitor: virtual threads must not pin their carrier before JDK 24
	private final ReentrantLock lock = new ReentrantLock();

	private final BudgetKey key;

	private final BudgetClock clock; // guarded by lock

	private final WakeUp wakeUp; // guarded by lock

	private final Tariff tariff;

	/** Whether something comes back when a call ends, whatever it used. */
	private final boolean endsMatter;

	/** Whether the first waits for calls in flight to end, though there is room. */
	private final boolean throttled;

	private final InFlight inFlight = new InFlight();

	private final Admission admission; // guarded by lock

	/**
	 * Whether anybody waits. Written under the lock before the last look at the calls in
	 * flight, and read after a call has ended: one of the two sees the other.
	 */
	private volatile boolean waiting;

	/** Whether answers matter: the account was used up, or the provider overloaded. */
	private volatile boolean troubled; // written under lock

	Budget(BudgetKey key, List<Limit> limits, Tariff tariff, EngineSettings settings, AlarmClock clock) {
		this.key = key;
		this.clock = new BudgetClock(clock);
		long now = this.clock.now();
		this.tariff = tariff;
		Ledger ledger = new Ledger(limits, tariff, settings.guard(), settings.queue(), now);
		this.endsMatter = ledger.endsMatter();
		this.throttled = settings.queue().isThrottled();
		this.admission = new Admission(ledger, settings, this.inFlight, now);
		this.wakeUp = new WakeUp(clock.newAlarm(this::wake));
	}

	BudgetKey key() {
		return this.key;
	}

	Tariff tariff() {
		return this.tariff;
	}

	/**
	 * Takes what a call needs if nobody waits and it fits now: the path of a call that
	 * need not wait.
	 * @return whether it was taken
	 */
	boolean tryTake(Entry entry) {
		this.lock.lock();
		try {
			boolean taken = this.admission.tryTake(entry, this.clock.now());
			if (taken) {
				this.inFlight.started();
			}
			return taken;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Takes what a call needs, whatever the limits say. */
	void takeAnyway(Entry entry) {
		locked(() -> {
			this.inFlight.started();
			this.admission.take(entry, this.clock.now());
			return null;
		});
	}

	/** Asks for admission. The waiter is told when there is an answer. */
	void ask(Waiter waiter) {
		change((now) -> this.admission.ask(waiter, now));
	}

	/** The same at a later instant. A waiter that asks again keeps its place. */
	void askLater(Waiter waiter, long notBeforeNanos) {
		change((now) -> this.admission.askLater(waiter, notBeforeNanos, now));
	}

	/** A waiter gives up. If it was granted just then, the cost is given back. */
	void cancel(Waiter waiter) {
		change((now) -> {
			if (waiter.answer() instanceof Granted) {
				this.inFlight.ended();
				this.admission.end(waiter.entry, Ending.GIVEN_BACK, null, now);
			}
			this.admission.leave(waiter, now);
		});
	}

	/** When a call would start if it asked now. */
	Forecast forecast(CallRequest request) {
		return locked(() -> {
			long now = this.clock.now();
			return this.admission.forecast(Waiter.toForecast(request, now), now);
		});
	}

	/** The limit that a cost exceeds as a whole, or {@code null} if it can fit. */
	@Nullable Limit exceeded(Cost cost) {
		return locked(() -> this.admission.ledger().exceeded(cost));
	}

	/** A call was answered and this is what it used. */
	void settle(Entry entry, Usage usage) {
		this.inFlight.ended();
		boolean matters = endMatters(entry) || this.tariff.corrects(entry, usage);
		if (matters || entry.isRemembered()) {
			end(entry, Ending.SETTLED, usage, matters);
		}
	}

	/** A call was provably never sent. */
	void giveBack(Entry entry) {
		this.inFlight.ended();
		change((now) -> this.admission.end(entry, Ending.GIVEN_BACK, null, now));
	}

	/** A call was refused by a provider that counts the request and not its tokens. */
	void giveBackTokens(Entry entry) {
		this.inFlight.ended();
		change((now) -> this.admission.end(entry, Ending.REFUSED, null, now));
	}

	/** A call ended and everything it took stays taken. */
	void keep(Entry entry) {
		this.inFlight.ended();
		if (endMatters(entry)) {
			end(entry, Ending.KEPT, null, true);
		}
	}

	/** Whether it changes anything that a call has ended, whatever it used. */
	private boolean endMatters(Entry entry) {
		return this.endsMatter || entry.isCounted() || this.throttled && this.waiting;
	}

	/**
	 * Ends a call; where nobody waits, that is all there is to do.
	 * @param matters whether that can change what others may take
	 */
	private void end(Entry entry, Ending ending, @Nullable Usage usage, boolean matters) {
		this.lock.lock();
		try {
			if (!matters && usage != null && this.admission.nobodyWaits()) {
				this.admission.ledger().used(entry, usage, this.clock.nowForSum());
				return;
			}
			this.admission.end(entry, ending, usage, this.clock.now());
			if (!isWaitedFor()) {
				return;
			}
		}
		finally {
			this.lock.unlock();
		}
		change((now) -> {
		});
	}

	/** A call leaves only now: the provider counts it from now on, and so do we. */
	void takeLater(Entry entry) {
		change((now) -> this.admission.takeLater(entry, now));
	}

	/**
	 * The provider refused a call: everybody waits.
	 * @param dimensions what was refused; empty if the provider did not say
	 * @param hintNanos how long the provider asked to wait; 0 if it did not say, then
	 * until the oldest call has left the longest window meant
	 * @param longestWindow windows longer than this are not meant
	 * @return how long everybody waits, in nanoseconds
	 */
	long pause(List<Dimension> dimensions, long hintNanos, Duration longestWindow, Reason reason,
			@Nullable Throwable cause) {
		return tell((now) -> {
			long end = (hintNanos > 0) ? now + hintNanos
					: this.admission.refused(dimensions, longestWindow, now).oldestComesBackAt(now);
			this.admission.pause(dimensions, new Pauses.Pause(end, reason, cause));
			return end - now;
		});
	}

	/** Whether a pause has begun that others are to be told of. */
	boolean pauseBegins(Reason reason) {
		return tell((now) -> this.admission.trouble().run().begin(reason));
	}

	/** What to do, outside of the lock, when no dimension is paused any more. */
	void atPauseEnd(Runnable task) {
		change((now) -> this.admission.trouble().run().atEnd(task));
	}

	/**
	 * A call was refused that had its place in the ledger: it came too early for the
	 * provider.
	 */
	void cameTooEarly(Entry entry, List<Dimension> dimensions, Duration longestWindow) {
		change((now) -> this.admission.refused(dimensions, longestWindow, now).cameTooEarly(entry, now));
	}

	/** After a pause that ends so much later, calls start at the limits' own pace. */
	void restart(List<Dimension> dimensions, Duration longestWindow, long waitNanos) {
		change((now) -> this.admission.ledger().refused(dimensions, longestWindow).restart(now + waitNanos));
	}

	/** What a provider says of the way in which it is called. */
	void heed(Caution caution) {
		change((now) -> this.admission.heed(caution, now));
	}

	/**
	 * A call was answered, and its answer tells about limits.
	 * @return what that changed
	 */
	List<LimitChange> hear(Entry entry, ProviderSignal signal) {
		if (!this.tariff.learning().learns() || !Hearing.tellsAnything(signal)) {
			return List.of();
		}
		return tell((now) -> this.admission.hear(entry, signal, now));
	}

	/** A call is sent that nobody limits, and whose answer may teach. */
	void sentOutside(Entry entry) {
		change((now) -> this.admission.sentOutside(entry, now));
	}

	/** How the provider seems to book, if that is not as configured; told once. */
	@Nullable Booking suggestedBooking() {
		return locked(() -> this.admission.ledger().suggestedBooking(this.clock.now()));
	}

	/**
	 * The account is used up: everybody is refused, but for one call a minute.
	 * @return whether it was not known to be
	 */
	boolean exhausted(@Nullable Throwable cause) {
		return tell((now) -> this.admission.trouble().exhausted(cause, now));
	}

	/** A call was turned away for lack of capacity, and asked to wait if not for 0. */
	void overloaded(Entry entry, long hintNanos, @Nullable Throwable cause) {
		change((now) -> {
			this.admission.trouble().overloaded(entry, hintNanos, cause, now);
			this.admission.changed();
		});
	}

	/**
	 * A call was answered: the account works, and the provider has room.
	 * @return whether the account was exhausted before, and no longer is
	 */
	boolean works(Entry entry) {
		return this.troubled && tell((now) -> this.admission.trouble().answered(entry, now));
	}

	/**
	 * Changes the amount of one window.
	 * @return whether there is such a window
	 */
	boolean changeLimit(Limit limit) {
		return tell((now) -> this.admission.changeLimit(limit, now));
	}

	/** Says what led to a pause that was heard of before. */
	void explain(Throwable failure) {
		change((now) -> this.admission.trouble().explain(failure));
	}

	/** The application stops: whoever waits, or will ask, is told so. */
	void stop() {
		change((now) -> this.admission.stop());
	}

	List<Limit> limits() {
		return locked(() -> this.admission.ledger().limits());
	}

	LimiterStatus status() {
		return locked(() -> this.admission.status(this.inFlight.count(), this.clock.now()));
	}

	private void wake() {
		change((now) -> this.wakeUp.over());
	}

	private <T extends @Nullable Object> T locked(Supplier<T> look) {
		this.lock.lock();
		try {
			return look.get();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Which part of what they may use calls do use. */
	Map<Dimension, Double> usedParts() {
		return locked(() -> this.tariff.usedParts(this.admission.ledger().limits()));
	}

	void forgetUsedParts() {
		change((now) -> this.admission.forgetUsedParts());
	}

	/** Changes something, and tells what the change says of itself. */
	private <T extends @Nullable Object> T tell(LongFunction<T> change) {
		T told;
		List<Waiter> answered;
		List<Runnable> ended;
		this.lock.lock();
		try {
			long now = this.clock.now();
			told = change.apply(now);
			isWaitedFor();
			this.troubled = this.admission.trouble().isActive();
			this.wakeUp.by(this.admission.drain(now), now);
			answered = this.admission.takeAnswered();
			ended = this.admission.trouble().run().takeEnded();
		}
		finally {
			this.lock.unlock();
		}
		answered.forEach(Waiter::tell);
		ended.forEach(Runnable::run);
		return told;
	}

	private void change(LongConsumer change) {
		tell((now) -> {
			change.accept(now);
			return null;
		});
	}

	private boolean isWaitedFor() {
		boolean waits = !this.admission.nobodyWaits();
		if (waits != this.waiting) {
			this.waiting = waits;
		}
		return waits;
	}

}

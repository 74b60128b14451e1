package io.github.llmratelimit.engine;

import java.time.Duration;

import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.LlmCall;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.provider.ProviderResponse;
import io.github.llmratelimit.provider.ProviderSignal;
import io.github.llmratelimit.provider.SignalKind;
import io.github.llmratelimit.time.Ticks;
import org.jspecify.annotations.Nullable;

/**
 * One limited call with all its attempts. Belongs to one thread at a time; only usage and
 * responses may come from others.
 * <p>
 * A call inside another one of the same model is part of that: it takes nothing of its
 * own, its responses are the outer call's, and its usage is added to that of the outer
 * call when it ends.
 */
public final class LimitedCall implements LlmCall, SentRequest {

	private final ModelLimiter limiter;

	private final CallRequest request;

	private final long startNanos;

	private final long maxWaitNanos;

	private int attempt;

	/** Time spent waiting by all attempts, counted against {@code maxWait}. */
	private long waitedNanos;

	private long notBeforeNanos;

	private boolean delayed;

	private long arrival;

	private @Nullable Throwable failure;

	private boolean over;

	private long pausedNanos;

	private boolean neverSent;

	private @Nullable BudgetReservation reservation;

	private volatile @Nullable ProviderSignal signal;

	private volatile int status;

	/** What the attempt sent and used; {@code null} before it says so. */
	private volatile @Nullable CallUsage usage;

	/** Usage of the latest part of the answer that had any. */
	private @Nullable Usage partUsage;

	/** The call around this one, of whatever model. */
	private final @Nullable LimitedCall outer;

	/** The call that this one is part of, {@code null} if it has a budget of its own. */
	private final @Nullable LimitedCall joined;

	/** Failures of calls inside, which have been acted on. */
	private volatile @Nullable ForeignFailures foreign;

	LimitedCall(ModelLimiter limiter, CallRequest request, long startNanos, long maxWaitNanos,
			@Nullable LlmCall current) {
		this.outer = (current instanceof LimitedCall call) ? call : null;
		this.joined = (this.outer != null) ? this.outer.sameModel(limiter) : null;
		this.limiter = limiter;
		this.request = request;
		this.startNanos = startNanos;
		this.maxWaitNanos = maxWaitNanos;
	}

	/**
	 * Returns the limiter that admits the call.
	 * @return the limiter
	 */
	public LlmRateLimiter limiter() {
		return this.limiter;
	}

	@Override
	public String model() {
		return this.limiter.model();
	}

	/**
	 * Returns what the call needs.
	 * @return the request
	 */
	public CallRequest request() {
		return this.request;
	}

	@Override
	public int attempt() {
		return (this.joined != null) ? this.joined.attempt() : this.attempt;
	}

	@Override
	public void recordUsage(Usage newUsage) {
		seen().report(newUsage);
	}

	private synchronized CallUsage seen() {
		CallUsage known = this.usage;
		if (known == null) {
			known = new CallUsage();
			this.usage = known;
		}
		return known;
	}

	/**
	 * A request to the provider is about to leave. What was taken for the call is held
	 * from now on, since the provider counts it from its arrival on and not from its
	 * admission here. A further request of the same attempt counts as one more; it is
	 * under way already, so it does not wait.
	 */
	@Override
	public void onSend() {
		LimitedCall whole = whole();
		seen().sent();
		boolean isFirst = whole.seen().anySent() == 1;
		BudgetReservation current = whole.reservation;
		if (current != null) {
			current.sending(isFirst);
		}
	}

	/** Whether the attempt sent more than one request. */
	boolean sentSeveral() {
		CallUsage known = this.usage;
		return known != null && known.sentSeveral();
	}

	@Override
	public void onResponse(ProviderResponse response) {
		this.limiter.onResponse(whole(), response);
	}

	/**
	 * A part of the answer has reached the caller, who cannot be asked to forget it: no
	 * attempt follows this one. If the part says what the call took, the latest that does
	 * counts, once the answer is complete.
	 * @param part the part, e.g. an element of a stream
	 */
	public void onPart(Object part) {
		this.over = true;
		Usage found = this.limiter.usageIn(part);
		this.partUsage = (found != null) ? found : this.partUsage;
	}

	/**
	 * Whether responses of a host are the provider's.
	 * @param host name of the host, without port
	 * @return {@code true} if the host is one of the provider's
	 */
	public boolean isProviderHost(String host) {
		return this.limiter.isProviderHost(host);
	}

	/**
	 * What the provider said to the latest attempt.
	 * @return the signal, {@code null} if no response was seen
	 */
	public @Nullable ProviderSignal signal() {
		return this.signal;
	}

	/**
	 * Whether the latest attempt provably never reached the provider.
	 * @return {@code true} if e.g. the connection was refused
	 */
	public boolean neverSent() {
		return this.neverSent;
	}

	/**
	 * How long the budget was paused, for everybody, by the refusal of the latest
	 * attempt.
	 * @return the time, zero if it was not
	 */
	public Duration paused() {
		return Duration.ofNanos(this.pausedNanos);
	}

	/**
	 * Whether the limiter has refused a further attempt, so that the failure at hand is
	 * the call's last.
	 * @return {@code true} if nothing is to be repeated
	 */
	public boolean isOver() {
		return this.over;
	}

	/**
	 * How long ago the call began, waiting and all attempts together.
	 * @return the time
	 */
	public Duration elapsed() {
		return Duration.ofNanos(this.limiter.clock().nanos() - this.startNanos);
	}

	/**
	 * How much longer the call may wait, of its {@code maxWait}.
	 * @return the time, zero if it may not
	 */
	public Duration waitLeft() {
		return Duration.ofNanos(waitLeftNanos());
	}

	/**
	 * Holds the next attempt back. It keeps its place in the order of arrival, and delays
	 * nobody else meanwhile.
	 * @param delay how long from now
	 */
	public void delayNextAttempt(Duration delay) {
		this.notBeforeNanos = this.limiter.clock().nanos() + Ticks.nanos(delay);
		this.delayed = true;
	}

	/**
	 * Tells the listeners that another attempt follows the latest one.
	 */
	public void retrying() {
		ProviderSignal seen = this.signal;
		this.limiter.listeners().onRetry(this.limiter, (seen != null) ? seen.kind() : SignalKind.SERVER_ERROR);
	}

	ModelLimiter modelLimiter() {
		return this.limiter;
	}

	/**
	 * Another attempt begins: what the last one saw is forgotten, but for its failure.
	 */
	void begin(@Nullable BudgetReservation newReservation) {
		this.attempt++;
		this.reservation = newReservation;
		this.signal = null;
		this.status = 0;
		this.usage = null;
		this.neverSent = false;
		this.pausedNanos = 0;
	}

	@Nullable BudgetReservation reservation() {
		return this.reservation;
	}

	long waitLeftNanos() {
		return Math.max(0, this.maxWaitNanos - this.waitedNanos);
	}

	long maxWaitNanos() {
		return this.maxWaitNanos;
	}

	void waited(long nanos) {
		this.waitedNanos += nanos;
	}

	/** When the attempt may start, as far as its own delay goes, which is then spent. */
	long takeDelay(long nowNanos) {
		boolean wasDelayed = this.delayed;
		this.delayed = false;
		return wasDelayed ? this.notBeforeNanos : nowNanos;
	}

	long arrival() {
		return this.arrival;
	}

	void arrival(long newArrival) {
		this.arrival = newArrival;
	}

	/** Whether it was admitted before, and asks again. */
	boolean isRepeated() {
		return this.attempt > 0;
	}

	@Nullable Throwable failure() {
		return this.failure;
	}

	void failed(Throwable newFailure, boolean wasNeverSent) {
		this.failure = newFailure;
		this.neverSent = wasNeverSent;
	}

	void over() {
		this.over = true;
	}

	void paused(long nanos) {
		this.pausedNanos = nanos;
	}

	void signal(@Nullable ProviderSignal newSignal, int newStatus) {
		this.signal = newSignal;
		this.status = newStatus;
	}

	int status() {
		return this.status;
	}

	@Nullable Usage usage() {
		CallUsage known = this.usage;
		return (known != null) ? known.sum() : null;
	}

	/** The answer is complete. */
	void useParts() {
		Usage found = this.partUsage;
		if (found != null && usage() == null) {
			recordUsage(found);
		}
	}

	/** Whether this call is part of another one of the same model. */
	boolean isJoined() {
		return this.joined != null;
	}

	private LimitedCall whole() {
		return (this.joined != null) ? this.joined : this;
	}

	/** The nearest open call of a model, from this one outwards. */
	@Nullable LimitedCall sameModel(ModelLimiter other) {
		if (this.limiter == other) {
			LimitedCall whole = whole();
			BudgetReservation current = whole.reservation;
			return (current != null && current.isOpen()) ? whole : null;
		}
		return (this.outer != null) ? this.outer.sameModel(other) : null;
	}

	/** This part of another call has ended. */
	void endJoined() {
		Usage reported = usage();
		if (this.joined != null && reported != null) {
			this.joined.seen().reportInside(reported);
		}
	}

	/**
	 * The call has failed, and what that means has been acted on: not the matter of the
	 * call around it, if the failure comes by there.
	 */
	void tellOuterOf(Throwable newFailure) {
		if (this.outer != null) {
			this.outer.foreign().add(newFailure);
		}
	}

	/** A request of another model was answered so, and that has been acted on. */
	void addForeign(ProviderResponse response) {
		whole().foreign().add(response);
	}

	private synchronized ForeignFailures foreign() {
		ForeignFailures known = this.foreign;
		if (known == null) {
			known = new ForeignFailures();
			this.foreign = known;
		}
		return known;
	}

	/**
	 * Whether a failure, or a response that it carries, is that of another call inside
	 * this one.
	 */
	boolean isForeign(Object failure) {
		ForeignFailures known = this.foreign;
		return known != null && known.contains(failure);
	}

	/** Whether a failure is that of another call inside this one, or caused by it. */
	boolean carriesForeign(Throwable newFailure) {
		ForeignFailures known = this.foreign;
		return known != null && known.areIn(newFailure);
	}

}

package io.github.llmratelimit.engine;

import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import io.github.llmratelimit.LimiterStatus;
import io.github.llmratelimit.LlmCall;
import io.github.llmratelimit.LlmRateLimitExceededException;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.engine.admission.Entry;
import io.github.llmratelimit.provider.ProviderDialect;
import io.github.llmratelimit.provider.ProviderResponse;
import io.github.llmratelimit.provider.ProviderSignal;
import io.github.llmratelimit.provider.SignalKind;
import org.jspecify.annotations.Nullable;

/**
 * Runs limited calls: reserve, call, settle, and again where the retry says so; and draws
 * from each answer what it means for everybody else.
 */
final class CallRunner {

	/*
	 * How an attempt ended decides what stays taken
	 *
	 * Never started, or provably never sent: nothing. Answered with usage: as the
	 * provider books. Answered without, or failed in any way that leaves the provider's
	 * count unknown (cancelled, timed out, reset, 5xx, 4xx): everything, until its window
	 * has passed. Refused with 429: the request, since providers count those, and not its
	 * tokens; all of it if it was not the only request, since those before it may have
	 * been served. Giving back more than that costs refusals; giving back less, quota.
	 *
	 * A refusal is heard twice, by the HTTP client's interceptor and again by the
	 * exception that leaves the method. The first counts; the second only tells who
	 * caused the pause. The failure itself always reaches the caller unchanged, also when
	 * the limiter then refuses to admit another attempt.
	 */

	private static final int TOO_MANY_REQUESTS = 429;

	private final CallRetry retry;

	private final FailureReaders readers;

	private final Function<Object, @Nullable Usage> returnedUsage;

	private final InstantSource wallClock;

	private final Reactions reactions;

	private final BrokenParts broken = new BrokenParts();

	/** Limiters whose credentials the provider does not accept. */
	private final Map<ModelLimiter, Boolean> refusedKeys = new ConcurrentHashMap<>();

	CallRunner(CallRetry retry, FailureReaders readers, Function<Object, @Nullable Usage> returnedUsage,
			InstantSource wallClock) {
		this.retry = retry;
		this.readers = readers;
		this.returnedUsage = returnedUsage;
		this.wallClock = wallClock;
		this.reactions = new Reactions(wallClock);
	}

	<T extends @Nullable Object> T run(LimitedCall call, Callable<T> body) throws Exception {
		try {
			if (call.modelLimiter().definition().mode() == LimiterMode.OBSERVE) {
				return attempt(call, body); // to repeat means to delay
			}
			return this.retry.run(call, () -> attempt(call, body));
		}
		catch (Throwable failure) { // whatever it is, the call around this one sees it
			call.tellOuterOf(failure);
			throw failure;
		}
	}

	/** Decides over the attempts of a call that waits on no thread. */
	CallRetry.Repeats repeats(LimitedCall call) {
		boolean enforced = call.modelLimiter().definition().mode() == LimiterMode.ENFORCE;
		return (enforced && !call.isJoined()) ? this.retry.repeats(call) : CallRetry.Repeats.NONE;
	}

	/** A part that others supply has failed. */
	void broken(Object part, Throwable failure) {
		this.broken.report(part, failure);
	}

	/** Runs a call that is part of another one of the same model. */
	<T extends @Nullable Object> T runJoined(LimitedCall call, Callable<T> body) throws Exception {
		LlmCall.Scope scope = LlmCall.open(call);
		try {
			T result = body.call();
			findUsage(call, result);
			return result;
		}
		finally {
			scope.close();
			call.endJoined();
		}
	}

	/** Runs a call that nobody limits; that it is the current one is all that is left. */
	static <T extends @Nullable Object> T runFree(LimitedCall call, Callable<T> body) throws Exception {
		call.begin(null);
		LlmCall.Scope scope = LlmCall.open(call);
		try {
			return body.call();
		}
		finally {
			scope.close();
		}
	}

	private <T extends @Nullable Object> T attempt(LimitedCall call, Callable<T> body) throws Exception {
		BudgetReservation reservation = reserve(call);
		call.begin(reservation);
		LlmCall.Scope scope = LlmCall.open(call);
		try {
			T result = body.call();
			succeeded(call, reservation, result);
			return result;
		}
		catch (Throwable failure) { // whatever it is, the reservation must end
			failed(call, reservation, failure);
			throw failure;
		}
		finally {
			scope.close();
		}
	}

	/** What the caller is told: the failure of the attempt before, if there was one. */
	static Throwable notAdmitted(LimitedCall call, Throwable refusal) {
		Throwable earlier = call.failure();
		if (earlier == null) {
			return refusal;
		}
		call.over();
		return earlier;
	}

	private BudgetReservation reserve(LimitedCall call) throws Exception {
		ModelLimiter limiter = call.modelLimiter();
		Throwable earlier = call.failure();
		try {
			return limiter.acquire(call);
		}
		catch (LlmRateLimitExceededException | CancellationException | InterruptedException ex) {
			if (ex instanceof InterruptedException && earlier != null) {
				Thread.currentThread().interrupt();
			}
			throw CallRunner.<RuntimeException>sneaky(notAdmitted(call, ex));
		}
	}

	@SuppressWarnings("unchecked")
	private static <E extends Throwable> E sneaky(Throwable failure) throws E {
		throw (E) failure;
	}

	void succeeded(LimitedCall call, BudgetReservation reservation, @Nullable Object result) {
		ModelLimiter limiter = call.modelLimiter();
		findUsage(call, result);
		Usage usage = call.usage();
		if (usage != null) {
			reservation.settle(usage);
		}
		else {
			end(call, reservation);
		}
		ProviderSignal signal = call.signal();
		if (signal == null || signal.kind() == SignalKind.OK) {
			Reactions.works(limiter, reservation);
			this.refusedKeys.remove(limiter);
		}
	}

	/** What the method recorded itself comes first: only it knows of several requests. */
	void findUsage(LimitedCall call, @Nullable Object result) {
		if (call.usage() != null || result == null) {
			return;
		}
		Usage found = usageIn(result);
		if (found != null) {
			call.recordUsage(found);
		}
	}

	/** What a part of an answer says of usage. */
	@Nullable Usage usageIn(Object result) {
		try {
			return this.returnedUsage.apply(result);
		}
		catch (RuntimeException ex) { // the call has succeeded
			this.broken.report(this.returnedUsage, ex);
			return null;
		}
	}

	void failed(LimitedCall call, BudgetReservation reservation, Throwable failure) {
		boolean heard = call.signal() != null || call.usage() != null;
		boolean neverSent = !heard && !call.carriesForeign(failure) && NeverSent.isProvedBy(failure);
		call.failed(failure, neverSent);
		if (neverSent) {
			reservation.release();
			return;
		}
		ProviderSignal signal = call.signal();
		if (signal == null || signal.kind() == SignalKind.OK) {
			ProviderResponse response = this.readers.read(failure, call::isForeign);
			if (response != null && !call.isForeign(response)) {
				onResponse(call, response, failure);
			}
		}
		else {
			Reactions.explain(call, signal, failure);
		}
		end(call, reservation);
	}

	private static void end(LimitedCall call, BudgetReservation reservation) {
		Usage usage = call.usage();
		if (usage != null) {
			reservation.settleFailed(usage);
		}
		else if (call.status() == TOO_MANY_REQUESTS && !call.sentSeveral()
				&& !call.modelLimiter().refusedTokensCount()) {
			reservation.refused();
		}
		else {
			reservation.close();
		}
	}

	/**
	 * Acts on what a provider answered.
	 * @param failure the exception that carried the answer, if one did
	 */
	void onResponse(LimitedCall call, ProviderResponse response, @Nullable Throwable failure) {
		ModelLimiter limiter = call.modelLimiter();
		ProviderSignal signal = read(limiter, response);
		call.signal(signal, response.status());
		if (response.status() == 401 || response.status() == 403) {
			this.refusedKeys.put(limiter, true);
		}
		limiter.listeners().onResponse(limiter, signal.kind());
		this.reactions.to(call, signal, failure);
	}

	/** Acts on what a provider answered to a call that nobody limits. */
	void onOutside(ModelLimiter limiter, Entry entry, ProviderResponse response) {
		ProviderSignal signal = read(limiter, response);
		limiter.listeners().onResponse(limiter, signal.kind());
		this.reactions.toOutside(limiter, entry, signal);
	}

	/** A dialect may be the application's own, and its mistake must fail no call. */
	private ProviderSignal read(ModelLimiter limiter, ProviderResponse response) {
		ProviderDialect dialect = limiter.definition().dialect();
		try {
			return dialect.read(response, this.wallClock.instant());
		}
		catch (Throwable ex) { // whatever it is, the call must go on
			this.broken.report(dialect, ex);
			return plainly(response.status());
		}
	}

	/** What a status means to everybody. */
	private static ProviderSignal plainly(int status) {
		SignalKind kind = (status == TOO_MANY_REQUESTS) ? SignalKind.RATE_LIMIT_UNKNOWN
				: (status >= 500) ? SignalKind.SERVER_ERROR : (status >= 400) ? SignalKind.CLIENT_ERROR : SignalKind.OK;
		return ProviderSignal.of(kind, status == TOO_MANY_REQUESTS || status >= 500, null);
	}

	/**
	 * Says what a failure means that no limited call has seen.
	 * @return the signal, or {@code null} if the provider was not heard
	 */
	@Nullable ProviderSignal read(ModelLimiter limiter, Throwable failure) {
		ProviderResponse response = this.readers.read(failure);
		if (response != null) {
			return read(limiter, response);
		}
		return NeverSent.isProvedBy(failure) ? ProviderSignal.of(SignalKind.SERVER_ERROR, true, null) : null;
	}

	/** Completes a budget's status by what only calls can know. */
	LimiterStatus status(ModelLimiter limiter, LimiterStatus status) {
		if (!this.refusedKeys.containsKey(limiter)) {
			return status;
		}
		return new LimiterStatus(LimiterStatus.State.REFUSED_KEY, status.windows(), status.queuedByPriority(),
				status.inFlight(), status.paused());
	}

}

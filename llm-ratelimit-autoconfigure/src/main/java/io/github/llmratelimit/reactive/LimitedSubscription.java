package io.github.llmratelimit.reactive;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

import io.github.llmratelimit.LlmCall;
import io.github.llmratelimit.engine.LimitedCall;
import io.github.llmratelimit.engine.ReturnTypeAdapter.Call;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * One subscriber and the limited call that is made for it.
 *
 * @param <T> type of the elements
 */
final class LimitedSubscription<T> implements Subscription {

	/*
	 * A stream as a call
	 *
	 * To the limiter the stream is a call whose stage completes when the stream does:
	 * waiting, settling and repeating are the limiter's. Elements pass by it. What the
	 * subscriber requests is remembered, since the attempt that serves it may not have
	 * begun; and since an attempt is repeated only before its first element, the next one
	 * has all of it to serve again. The end is told to the subscriber by the limiter,
	 * after it has settled.
	 */

	private final CoreSubscriber<? super T> actual;

	private final Call call;

	private final Function<@Nullable Object, Publisher<T>> toPublisher;

	private final ReentrantLock lock = new ReentrantLock();

	private long requested; // guarded by lock

	private @Nullable Subscription upstream; // guarded by lock

	private boolean cancelled; // guarded by lock

	private volatile @Nullable CompletableFuture<?> limited;

	LimitedSubscription(CoreSubscriber<? super T> actual, Call call,
			Function<@Nullable Object, Publisher<T>> toPublisher) {
		this.actual = actual;
		this.call = call;
		this.toPublisher = toPublisher;
	}

	void start() {
		this.actual.onSubscribe(this);
		CompletableFuture<?> stage;
		try {
			stage = begin();
		}
		catch (Throwable failure) { // e.g. no such model
			end(failure);
			return;
		}
		this.limited = stage;
		stage.whenComplete((nothing, failure) -> end(failure));
		if (isCancelled()) {
			stage.cancel(true);
		}
	}

	/** Begins the call, inside the one that the subscriber is part of, if it is. */
	private CompletableFuture<?> begin() {
		LlmCall outer = this.actual.currentContext().getOrDefault(LlmCall.class, null);
		LlmCall.Scope scope = (outer != null) ? LlmCall.open(outer) : () -> {
		};
		try (scope) {
			return this.call.limiter().get().callAsync(this.call.request(), this::attempt);
		}
	}

	private CompletionStage<@Nullable Object> attempt() {
		Publisher<T> publisher;
		try {
			publisher = this.toPublisher.apply(this.call.body().call());
		}
		catch (Exception failure) {
			return CompletableFuture.failedFuture(failure);
		}
		Attempt attempt = new Attempt(LlmCall.currentOrNull());
		publisher.subscribe(attempt);
		return attempt.end;
	}

	private void end(@Nullable Throwable failure) {
		if (isCancelled()) {
			return;
		}
		if (failure != null) {
			this.actual.onError(failure);
		}
		else {
			this.actual.onComplete();
		}
	}

	@Override
	public void request(long n) {
		if (!Operators.validate(n)) {
			return;
		}
		Subscription current;
		this.lock.lock();
		try {
			this.requested = Operators.addCap(this.requested, n);
			current = this.upstream;
		}
		finally {
			this.lock.unlock();
		}
		if (current != null) {
			current.request(n);
		}
	}

	@Override
	public void cancel() {
		Subscription current;
		this.lock.lock();
		try {
			this.cancelled = true;
			current = this.upstream;
			this.upstream = null;
		}
		finally {
			this.lock.unlock();
		}
		if (current != null) {
			current.cancel();
		}
		CompletableFuture<?> stage = this.limited;
		if (stage != null) {
			stage.cancel(true);
		}
	}

	private boolean isCancelled() {
		this.lock.lock();
		try {
			return this.cancelled;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Lets an attempt serve the subscriber.
	 * @return what has been requested, -1 if nobody wants it any more
	 */
	private long serveBy(Subscription subscription) {
		this.lock.lock();
		try {
			this.upstream = this.cancelled ? null : subscription;
			return this.cancelled ? -1 : this.requested;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void serveLater() {
		this.lock.lock();
		try {
			this.upstream = null;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** One subscription to what the method returned. */
	private final class Attempt implements CoreSubscriber<T> {

		private final CompletableFuture<@Nullable Object> end = new CompletableFuture<>();

		private final @Nullable LlmCall current;

		private final Context context;

		Attempt(@Nullable LlmCall current) {
			this.current = current;
			Context outer = LimitedSubscription.this.actual.currentContext();
			this.context = (current != null) ? outer.put(LlmCall.class, current) : outer;
		}

		@Override
		public Context currentContext() {
			return this.context;
		}

		@Override
		public void onSubscribe(Subscription subscription) {
			long wanted = serveBy(subscription);
			if (wanted < 0) {
				subscription.cancel();
			}
			else if (wanted > 0) {
				subscription.request(wanted);
			}
		}

		@Override
		public void onNext(T element) {
			if (this.current instanceof LimitedCall limitedCall) {
				limitedCall.onPart(element);
			}
			LimitedSubscription.this.actual.onNext(element);
		}

		@Override
		public void onError(Throwable failure) {
			serveLater();
			this.end.completeExceptionally(failure);
		}

		@Override
		public void onComplete() {
			serveLater();
			this.end.complete(null);
		}

	}

}

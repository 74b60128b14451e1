package io.github.llmratelimit.reactive;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Flow;

import io.github.llmratelimit.CallRequest;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.LimiterStatus;
import io.github.llmratelimit.LlmCall;
import io.github.llmratelimit.LlmRateLimitExceededException;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.UnknownLlmModelException;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.engine.AcquireOutcome;
import io.github.llmratelimit.engine.CallRetry;
import io.github.llmratelimit.engine.LimitedCall;
import io.github.llmratelimit.engine.RateLimitListener;
import io.github.llmratelimit.engine.ReturnTypeAdapter.Call;
import io.github.llmratelimit.engine.ReturnTypeAdapter.Fallback;
import io.github.llmratelimit.engine.TestLimiters;
import io.github.llmratelimit.time.FakeTime;
import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.ConnectableFlux;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

import org.springframework.core.ReactiveAdapterRegistry;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests for {@link ReactiveReturnTypeAdapter} on real limiters in fake time. */
class ReactiveReturnTypeAdapterTests {

	private static final CallRequest REQUEST = CallRequest.of(Cost.ofTotal(100));

	/** When comes back what was taken at the start. */
	private static final Duration BACK = Duration.ofSeconds(61);

	private final FakeTime time = new FakeTime();

	private final List<String> events = new ArrayList<>();

	private LlmRateLimiter limiter = limiter(CallRetry.NEVER);

	private final ReactiveReturnTypeAdapter adapter = new ReactiveReturnTypeAdapter(
			ReactiveAdapterRegistry.getSharedInstance());

	private int invocations;

	private LlmRateLimiter limiter(CallRetry retry) {
		return new TestLimiters(this.time).retry(retry)
			.usage((result) -> (result instanceof Usage usage) ? usage : null)
			.model("gpt-4o")
			.build(new Recorder())
			.limiter("gpt-4o");
	}

	@Test
	void monoWhenNobodySubscribesDoesNothing() {
		mono(() -> Mono.just("answer"));
		assertThat(this.events).isEmpty();
		assertThat(this.invocations).isZero();
	}

	@Test
	void monoWhenThereIsBudgetAnswers() {
		StepVerifier.create(mono(() -> Mono.just("answer"))).expectNext("answer").verifyComplete();
		assertThat(this.events).containsExactly("admitted", "end ?");
	}

	@Test
	void monoWhenEmptyCompletes() {
		StepVerifier.create(mono(Mono::empty)).verifyComplete();
		assertThat(this.events).containsExactly("admitted", "end ?");
	}

	@Test
	void monoWhenSubscribedTwiceIsTwoCalls() {
		Mono<Object> mono = mono(() -> Mono.just("answer"));
		mono.subscribe();
		mono.subscribe();
		assertThat(remaining(Dimension.REQUESTS)).isEqualTo(8);
		assertThat(this.invocations).isEqualTo(2);
	}

	@Test
	void monoWhenThereIsNoBudgetBlocksNobodyAndStartsWhenItComesBack() {
		spend();
		StepVerifier.create(mono(() -> Mono.just("answer")))
			.expectSubscription()
			.then(() -> assertThat(this.invocations).isZero())
			.then(() -> this.time.advance(BACK))
			.expectNext("answer")
			.verifyComplete();
	}

	@Test
	void monoWhenItWouldWaitTooLongFails() {
		spend();
		CallRequest impatient = REQUEST.withMaxWait(Duration.ZERO);
		StepVerifier.create(mono(impatient, () -> Mono.just("answer"), null))
			.verifyError(LlmRateLimitExceededException.class);
		assertThat(this.invocations).isZero();
	}

	@Test
	void monoWhenCancelledBeforeItsStartLeavesNothing() {
		spend();
		StepVerifier.create(mono(() -> Mono.just("answer"))).thenCancel().verify();
		assertThat(this.limiter.status().queued()).isZero();
		this.time.advance(BACK);
		assertThat(this.invocations).isZero();
		assertThat(this.events).containsExactly("cancelled");
		assertThat(remaining(Dimension.TOKENS)).isEqualTo(1000);
	}

	@Test
	void fluxWhenCancelledDuringItsCallKeepsTheTokens() {
		TestPublisher<Object> source = TestPublisher.create();
		StepVerifier.create(flux(source::flux)).then(() -> source.next("one")).expectNext("one").thenCancel().verify();
		source.assertCancelled();
		assertThat(remaining(Dimension.TOKENS)).isEqualTo(900);
		assertThat(this.limiter.status().inFlight()).isZero();
		assertThat(this.events).containsExactly("admitted", "end ?");
	}

	@Test
	void fluxSettlesAtItsEndWithTheLastUsageSeen() {
		TestPublisher<Object> source = TestPublisher.create();
		StepVerifier.create(flux(source::flux))
			.then(() -> source.next(Usage.of(20, 1), "text", Usage.of(20, 9), "[DONE]"))
			.expectNextCount(4)
			.then(() -> assertThat(this.events).containsExactly("admitted"))
			.then(source::complete)
			.verifyComplete();
		assertThat(this.events).containsExactly("admitted", "end 29");
	}

	@Test
	void fluxSettlesBeforeItsSubscriberHearsOfTheEnd() {
		List<String> seen = new ArrayList<>();
		flux(() -> Flux.just(Usage.of(20, 9))).doOnComplete(() -> seen.addAll(this.events)).subscribe();
		assertThat(seen).containsExactly("admitted", "end 29");
	}

	@Test
	void fluxSettlesWithWhatItsMethodRecordedRatherThanWhatItSaw() {
		flux(() -> Flux.just(Usage.of(20, 9))
			.doFirst(() -> LlmCall.current().orElseThrow().recordUsage(Usage.of(1, 1)))).subscribe();
		assertThat(this.events).containsExactly("admitted", "end 2");
	}

	@Test
	void fluxServesWhatIsRequestedAndNoMore() {
		TestPublisher<Object> source = TestPublisher.create();
		spend();
		StepVerifier.create(flux(source::flux), 2)
			.then(() -> this.time.advance(BACK))
			.then(() -> source.assertMinRequested(2))
			.then(() -> source.next("one", "two"))
			.expectNext("one", "two")
			.thenRequest(1)
			.then(() -> source.next("three"))
			.expectNext("three")
			.thenCancel()
			.verify();
		source.assertNoRequestOverflow();
	}

	@Test
	void fluxWhenItFailsBeforeItsFirstElementIsSubscribedToAgain() {
		this.limiter = limiter(new OneMore());
		StepVerifier
			.create(flux(() -> (this.invocations == 1) ? Flux.error(new IllegalStateException()) : Flux.just("a", "b")))
			.expectNext("a", "b")
			.verifyComplete();
		assertThat(this.invocations).isEqualTo(2);
		assertThat(remaining(Dimension.REQUESTS)).isEqualTo(8);
	}

	@Test
	void fluxWhenRepeatedServesAllThatWasRequested() {
		this.limiter = limiter(new OneMore());
		StepVerifier
			.create(flux(() -> (this.invocations == 1) ? Flux.error(new IllegalStateException()) : Flux.just("a", "b")),
					2)
			.expectNext("a", "b")
			.verifyComplete();
	}

	@Test
	void fluxWhenItFailsAfterItsFirstElementPassesTheErrorUnchanged() {
		this.limiter = limiter(new OneMore());
		IllegalStateException failure = new IllegalStateException();
		StepVerifier.create(flux(() -> Flux.<Object>just("a").concatWith(Flux.error(failure))))
			.expectNext("a")
			.verifyErrorSatisfies((ex) -> assertThat(ex).isSameAs(failure));
		assertThat(this.invocations).isOne();
	}

	@Test
	void monoWhenTheMethodThrowsFails() {
		StepVerifier.create(mono(() -> {
			throw new IllegalStateException();
		})).verifyError(IllegalStateException.class);
		assertThat(this.limiter.status().inFlight()).isZero();
	}

	@Test
	void monoWhenItsModelIsUnknownFails() {
		Mono<?> mono = (Mono<?>) this.adapter.adapt(Mono.class, new Call(() -> {
			throw new UnknownLlmModelException("gpt-9", List.of());
		}, REQUEST, () -> Mono.just("answer"), null));
		StepVerifier.create(mono).verifyError(UnknownLlmModelException.class);
	}

	@Test
	void callIsTheCurrentOneWhileTheMethodRunsAndIsSubscribedTo() {
		List<String> models = new ArrayList<>();
		mono(() -> {
			models.add(LlmCall.current().orElseThrow().model());
			return Mono.fromSupplier(() -> LlmCall.current().orElseThrow().model()).doOnNext(models::add);
		}).subscribe();
		assertThat(models).containsExactly("gpt-4o", "gpt-4o");
		assertThat(LlmCall.current()).isEmpty();
	}

	@Test
	void callIsInTheContext() {
		StepVerifier
			.create(mono(() -> Mono.deferContextual((context) -> Mono.just(context.get(LlmCall.class).model()))))
			.expectNext("gpt-4o")
			.verifyComplete();
	}

	@Test
	void callInsideAnotherOfItsChainJoinsIt() {
		TestPublisher<Object> first = TestPublisher.create();
		StepVerifier.create(flux(() -> first.flux().flatMap((element) -> mono(() -> Mono.just(Usage.of(200, 50))))))
			.then(() -> first.next("go")) // on a thread of which the call is not the
											// current one
			.expectNextCount(1)
			.then(first::complete)
			.verifyComplete();
		assertThat(this.events).containsExactly("admitted", "end 250");
	}

	@Test
	void fallbackWhenRefusedAnswers() {
		spend();
		StepVerifier
			.create(mono(REQUEST.withMaxWait(Duration.ZERO), () -> Mono.just("answer"),
					(failure) -> Mono.just(failure.getClass().getSimpleName())))
			.expectNext("LlmRateLimitExceededException")
			.verifyComplete();
	}

	@Test
	void fallbackWhenItFailsToo() {
		StepVerifier.create(mono(REQUEST, () -> Mono.error(new IllegalStateException()), (failure) -> {
			throw failure;
		})).verifyError(IllegalStateException.class);
	}

	@Test
	void fallbackWhenPartOfTheAnswerIsOutIsNotAsked() {
		Flux<?> flux = (Flux<?>) this.adapter.adapt(Flux.class, call(REQUEST,
				() -> Flux.just("a").concatWith(Flux.error(new IllegalStateException())), (failure) -> Flux.just("b")));
		StepVerifier.create(flux.map(String::valueOf)).expectNext("a").verifyError(IllegalStateException.class);
	}

	@Test
	void singleIsLimited() {
		Single<?> single = (Single<?>) this.adapter.adapt(Single.class,
				call(REQUEST, () -> Single.just("answer"), null));
		single.test().assertComplete();
		assertThat(this.events).containsExactly("admitted", "end ?");
	}

	@Test
	void completableIsLimited() {
		Completable completable = (Completable) this.adapter.adapt(Completable.class,
				call(REQUEST, Completable::complete, null));
		completable.test().assertComplete();
		assertThat(this.events).containsExactly("admitted", "end ?");
	}

	@Test
	void flowableIsLimited() {
		Flowable<?> flowable = (Flowable<?>) this.adapter.adapt(Flowable.class,
				call(REQUEST, () -> Flowable.just("a", "b"), null));
		flowable.test().assertValueCount(2).assertComplete();
		assertThat(this.events).containsExactly("admitted", "end ?");
	}

	@Test
	void typesThatCanBeMadeAreSupported() {
		assertThat(List.of(Mono.class, Flux.class, Publisher.class, Flow.Publisher.class, Single.class))
			.allMatch(this.adapter::supports);
	}

	@Test
	void typesThatCannotBeMadeAreNotSupported() {
		assertThat(List.of(String.class, ConnectableFlux.class, Object.class)).noneMatch(this.adapter::supports);
	}

	private Mono<Object> mono(Callable<Mono<?>> body) {
		return mono(REQUEST, body, null);
	}

	@SuppressWarnings("unchecked")
	private Mono<Object> mono(CallRequest request, Callable<Mono<?>> body, Fallback fallback) {
		return (Mono<Object>) this.adapter.adapt(Mono.class, call(request, body, fallback));
	}

	@SuppressWarnings("unchecked")
	private Flux<Object> flux(Callable<Flux<?>> body) {
		return (Flux<Object>) this.adapter.adapt(Flux.class, call(REQUEST, body, null));
	}

	private Call call(CallRequest request, Callable<?> body, Fallback fallback) {
		return new Call(() -> this.limiter, request, () -> {
			this.invocations++;
			return body.call();
		}, fallback);
	}

	private void spend() {
		this.limiter.tryAcquire(Cost.ofTotal(1000)).orElseThrow().close();
		this.events.clear();
	}

	private long remaining(Dimension dimension) {
		return this.limiter.status()
			.windows()
			.stream()
			.filter((window) -> window.limit().dimension() == dimension)
			.findAny()
			.map(LimiterStatus.Window::remaining)
			.orElseThrow();
	}

	private final class Recorder implements RateLimitListener {

		@Override
		public void onAcquire(LlmRateLimiter limiter, CallRequest request, AcquireOutcome outcome, long waitedNanos) {
			ReactiveReturnTypeAdapterTests.this.events.add(outcome.id());
		}

		@Override
		public void onEnd(LlmRateLimiter limiter, Cost cost, String tenant, Usage usage) {
			ReactiveReturnTypeAdapterTests.this.events.add("end " + ((usage != null) ? usage.totalTokens() : "?"));
		}

	}

	private static final class OneMore implements CallRetry {

		@Override
		public <T> T run(LimitedCall call, Callable<T> attempt) {
			throw new UnsupportedOperationException();
		}

		@Override
		public Repeats repeats(LimitedCall call) {
			return new Repeats() {

				@Override
				public boolean afterAnswer(Object answer) {
					return false;
				}

				@Override
				public boolean afterFailure(Throwable failure) {
					return call.attempt() == 1;
				}

			};
		}

	}

}

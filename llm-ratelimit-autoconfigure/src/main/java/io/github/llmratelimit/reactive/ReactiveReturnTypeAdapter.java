package io.github.llmratelimit.reactive;

import java.util.function.Function;

import io.github.llmratelimit.engine.ReturnTypeAdapter;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;

/**
 * Limits methods that return {@code Mono}, {@code Flux}, or anything else that Spring's
 * {@link ReactiveAdapterRegistry} adapts.
 * <p>
 * Each subscription is a call of its own, with an invocation of the method of its own for
 * each attempt. The call is in the Reactor context under the key {@code LlmCall.class},
 * and is the current one while the method runs and its result is subscribed to.
 */
public final class ReactiveReturnTypeAdapter implements ReturnTypeAdapter {

	private final ReactiveAdapterRegistry registry;

	/**
	 * Creates the adapter.
	 * @param registry knows the reactive types
	 */
	public ReactiveReturnTypeAdapter(ReactiveAdapterRegistry registry) {
		this.registry = registry;
	}

	@Override
	public boolean supports(Class<?> type) {
		ReactiveAdapter adapter = this.registry.getAdapter(type);
		return adapter != null && adapter.getReactiveType() == type; // no subclass can be
																		// made of it
	}

	@Override
	public Object adapt(Class<?> type, Call call) {
		ReactiveAdapter adapter = this.registry.getAdapter(type);
		if (adapter == null) {
			throw new IllegalArgumentException("Invalid type (%s): must be reactive.".formatted(type.getName()));
		}
		Function<@Nullable Object, Publisher<Object>> toPublisher = adapter::toPublisher;
		if (adapter.isMultiValue()) {
			Flux<Object> limited = new LimitedFlux<>(call, toPublisher);
			return adapter
				.fromPublisher((call.fallback() != null) ? orElse(limited, call.fallback(), toPublisher) : limited);
		}
		Mono<Object> limited = new LimitedMono<>(call, toPublisher);
		return adapter
			.fromPublisher((call.fallback() != null) ? orElse(limited, call.fallback(), toPublisher) : limited);
	}

	private static Mono<Object> orElse(Mono<Object> limited, Fallback fallback,
			Function<@Nullable Object, Publisher<Object>> toPublisher) {
		return limited.onErrorResume((failure) -> Mono.from(answer(fallback, failure, toPublisher)));
	}

	/** Nobody else answers once part of the answer is out. */
	private static Flux<Object> orElse(Flux<Object> limited, Fallback fallback,
			Function<@Nullable Object, Publisher<Object>> toPublisher) {
		return Flux.defer(() -> {
			boolean[] begun = new boolean[1];
			return limited.doOnNext((element) -> begun[0] = true)
				.onErrorResume((failure) -> !begun[0], (failure) -> answer(fallback, failure, toPublisher));
		});
	}

	private static Publisher<Object> answer(Fallback fallback, Throwable failure,
			Function<@Nullable Object, Publisher<Object>> toPublisher) {
		try {
			return toPublisher.apply(fallback.answer(failure));
		}
		catch (Throwable ex) {
			return Mono.error(ex);
		}
	}

}

package io.github.llmratelimit.reactive;

import java.util.function.Function;

import io.github.llmratelimit.engine.ReturnTypeAdapter.Call;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/**
 * Makes a limited call for each of its subscribers.
 *
 * @param <T> type of the elements
 */
final class LimitedMono<T> extends Mono<T> {

	private final Call call;

	private final Function<@Nullable Object, Publisher<T>> toPublisher;

	LimitedMono(Call call, Function<@Nullable Object, Publisher<T>> toPublisher) {
		this.call = call;
		this.toPublisher = toPublisher;
	}

	@Override
	public void subscribe(CoreSubscriber<? super T> actual) {
		new LimitedSubscription<>(actual, this.call, this.toPublisher).start();
	}

}

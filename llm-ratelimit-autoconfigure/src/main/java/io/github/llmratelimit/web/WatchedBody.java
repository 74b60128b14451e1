package io.github.llmratelimit.web;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

import io.github.llmratelimit.provider.RequestedModel;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.client.reactive.ClientHttpRequestDecorator;
import org.springframework.web.reactive.function.BodyInserter;

/**
 * Writes a body as it is written without this, and looks for the model in it just before
 * it leaves. Only bodies that are written in one piece are looked at: of a stream, which
 * is not delayed, nor gathered, only its beginning is told.
 */
final class WatchedBody implements BodyInserter<Object, ClientHttpRequest> {

	private final BodyInserter<?, ? super ClientHttpRequest> body;

	private final Consumer<RequestedModel> listener;

	/**
	 * Creates the body.
	 * @param listener what is told which model the body names, each time that it is
	 * written; must not throw
	 */
	WatchedBody(BodyInserter<?, ? super ClientHttpRequest> body, Consumer<RequestedModel> listener) {
		this.body = body;
		this.listener = listener;
	}

	@Override
	public Mono<Void> insert(ClientHttpRequest request, Context context) {
		return this.body.insert(new ClientHttpRequestDecorator(request) {
			@Override
			public Mono<Void> writeWith(Publisher<? extends DataBuffer> buffers) {
				// what comes as one stays one: the length of the body is told from that
				if (buffers instanceof Mono<? extends DataBuffer> whole) {
					return super.writeWith(whole.doOnNext(WatchedBody.this::look));
				}
				WatchedBody.this.listener.accept(RequestedModel.UNKNOWN);
				return super.writeWith(buffers);
			}

			@Override
			public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> buffers) {
				WatchedBody.this.listener.accept(RequestedModel.UNKNOWN);
				return super.writeAndFlushWith(buffers);
			}

			@Override
			public Mono<Void> setComplete() {
				WatchedBody.this.listener.accept(RequestedModel.UNKNOWN);
				return super.setComplete();
			}
		}, context);
	}

	private void look(DataBuffer buffer) {
		int length = Math.min(buffer.readableByteCount(), RequestedModel.READ_LIMIT + 1);
		byte[] beginning = new byte[length];
		int copied = 0;
		try (DataBuffer.ByteBufferIterator parts = buffer.readableByteBuffers()) {
			while (parts.hasNext() && copied < length) {
				ByteBuffer part = parts.next();
				int count = Math.min(part.remaining(), length - copied);
				part.get(beginning, copied, count);
				copied += count;
			}
		}
		this.listener.accept(RequestedModel.inBody(beginning, copied));
	}

}

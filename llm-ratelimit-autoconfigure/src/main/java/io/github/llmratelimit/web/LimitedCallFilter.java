package io.github.llmratelimit.web;

import java.util.concurrent.atomic.AtomicBoolean;

import io.github.llmratelimit.LlmCall;
import io.github.llmratelimit.engine.LimitedCall;
import io.github.llmratelimit.provider.ProviderResponse;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.ExchangeFunction;

/**
 * {@link LimitedCallInterceptor} for {@code WebClient}. The call is that of the Reactor
 * context, else that of the subscribing thread. Bodies pass by unchanged and unbuffered:
 * of an error the beginning is kept until it has passed, of a stream of events the latest
 * part, in which an error may come after status 200.
 */
public final class LimitedCallFilter implements ExchangeFilterFunction {

	private static final Log logger = LogFactory.getLog(LimitedCallFilter.class);

	private static final int FIRST_ERROR = 400;

	private static final int TOO_MANY_REQUESTS = 429;

	private final UnknownHosts unknownHosts = new UnknownHosts();

	private final AtomicBoolean failed = new AtomicBoolean();

	@Override
	public Mono<ClientResponse> filter(ClientRequest request, ExchangeFunction next) {
		return Mono.deferContextual((context) -> {
			LlmCall current = context.getOrDefault(LlmCall.class, LlmCall.currentOrNull());
			String host = request.url().getHost();
			if (host == null || !(current instanceof LimitedCall call)) {
				return next.exchange(request);
			}
			if (call.isProviderHost(host)) {
				call.onSend();
				return next.exchange(request).map((response) -> seen(call, response));
			}
			return next.exchange(request).doOnNext((response) -> {
				if (response.statusCode().value() == TOO_MANY_REQUESTS) {
					this.unknownHosts.warn(call, host);
				}
			});
		});
	}

	private ClientResponse seen(LimitedCall call, ClientResponse response) {
		int status = response.statusCode().value();
		HttpHeaders headers = response.headers().asHttpHeaders();
		if (status >= FIRST_ERROR) {
			PassingBody body = PassingBody.error((text) -> tell(call, status, headers, text), headers);
			return response.mutate().body(body::watch).build();
		}
		tell(call, status, headers, null);
		if (isEventStream(headers)) {
			PassingBody body = PassingBody.events((text) -> tell(call, status, headers, text), headers);
			return response.mutate().body(body::watch).build();
		}
		return response;
	}

	private static boolean isEventStream(HttpHeaders headers) {
		try {
			return MediaType.TEXT_EVENT_STREAM.isCompatibleWith(headers.getContentType());
		}
		catch (RuntimeException ex) {
			return false; // no media type at all
		}
	}

	private void tell(LimitedCall call, int status, HttpHeaders headers, @Nullable String body) {
		try {
			call.onResponse(new ProviderResponse(status, ResponseText.fields(headers), body));
		}
		catch (RuntimeException ex) {
			// the call is the application's, the mistake is not
			if (this.failed.compareAndSet(false, true)) {
				logger.warn("A response was not understood; further failures are not logged", ex);
			}
		}
	}

}

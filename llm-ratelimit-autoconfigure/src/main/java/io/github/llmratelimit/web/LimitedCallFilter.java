package io.github.llmratelimit.web;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.github.llmratelimit.LlmCall;
import io.github.llmratelimit.LlmRateLimiterRegistry;
import io.github.llmratelimit.engine.LimitedCall;
import io.github.llmratelimit.engine.OutsideCall;
import io.github.llmratelimit.engine.SentRequest;
import io.github.llmratelimit.provider.ProviderResponse;
import io.github.llmratelimit.provider.RequestedModel;
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
 * <p>
 * The body of a request is looked at as it is written, if it is written in one piece and
 * the model matters: outside of limited calls, and inside of them if the provider has
 * models of other budgets. A stream is left alone, and its answer is the call's, or
 * nobody's unless the URL names the model.
 */
public final class LimitedCallFilter implements ExchangeFilterFunction {

	private static final Log logger = LogFactory.getLog(LimitedCallFilter.class);

	private static final int FIRST_ERROR = 400;

	private static final int TOO_MANY_REQUESTS = 429;

	private final UnknownHosts unknownHosts = new UnknownHosts();

	private final OutsideRequests outside;

	private final AtomicBoolean failed = new AtomicBoolean();

	/**
	 * Creates a filter that sees limited calls only.
	 */
	public LimitedCallFilter() {
		this(() -> null);
	}

	/**
	 * Creates a filter that sees requests outside of limited calls too.
	 * @param limiters the limiters whose budgets are taught; asked for the first request
	 * that is not a limited call's, {@code null} for none
	 */
	public LimitedCallFilter(Supplier<? extends @Nullable LlmRateLimiterRegistry> limiters) {
		this.outside = new OutsideRequests(limiters);
	}

	@Override
	public Mono<ClientResponse> filter(ClientRequest request, ExchangeFunction next) {
		return Mono.deferContextual((context) -> {
			LlmCall current = context.getOrDefault(LlmCall.class, LlmCall.currentOrNull());
			String host = request.url().getHost();
			LimitedCall limited = (current instanceof LimitedCall call) ? call : null;
			if (limited != null && host != null && limited.isProviderHost(host)) {
				return limited(limited, host, request, next);
			}
			if (host != null && this.outside.areSentTo(host)) {
				return outside(host, request, next);
			}
			return (limited == null || host == null) ? next.exchange(request)
					: next.exchange(request).doOnNext((response) -> {
						if (response.statusCode().value() == TOO_MANY_REQUESTS) {
							this.unknownHosts.warn(limited, host);
						}
					});
		});
	}

	private Mono<ClientResponse> limited(LimitedCall call, String host, ClientRequest request, ExchangeFunction next) {
		String inPath = RequestedModel.inPath(request.url().getRawPath());
		if (inPath != null || !this.outside.mayBeAnothers(call, host)) {
			SentRequest sent = this.outside.sentInside(call, host, new RequestedModel(inPath, false));
			return next.exchange(request).map((response) -> seen(sent::onResponse, response));
		}
		AtomicReference<@Nullable SentRequest> sent = new AtomicReference<>();
		ClientRequest watched = watched(request, (model) -> {
			if (sent.get() == null) { // some connectors write again on another connection
				sent.set(this.outside.sentInside(call, host, model));
			}
		});
		return next.exchange(watched).map((response) -> {
			SentRequest known = sent.get();
			// without a body there was nothing to watch
			return seen(
					((known != null) ? known : this.outside.sentInside(call, host, RequestedModel.UNKNOWN))::onResponse,
					response);
		});
	}

	private static ClientRequest watched(ClientRequest request, Consumer<RequestedModel> listener) {
		return ClientRequest.from(request).body(new WatchedBody(request.body(), listener)).build();
	}

	private Mono<ClientResponse> outside(String host, ClientRequest request, ExchangeFunction next) {
		String inPath = RequestedModel.inPath(request.url().getRawPath());
		if (inPath != null) {
			OutsideCall call = this.outside.sent(host, new RequestedModel(inPath, false));
			return (call == null) ? next.exchange(request)
					: next.exchange(request).map((response) -> seen(call::onResponse, response));
		}
		AtomicReference<@Nullable OutsideCall> call = new AtomicReference<>();
		ClientRequest watched = watched(request, (model) -> call.set(this.outside.sent(host, model)));
		return next.exchange(watched).map((response) -> {
			OutsideCall known = call.get();
			return (known != null) ? seen(known::onResponse, response) : response;
		});
	}

	private ClientResponse seen(Consumer<ProviderResponse> call, ClientResponse response) {
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

	private void tell(Consumer<ProviderResponse> call, int status, HttpHeaders headers, @Nullable String body) {
		try {
			call.accept(new ProviderResponse(status, ResponseText.fields(headers), body));
		}
		catch (RuntimeException ex) {
			// the call is the application's, the mistake is not
			if (this.failed.compareAndSet(false, true)) {
				logger.warn("A response was not understood; further failures are not logged", ex);
			}
		}
	}

}

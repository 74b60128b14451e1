package io.github.llmratelimit.web;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
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

import org.springframework.http.HttpRequest;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;

/**
 * Tells the limited call of the current thread what a provider answers, at once and not
 * only when the answer has become an exception. Of a success only the headers are looked
 * at; of an error the beginning of the body is read ahead, and the caller still finds all
 * of it.
 * <p>
 * A request that no limited call makes, or one to another provider or for another model
 * than the call's, is not limited; its answer teaches the budget of its model all the
 * same, if its host is a known provider's and its model is seen in the URL or in the
 * first {@value io.github.llmratelimit.provider.RequestedModel#READ_LIMIT} bytes of its
 * JSON.
 * <p>
 * Should be the interceptor next to the wire, so that it sees what the provider has sent.
 * As with any interceptor, the client holds the body of each request in memory; a client
 * that uploads large files to others than providers is better built without it.
 */
public final class LimitedCallInterceptor implements ClientHttpRequestInterceptor {

	private static final Log logger = LogFactory.getLog(LimitedCallInterceptor.class);

	private static final int FIRST_ERROR = 400;

	private static final int TOO_MANY_REQUESTS = 429;

	private final UnknownHosts unknownHosts = new UnknownHosts();

	private final OutsideRequests outside;

	private final AtomicBoolean failed = new AtomicBoolean();

	/**
	 * Creates an interceptor that sees limited calls only.
	 */
	public LimitedCallInterceptor() {
		this(() -> null);
	}

	/**
	 * Creates an interceptor that sees requests outside of limited calls too.
	 * @param limiters the limiters whose budgets are taught; asked for the first request
	 * that is not a limited call's, {@code null} for none
	 */
	public LimitedCallInterceptor(Supplier<? extends @Nullable LlmRateLimiterRegistry> limiters) {
		this.outside = new OutsideRequests(limiters);
	}

	@Override
	public ClientHttpResponse intercept(HttpRequest request, byte[] body, ClientHttpRequestExecution execution)
			throws IOException {
		String host = request.getURI().getHost();
		LimitedCall current = (LlmCall.currentOrNull() instanceof LimitedCall call) ? call : null;
		if (current != null && host != null && current.isProviderHost(host)) {
			RequestedModel model = this.outside.mayBeAnothers(current, host) ? requestedModel(request, body)
					: RequestedModel.UNKNOWN;
			SentRequest sent = this.outside.sentInside(current, host, model);
			return heard(execution.execute(request, body), sent::onResponse);
		}
		if (host != null && this.outside.areSentTo(host)) {
			OutsideCall call = this.outside.sent(host, requestedModel(request, body));
			ClientHttpResponse response = execution.execute(request, body);
			return (call != null) ? heard(response, call::onResponse) : response;
		}
		ClientHttpResponse response = execution.execute(request, body);
		if (current != null && host != null && Objects.equals(status(response), TOO_MANY_REQUESTS)) {
			this.unknownHosts.warn(current, host);
		}
		return response;
	}

	private static RequestedModel requestedModel(HttpRequest request, byte[] body) {
		String inPath = RequestedModel.inPath(request.getURI().getRawPath());
		return (inPath != null) ? new RequestedModel(inPath, false) : RequestedModel.inBody(body, body.length);
	}

	private ClientHttpResponse heard(ClientHttpResponse response, Consumer<ProviderResponse> listener) {
		Integer status = status(response);
		if (status == null) {
			return response;
		}
		PartlyReadBody ahead = (status >= FIRST_ERROR) ? readAhead(response) : null;
		tell(listener, status, response, ahead);
		return (ahead != null && !ahead.canBeHadAgain(response)) ? new PartlyReadResponse(response, ahead) : response;
	}

	/** The status, {@code null} if it cannot be had; the caller will learn why. */
	private @Nullable Integer status(ClientHttpResponse response) {
		try {
			return response.getStatusCode().value();
		}
		catch (IOException | RuntimeException ex) {
			return null;
		}
	}

	private @Nullable PartlyReadBody readAhead(ClientHttpResponse response) {
		try {
			InputStream body = response.getBody();
			return (body != null) ? PartlyReadBody.readAhead(body, ResponseText.READ_LIMIT) : null;
		}
		catch (IOException | RuntimeException ex) {
			return null; // the caller will meet the same
		}
	}

	private void tell(Consumer<ProviderResponse> listener, int status, ClientHttpResponse response,
			@Nullable PartlyReadBody ahead) {
		try {
			String text = (ahead != null) ? ResponseText.body(ahead.beginning(), response.getHeaders()) : null;
			listener.accept(new ProviderResponse(status, ResponseText.fields(response.getHeaders()), text));
		}
		catch (RuntimeException ex) {
			// the call is the application's, the mistake is not
			if (this.failed.compareAndSet(false, true)) {
				logger.warn("A response was not understood; further failures are not logged", ex);
			}
		}
	}

}

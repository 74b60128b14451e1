package io.github.llmratelimit.web;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.llmratelimit.LlmCall;
import io.github.llmratelimit.engine.LimitedCall;
import io.github.llmratelimit.provider.ProviderResponse;
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
 * Should be the interceptor next to the wire, so that it sees what the provider has sent.
 * As with any interceptor, the client holds the body of each request in memory; a client
 * that uploads large files to others than providers is better built without it.
 */
public final class LimitedCallInterceptor implements ClientHttpRequestInterceptor {

	private static final Log logger = LogFactory.getLog(LimitedCallInterceptor.class);

	private static final int FIRST_ERROR = 400;

	private static final int TOO_MANY_REQUESTS = 429;

	private final UnknownHosts unknownHosts = new UnknownHosts();

	private final AtomicBoolean failed = new AtomicBoolean();

	@Override
	public ClientHttpResponse intercept(HttpRequest request, byte[] body, ClientHttpRequestExecution execution)
			throws IOException {
		if (!(LlmCall.currentOrNull() instanceof LimitedCall call)) {
			return execution.execute(request, body);
		}
		String host = request.getURI().getHost();
		if (host != null && call.isProviderHost(host)) {
			call.onSend();
		}
		ClientHttpResponse response = execution.execute(request, body);
		Integer status = status(response);
		if (host == null || status == null) {
			return response;
		}
		if (!call.isProviderHost(host)) {
			if (status == TOO_MANY_REQUESTS) {
				this.unknownHosts.warn(call, host);
			}
			return response;
		}
		PartlyReadBody ahead = (status >= FIRST_ERROR) ? readAhead(response) : null;
		tell(call, status, response, ahead);
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

	private void tell(LimitedCall call, int status, ClientHttpResponse response, @Nullable PartlyReadBody ahead) {
		try {
			String text = (ahead != null) ? ResponseText.body(ahead.beginning(), response.getHeaders()) : null;
			call.onResponse(new ProviderResponse(status, ResponseText.fields(response.getHeaders()), text));
		}
		catch (RuntimeException ex) {
			// the call is the application's, the mistake is not
			if (this.failed.compareAndSet(false, true)) {
				logger.warn("A response was not understood; further failures are not logged", ex);
			}
		}
	}

}

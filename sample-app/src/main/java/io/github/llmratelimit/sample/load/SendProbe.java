package io.github.llmratelimit.sample.load;

import java.io.IOException;

import io.github.llmratelimit.time.Ticker;

import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.http.HttpRequest;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;

/**
 * Notes when the calls of a load are sent, and that they failed. Other calls pass.
 */
@Component
class SendProbe implements ClientHttpRequestInterceptor, RestClientCustomizer {

	private final Ticker ticker;

	SendProbe(Ticker ticker) {
		this.ticker = ticker;
	}

	@Override
	public void customize(RestClient.Builder builder) {
		builder.requestInterceptor(this);
	}

	@Override
	public ClientHttpResponse intercept(HttpRequest request, byte[] body, ClientHttpRequestExecution execution)
			throws IOException {
		CallTrace trace = CallTrace.current();
		if (trace == null) {
			return execution.execute(request, body);
		}
		trace.sending(this.ticker.nanos());
		ClientHttpResponse response = execution.execute(request, body);
		if (response.getStatusCode().isError()) {
			trace.failed();
		}
		return response;
	}

}

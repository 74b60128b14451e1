package io.github.llmratelimit.web;

import java.io.IOException;
import java.io.InputStream;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpResponse;

/**
 * A response with a body that was partly read ahead.
 */
final class PartlyReadResponse implements ClientHttpResponse {

	private final ClientHttpResponse response;

	private final PartlyReadBody body;

	PartlyReadResponse(ClientHttpResponse response, PartlyReadBody body) {
		this.response = response;
		this.body = body;
	}

	@Override
	public HttpStatusCode getStatusCode() throws IOException {
		return this.response.getStatusCode();
	}

	@Override
	public String getStatusText() throws IOException {
		return this.response.getStatusText();
	}

	@Override
	public HttpHeaders getHeaders() {
		return this.response.getHeaders();
	}

	@Override
	public InputStream getBody() {
		return this.body.whole();
	}

	@Override
	public void close() {
		this.response.close();
	}

}

package io.github.llmratelimit.web;

import java.util.Arrays;

import io.github.llmratelimit.engine.FailureReader;
import io.github.llmratelimit.provider.ProviderResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.web.client.RestClientResponseException;

/**
 * Finds the response in the exceptions of {@code RestClient} and {@code RestTemplate}.
 */
public final class SpringFailureReader implements FailureReader {

	@Override
	public @Nullable ProviderResponse read(Throwable failure) {
		if (!(failure instanceof RestClientResponseException exception)) {
			return null;
		}
		HttpHeaders headers = exception.getResponseHeaders();
		byte[] body = exception.getResponseBodyAsByteArray();
		byte[] beginning = (body.length > ResponseText.READ_LIMIT) ? Arrays.copyOf(body, ResponseText.READ_LIMIT)
				: body;
		return new ProviderResponse(exception.getStatusCode().value(), ResponseText.fields(headers),
				ResponseText.body(beginning, headers));
	}

}

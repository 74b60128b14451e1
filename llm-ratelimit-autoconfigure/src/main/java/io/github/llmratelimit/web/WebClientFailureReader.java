package io.github.llmratelimit.web;

import java.util.Arrays;

import io.github.llmratelimit.engine.FailureReader;
import io.github.llmratelimit.provider.ProviderResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.function.client.WebClientResponseException;

/**
 * Finds the response in the exceptions of {@code WebClient}.
 */
public final class WebClientFailureReader implements FailureReader {

	@Override
	public @Nullable ProviderResponse read(Throwable failure) {
		if (!(failure instanceof WebClientResponseException exception)) {
			return null;
		}
		HttpHeaders headers = exception.getHeaders();
		byte[] body = exception.getResponseBodyAsByteArray();
		byte[] beginning = Arrays.copyOf(body, Math.min(body.length, ResponseText.READ_LIMIT));
		return new ProviderResponse(exception.getStatusCode().value(), ResponseText.fields(headers),
				ResponseText.body(beginning, headers));
	}

}

package io.github.llmratelimit.sample.chat;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClientResponseException;

/**
 * Tells the caller that the provider failed, and how.
 */
@RestControllerAdvice
class ProviderErrorAdvice {

	@ExceptionHandler
	ProblemDetail handle(RestClientResponseException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.BAD_GATEWAY,
				"The provider answered %d: %s".formatted(ex.getStatusCode().value(), ex.getResponseBodyAsString()));
	}

	@ExceptionHandler
	ProblemDetail handle(ResourceAccessException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.BAD_GATEWAY,
				"The provider couldn't be reached: " + ex.getMessage());
	}

}

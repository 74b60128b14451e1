package io.github.llmratelimit.autoconfigure.webserver;

import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/**
 * Handles everything, as general handlers do, and states no order.
 */
@RestControllerAdvice
class UsersAdvice {

	@ExceptionHandler
	String handle(RuntimeException ex) {
		return "the user's";
	}

}

package io.github.llmratelimit.autoconfigure.webserver;

import java.util.concurrent.CompletableFuture;

import io.github.llmratelimit.LlmRateLimitExceededException.Reason;
import io.github.llmratelimit.webserver.RefusedCalls;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * What happens to requests whose calls are refused.
 */
@RestController
class FailingController {

	@GetMapping("/busy")
	String busy() {
		throw RefusedCalls.of(Reason.WAIT_TOO_LONG);
	}

	@GetMapping("/large")
	String large() {
		throw RefusedCalls.of(Reason.REQUEST_TOO_LARGE);
	}

	@GetMapping("/tenant")
	String tenant() {
		throw RefusedCalls.of(Reason.TENANT_LIMIT);
	}

	@GetMapping("/later")
	CompletableFuture<String> later() {
		return CompletableFuture.supplyAsync(() -> {
			throw RefusedCalls.of(Reason.PAUSED);
		});
	}

	@GetMapping("/decided")
	String decided() {
		throw new ResponseStatusException(HttpStatus.BAD_GATEWAY, "no answer", RefusedCalls.of(Reason.PAUSED));
	}

	@GetMapping("/broken")
	String broken() {
		throw new IllegalStateException("broken");
	}

}

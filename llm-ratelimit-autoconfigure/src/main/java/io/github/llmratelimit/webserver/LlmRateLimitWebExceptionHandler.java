package io.github.llmratelimit.webserver;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import io.github.llmratelimit.LlmRateLimitExceededException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.codec.HttpMessageWriter;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;

/**
 * Answers {@link LlmRateLimitExceededException}s that nobody else handles, in Spring
 * WebFlux, with problem details of RFC 9457. Comes after all that handles exceptions
 * beside or within controllers, and right before Spring Boot's page for errors.
 */
public final class LlmRateLimitWebExceptionHandler implements WebExceptionHandler, Ordered {

	/**
	 * That of Spring Boot's own handler, which answers everything. Among equals the first
	 * registered is the first asked, so this one must be registered before it.
	 */
	private static final int ORDER = -1;

	private static final ResolvableType TYPE = ResolvableType.forClass(ProblemDetail.class);

	private final Supplier<? extends List<? extends HttpMessageWriter<?>>> writers;

	/**
	 * Creates a handler.
	 * @param writers asked when there is something to write; the first that can write
	 * problem details does
	 */
	public LlmRateLimitWebExceptionHandler(Supplier<? extends List<? extends HttpMessageWriter<?>>> writers) {
		this.writers = writers;
	}

	@Override
	public int getOrder() {
		return ORDER;
	}

	@Override
	public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
		ServerHttpResponse response = exchange.getResponse();
		RefusalProblem problem = response.isCommitted() ? null
				: RefusalProblem.of(failure, exchange.getRequest().getURI().getRawPath());
		HttpMessageWriter<ProblemDetail> writer = (problem != null) ? writer() : null;
		if (problem == null || writer == null) {
			return Mono.error(failure);
		}
		response.setStatusCode(HttpStatusCode.valueOf(problem.detail().getStatus()));
		problem.addTo(response.getHeaders());
		return writer.write(Mono.just(problem.detail()), TYPE, MediaType.APPLICATION_PROBLEM_JSON, response, Map.of());
	}

	@SuppressWarnings("unchecked") // it says that it can
	private @Nullable HttpMessageWriter<ProblemDetail> writer() {
		for (HttpMessageWriter<?> writer : this.writers.get()) {
			if (writer.canWrite(TYPE, MediaType.APPLICATION_PROBLEM_JSON)) {
				return (HttpMessageWriter<ProblemDetail>) writer;
			}
		}
		return null;
	}

}

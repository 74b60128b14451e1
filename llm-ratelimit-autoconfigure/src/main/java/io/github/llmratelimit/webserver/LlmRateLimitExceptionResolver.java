package io.github.llmratelimit.webserver;

import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

import io.github.llmratelimit.LlmRateLimitExceededException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

/**
 * Answers {@link LlmRateLimitExceededException}s that nobody else handles, in Spring MVC,
 * with problem details of RFC 9457. The last of all resolvers: what the application says
 * by {@code @ExceptionHandler}, {@code @ResponseStatus} or a resolver of its own goes
 * first, however general.
 */
public final class LlmRateLimitExceptionResolver implements HandlerExceptionResolver, Ordered {

	private static final Log log = LogFactory.getLog(LlmRateLimitExceptionResolver.class);

	private final Supplier<? extends List<? extends HttpMessageConverter<?>>> converters;

	/**
	 * Creates a resolver.
	 * @param converters asked when there is something to write; the first that can write
	 * problem details does
	 */
	public LlmRateLimitExceptionResolver(Supplier<? extends List<? extends HttpMessageConverter<?>>> converters) {
		this.converters = converters;
	}

	@Override
	public int getOrder() {
		return LOWEST_PRECEDENCE;
	}

	@Override
	public @Nullable ModelAndView resolveException(HttpServletRequest request, HttpServletResponse response,
			@Nullable Object handler, Exception ex) {
		RefusalProblem problem = response.isCommitted() ? null : RefusalProblem.of(ex, request.getRequestURI());
		HttpMessageConverter<ProblemDetail> converter = (problem != null) ? converter() : null;
		if (problem == null || converter == null) {
			return null;
		}
		log.debug("Answered with %d".formatted(problem.detail().getStatus()), ex);
		return write(problem, converter, response);
	}

	@SuppressWarnings("unchecked") // it says that it can
	private @Nullable HttpMessageConverter<ProblemDetail> converter() {
		for (HttpMessageConverter<?> converter : this.converters.get()) {
			if (converter.canWrite(ProblemDetail.class, MediaType.APPLICATION_PROBLEM_JSON)) {
				return (HttpMessageConverter<ProblemDetail>) converter;
			}
		}
		return null;
	}

	private static @Nullable ModelAndView write(RefusalProblem problem, HttpMessageConverter<ProblemDetail> converter,
			HttpServletResponse response) {
		ServletServerHttpResponse output = new ServletServerHttpResponse(response);
		output.setStatusCode(HttpStatusCode.valueOf(problem.detail().getStatus()));
		problem.addTo(output.getHeaders());
		try (output) {
			converter.write(problem.detail(), MediaType.APPLICATION_PROBLEM_JSON, output);
			return new ModelAndView();
		}
		catch (IOException ex) { // the caller has gone
			log.debug("Could not answer", ex);
			return new ModelAndView();
		}
	}

}

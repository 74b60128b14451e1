package io.github.llmratelimit.webserver;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.UndeclaredThrowableException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.LlmRateLimitExceededException;
import io.github.llmratelimit.LlmRateLimitExceededException.Reason;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.ProblemDetail;

/**
 * A refused call as a problem of RFC 9457.
 *
 * @param detail the body
 * @param retryAfterSeconds when to come again, {@code null} if that never helps
 */
record RefusalProblem(ProblemDetail detail, @Nullable Long retryAfterSeconds) {

	/*
	 * What is told, and what is not
	 *
	 * The reader is a caller of the application, not its operator. It may know its own
	 * share and its own request: limit and amount are told where those were the reason.
	 * The account's limits, its credit, the size of the queue, names of tenants and of
	 * properties are nobody else's business; the exception, which has them, is for the
	 * log.
	 *
	 * A busy account is not the caller's fault, so that is 503 and not 429, which would
	 * make clients slow down that have done nothing.
	 *
	 * Only what merely carries an exception is looked into. Whoever throws another one
	 * with a refusal as its cause has decided what the answer is.
	 */

	/** A tag URI: names the kind of problem, leads nowhere. */
	private static final String TYPE = "tag:llmratelimit.github.io,2026:";

	private static final int MOST_WRAPPERS = 10;

	/** Where nobody knows: long enough not to be a loop. */
	private static final long LEAST_SECONDS = 1;

	private static final int CONTENT_TOO_LARGE = 413;

	private static final int TOO_MANY_REQUESTS = 429;

	private static final int SERVICE_UNAVAILABLE = 503;

	/**
	 * Finds the problem of a failure.
	 * @param path the path of the request
	 * @return the problem, {@code null} if the failure is none of a refused call
	 */
	static @Nullable RefusalProblem of(Throwable failure, String path) {
		LlmRateLimitExceededException refusal = refusal(failure);
		return (refusal != null) ? of(refusal, path) : null;
	}

	private static @Nullable LlmRateLimitExceededException refusal(Throwable failure) {
		Throwable inner = failure;
		for (int i = 0; i < MOST_WRAPPERS && inner != null; i++) {
			if (inner instanceof LlmRateLimitExceededException refusal) {
				return refusal;
			}
			inner = isWrapper(inner) ? inner.getCause() : null;
		}
		return null;
	}

	private static boolean isWrapper(Throwable failure) {
		return failure instanceof CompletionException || failure instanceof ExecutionException
				|| failure instanceof UndeclaredThrowableException || failure instanceof InvocationTargetException;
	}

	private static RefusalProblem of(LlmRateLimitExceededException refusal, String path) {
		Reason reason = refusal.reason();
		ProblemDetail detail = ProblemDetail.forStatus(status(reason));
		detail.setType(URI.create(TYPE + reason.name().toLowerCase(Locale.ROOT).replace('_', '-')));
		detail.setTitle(title(reason));
		detail.setDetail(sentence(refusal));
		detail.setInstance(uri(path));
		detail.setProperty("reason", reason.name());
		detail.setProperty("model", refusal.model());
		Dimension dimension = refusal.dimension();
		if (isCallersOwn(reason) && dimension != null) {
			detail.setProperty("dimension", dimension.id());
			detail.setProperty("limit", refusal.limit());
			detail.setProperty("requested", refusal.requested());
		}
		Duration retryAfter = refusal.retryAfter();
		if (retryAfter != null) {
			detail.setProperty("retryAfter", seconds(retryAfter));
		}
		return new RefusalProblem(detail, (reason == Reason.REQUEST_TOO_LARGE) ? null
				: (retryAfter != null) ? seconds(retryAfter) : LEAST_SECONDS);
	}

	/** Servers let paths pass that are no URIs. */
	private static @Nullable URI uri(String path) {
		try {
			return new URI(path);
		}
		catch (URISyntaxException ex) {
			return null;
		}
	}

	/** Whether the caller's own request or share stood in the way, not the account's. */
	private static boolean isCallersOwn(Reason reason) {
		return reason == Reason.TENANT_LIMIT || reason == Reason.REQUEST_TOO_LARGE;
	}

	private static int status(Reason reason) {
		return switch (reason) {
			case TENANT_LIMIT -> TOO_MANY_REQUESTS;
			case REQUEST_TOO_LARGE -> CONTENT_TOO_LARGE;
			case WAIT_TOO_LONG, QUEUE_FULL, DAY_LIMIT, QUOTA_EXHAUSTED, PAUSED -> SERVICE_UNAVAILABLE;
		};
	}

	private static String title(Reason reason) {
		return switch (reason) {
			case TENANT_LIMIT -> "Rate limit reached";
			case REQUEST_TOO_LARGE -> "Request too large";
			case WAIT_TOO_LONG, QUEUE_FULL -> "Language model busy";
			case DAY_LIMIT, QUOTA_EXHAUSTED, PAUSED -> "Language model unavailable";
		};
	}

	private static String sentence(LlmRateLimitExceededException refusal) {
		return switch (refusal.reason()) {
			case TENANT_LIMIT -> "Your share of the model's limit is used up. Come again later.";
			case REQUEST_TOO_LARGE -> "The request needs more of the model than one request may. Shorten it.";
			case WAIT_TOO_LONG, QUEUE_FULL -> "More is asked of the model than it may answer now. Come again later.";
			case DAY_LIMIT -> "The model may not answer any more today.";
			case QUOTA_EXHAUSTED, PAUSED -> "The model does not answer at the moment.";
		};
	}

	/** Never less than the wait: who comes too early comes in vain. */
	private static long seconds(Duration wait) {
		long up = (wait.getNano() > 0) ? wait.getSeconds() + 1 : wait.getSeconds();
		return Math.max(LEAST_SECONDS, up);
	}

	/** Adds the headers that belong to the body. */
	void addTo(HttpHeaders headers) {
		Long seconds = this.retryAfterSeconds;
		if (seconds != null) {
			headers.set(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
		}
	}

}

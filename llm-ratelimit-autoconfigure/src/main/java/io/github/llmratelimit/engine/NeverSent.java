package io.github.llmratelimit.engine;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;

import org.jspecify.annotations.Nullable;

/**
 * Failures that prove that a request never left: only then may its budget be given back.
 * A timeout or a reset proves nothing.
 */
final class NeverSent {

	/** Chains of causes longer than this are not followed; they may be cyclic. */
	static final int MOST_CAUSES = 50;

	private NeverSent() {
	}

	static boolean isProvedBy(Throwable failure) {
		@Nullable Throwable cause = failure;
		for (int depth = 0; cause != null && depth < MOST_CAUSES; depth++) {
			if (cause instanceof ConnectException || cause instanceof UnknownHostException
					|| cause instanceof NoRouteToHostException || cause instanceof HttpConnectTimeoutException
					|| cause instanceof UnresolvedAddressException) {
				return true;
			}
			cause = cause.getCause();
		}
		return false;
	}

}

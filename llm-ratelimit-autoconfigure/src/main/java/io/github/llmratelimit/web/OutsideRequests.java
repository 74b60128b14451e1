package io.github.llmratelimit.web;

import java.util.function.Supplier;

import io.github.llmratelimit.LlmRateLimiterRegistry;
import io.github.llmratelimit.engine.LimitedCall;
import io.github.llmratelimit.engine.OutsideCall;
import io.github.llmratelimit.engine.OutsideCalls;
import io.github.llmratelimit.engine.SentRequest;
import io.github.llmratelimit.provider.RequestedModel;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Requests to hosts of known providers that no limited call makes, or one of another
 * model. Never throws: they are the application's, and go their way whatever happens
 * here.
 */
final class OutsideRequests {

	private static final Log logger = LogFactory.getLog(OutsideRequests.class);

	private final Supplier<? extends @Nullable LlmRateLimiterRegistry> limiters;

	private volatile @Nullable OutsideCalls calls;

	private volatile boolean failed;

	/**
	 * Creates the finder.
	 * @param limiters the limiters, asked when the first request is seen: clients are
	 * made before them
	 */
	OutsideRequests(Supplier<? extends @Nullable LlmRateLimiterRegistry> limiters) {
		this.limiters = limiters;
	}

	boolean areSentTo(@Nullable String host) {
		if (host == null) {
			return false;
		}
		OutsideCalls known = calls();
		return known != null && known.isProviderHost(host);
	}

	private @Nullable OutsideCalls calls() {
		OutsideCalls known = this.calls;
		if (known == null) {
			try {
				LlmRateLimiterRegistry registry = this.limiters.get();
				known = (registry != null) ? new OutsideCalls(registry.limiters()) : null;
				this.calls = known;
			}
			catch (RuntimeException ex) {
				// asked while the application starts: the next request asks again
				logger.debug("The limiters are not ready", ex);
			}
		}
		return known;
	}

	/** Whether a request of a limited call may be for another budget than the call's. */
	boolean mayBeAnothers(LimitedCall call, String host) {
		OutsideCalls known = calls();
		try {
			return known != null && known.areOthersAt(host, call);
		}
		catch (RuntimeException ex) {
			failed(ex);
			return false;
		}
	}

	/** What hears of a request of a limited call, which is about to leave. */
	SentRequest sentInside(LimitedCall call, String host, RequestedModel model) {
		OutsideCalls known = calls();
		SentRequest request = call;
		try {
			if (known != null && model.name() != null) {
				request = known.inside(call, host, model.name());
			}
		}
		catch (RuntimeException ex) {
			failed(ex);
		}
		request.onSend();
		return request;
	}

	/** A request is about to leave that no limited call makes. */
	@Nullable OutsideCall sent(String host, RequestedModel model) {
		OutsideCalls known = calls();
		if (known == null) {
			return null;
		}
		OutsideCall call = null;
		try {
			if (model.name() != null) {
				call = known.find(host, model.name());
			}
			else if (model.isNone()) {
				call = known.findUnnamed(host);
			}
			if (call != null) {
				call.onSend();
			}
		}
		catch (RuntimeException ex) {
			failed(ex);
		}
		return call;
	}

	private void failed(RuntimeException ex) {
		if (!this.failed) {
			this.failed = true;
			logger.warn("A request to a provider was not understood; further failures are not logged", ex);
		}
	}

}

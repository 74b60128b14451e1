package io.github.llmratelimit.web;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.github.llmratelimit.engine.LimitedCall;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Hosts that refuse limited calls and are nobody's: perhaps a proxy of the provider that
 * the configuration lacks.
 */
final class UnknownHosts {

	private static final Log logger = LogFactory.getLog(UnknownHosts.class);

	/** Bounds what is remembered; nobody reads so many warnings. */
	private static final int MOST_WARNINGS = 100;

	private final Set<String> warnedOf = ConcurrentHashMap.newKeySet();

	/** A host has answered with status 429. */
	void warn(LimitedCall call, String host) {
		if (this.warnedOf.size() < MOST_WARNINGS && this.warnedOf.add(host)) {
			String provider = call.limiter().limits().key().provider();
			logger.warn(("%s answered a limited call to '%s' with status 429, but is no known host of provider '%s'. "
					+ "If it speaks for the provider, add it to llm.ratelimit.providers.%s.hosts.")
				.formatted(host, call.model(), provider, provider));
		}
	}

}

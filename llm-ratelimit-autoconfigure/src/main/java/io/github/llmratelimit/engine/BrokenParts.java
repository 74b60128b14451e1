package io.github.llmratelimit.engine;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Parts that others supply and that failed. Their failure is no failure of the call at
 * hand: it is logged, once for each class.
 */
final class BrokenParts {

	private static final Logger logger = System.getLogger(BrokenParts.class.getName());

	private final Set<Class<?>> known = ConcurrentHashMap.newKeySet();

	void report(Object part, Throwable failure) {
		if (this.known.add(part.getClass())) {
			logger.log(Level.WARNING, part.getClass().getName()
					+ " failed. It is still used; what depends on it is missing; further failures are not logged.",
					failure);
		}
	}

}

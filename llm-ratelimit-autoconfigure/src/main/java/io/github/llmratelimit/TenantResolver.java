package io.github.llmratelimit;

import org.jspecify.annotations.Nullable;

/**
 * Says on whose behalf the current thread calls, where a call does not say so itself. A
 * bean of this type is asked once for every annotated call without a {@code tenant}.
 */
@FunctionalInterface
public interface TenantResolver {

	/**
	 * Returns the tenant of the call that is about to be made. An exception is logged
	 * once, and the call then counts as nobody's.
	 * @return the tenant, {@code null} for nobody in particular
	 */
	@Nullable String currentTenant();

}

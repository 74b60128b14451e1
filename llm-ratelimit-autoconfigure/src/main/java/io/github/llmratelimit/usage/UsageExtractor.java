package io.github.llmratelimit.usage;

import io.github.llmratelimit.Usage;
import org.jspecify.annotations.Nullable;

/**
 * Finds actual usage in the return values that the application knows. Beans of this type
 * are asked in their order, before what is built in; usage that the method recorded by
 * hand comes before all of them.
 * <p>
 * Called on the thread of the caller when its call has succeeded; must be quick and
 * thread-safe.
 *
 * @see UsageFinder
 */
@FunctionalInterface
public interface UsageExtractor {

	/**
	 * Finds the usage in a return value.
	 * @param result what the method returned
	 * @return the usage of the whole call, or {@code null} if the value is not one that
	 * this extractor knows, or has none. What it throws fails nobody's call: it is
	 * counted, logged once, and the next extractor is asked
	 */
	@Nullable Usage extract(Object result);

}

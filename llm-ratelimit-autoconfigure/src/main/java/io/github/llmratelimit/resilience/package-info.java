/**
 * Repeats failed calls, and shows limiters to Resilience4j as its own.
 */
@NullMarked
package io.github.llmratelimit.resilience;

import org.jspecify.annotations.NullMarked;

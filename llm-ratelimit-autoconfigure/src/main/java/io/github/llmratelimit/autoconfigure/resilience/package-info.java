/**
 * Wiring of what needs Resilience4j.
 */
@NullMarked
package io.github.llmratelimit.autoconfigure.resilience;

import org.jspecify.annotations.NullMarked;

/**
 * Wiring of meters.
 */
@NullMarked
package io.github.llmratelimit.autoconfigure.metrics;

import org.jspecify.annotations.NullMarked;

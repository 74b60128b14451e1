/**
 * Meters: what limiters did, counted as it happens, and what they are doing, looked at
 * when somebody asks.
 */
@NullMarked
package io.github.llmratelimit.metrics;

import org.jspecify.annotations.NullMarked;

/**
 * Admission: which call may start when. Budgets as rolling windows, the queue before
 * them, what a call's end leaves behind, and how a limited call runs. Talks outwards only
 * through {@link io.github.llmratelimit.engine.RateLimitListener}.
 */
@NullMarked
package io.github.llmratelimit.engine;

import org.jspecify.annotations.NullMarked;

/**
 * Wiring of health.
 */
@NullMarked
package io.github.llmratelimit.autoconfigure.health;

import org.jspecify.annotations.NullMarked;

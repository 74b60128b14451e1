/**
 * Wiring: what configuration properties resolve to, and the beans made of that.
 */
@NullMarked
package io.github.llmratelimit.autoconfigure;

import org.jspecify.annotations.NullMarked;

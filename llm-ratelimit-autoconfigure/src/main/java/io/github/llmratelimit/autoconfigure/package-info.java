/**
 * Wiring: the beans that are made of what the configuration means.
 */
@NullMarked
package io.github.llmratelimit.autoconfigure;

import org.jspecify.annotations.NullMarked;

/**
 * What the configuration means: everything read, checked and put together, as definitions
 * of limiters.
 */
@NullMarked
package io.github.llmratelimit.autoconfigure.configuration;

import org.jspecify.annotations.NullMarked;

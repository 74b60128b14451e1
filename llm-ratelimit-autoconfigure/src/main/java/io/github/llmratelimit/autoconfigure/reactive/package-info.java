/**
 * Wiring of reactive return types.
 */
@NullMarked
package io.github.llmratelimit.autoconfigure.reactive;

import org.jspecify.annotations.NullMarked;

/**
 * Wiring of application events.
 */
@NullMarked
package io.github.llmratelimit.autoconfigure.events;

import org.jspecify.annotations.NullMarked;

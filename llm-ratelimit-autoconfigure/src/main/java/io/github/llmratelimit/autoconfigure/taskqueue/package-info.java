/**
 * Wiring of the task queue.
 */
@NullMarked
package io.github.llmratelimit.autoconfigure.taskqueue;

import org.jspecify.annotations.NullMarked;

/**
 * Works off jobs that fill what interactive calls leave of a budget.
 */
@NullMarked
package io.github.llmratelimit.taskqueue;

import org.jspecify.annotations.NullMarked;

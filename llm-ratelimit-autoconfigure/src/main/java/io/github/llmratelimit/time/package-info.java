/**
 * The only code that asks the system for time, and the only code that waits for it.
 */
@NullMarked
package io.github.llmratelimit.time;

import org.jspecify.annotations.NullMarked;

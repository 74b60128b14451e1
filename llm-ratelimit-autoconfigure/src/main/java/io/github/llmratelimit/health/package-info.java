/**
 * Health: limited isn't unhealthy, but whoever looks shall see why calls wait.
 */
@NullMarked
package io.github.llmratelimit.health;

import org.jspecify.annotations.NullMarked;

/**
 * Limits methods that return reactive types: the waiting happens when somebody
 * subscribes, and on no thread.
 */
@NullMarked
package io.github.llmratelimit.reactive;

import org.jspecify.annotations.NullMarked;

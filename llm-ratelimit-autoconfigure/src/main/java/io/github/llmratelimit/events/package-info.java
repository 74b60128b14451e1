/**
 * What applications can listen to: events of their own application context.
 */
@NullMarked
package io.github.llmratelimit.events;

import org.jspecify.annotations.NullMarked;

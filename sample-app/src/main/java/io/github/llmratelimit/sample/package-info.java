/**
 * A small service that shows the starter at work.
 */
@NullMarked
package io.github.llmratelimit.sample;

import org.jspecify.annotations.NullMarked;

/**
 * A load of many users, with and without the limiter, and what came of it.
 */
@NullMarked
package io.github.llmratelimit.sample.load;

import org.jspecify.annotations.NullMarked;

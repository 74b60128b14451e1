/**
 * Actual usage, found in what limited methods return.
 */
@NullMarked
package io.github.llmratelimit.usage;

import org.jspecify.annotations.NullMarked;

/**
 * What a call costs that need not wait, beside other limiters in the same run.
 */
@NullMarked
package io.github.llmratelimit.benchmarks;

import org.jspecify.annotations.NullMarked;

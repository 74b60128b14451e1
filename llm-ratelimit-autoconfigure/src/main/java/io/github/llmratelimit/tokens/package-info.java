/**
 * Estimates the tokens of a prompt before the call, in bounded time and never as zero.
 */
@NullMarked
package io.github.llmratelimit.tokens;

import org.jspecify.annotations.NullMarked;

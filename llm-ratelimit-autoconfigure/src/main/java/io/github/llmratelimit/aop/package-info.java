/**
 * The annotation at work: which methods are limited, what their attributes mean, and the
 * advice that makes their calls wait.
 */
@NullMarked
package io.github.llmratelimit.aop;

import org.jspecify.annotations.NullMarked;

/**
 * Wiring of the annotation: its advisor, something that applies it, and the check of
 * annotated beans.
 */
@NullMarked
package io.github.llmratelimit.autoconfigure.aop;

import org.jspecify.annotations.NullMarked;

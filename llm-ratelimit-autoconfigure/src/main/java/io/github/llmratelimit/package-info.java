/**
 * What applications touch: the annotation, the limiter and the values they exchange.
 */
@NullMarked
package io.github.llmratelimit;

import org.jspecify.annotations.NullMarked;

/**
 * What answers teach: how much calls really use, what the limits really are, and how much
 * of them is left. Pure arithmetic over numbers and instants that are handed in.
 */
@NullMarked
package io.github.llmratelimit.learning;

import org.jspecify.annotations.NullMarked;

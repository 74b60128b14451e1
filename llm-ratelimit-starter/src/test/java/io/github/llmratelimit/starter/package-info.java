/**
 * A service that has the starter and nothing else of ours.
 */
@NullMarked
package io.github.llmratelimit.starter;

import org.jspecify.annotations.NullMarked;

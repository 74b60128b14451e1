/**
 * Wiring of what a web application answers its own callers.
 */
@NullMarked
package io.github.llmratelimit.autoconfigure.webserver;

import org.jspecify.annotations.NullMarked;

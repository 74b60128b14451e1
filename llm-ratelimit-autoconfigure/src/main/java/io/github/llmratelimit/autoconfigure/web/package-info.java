/**
 * Wiring of what needs Spring's HTTP clients.
 */
@NullMarked
package io.github.llmratelimit.autoconfigure.web;

import org.jspecify.annotations.NullMarked;

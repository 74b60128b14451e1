/**
 * Lets limiters see what Spring's HTTP clients receive from providers.
 */
@NullMarked
package io.github.llmratelimit.web;

import org.jspecify.annotations.NullMarked;

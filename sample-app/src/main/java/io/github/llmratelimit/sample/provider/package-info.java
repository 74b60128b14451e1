/**
 * A simulated LLM provider on a port of its own, with limits that it enforces strictly.
 */
@NullMarked
package io.github.llmratelimit.sample.provider;

import org.jspecify.annotations.NullMarked;

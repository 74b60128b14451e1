/**
 * The services that call the LLM, as a user of the starter would write them.
 */
@NullMarked
package io.github.llmratelimit.sample.chat;

import org.jspecify.annotations.NullMarked;

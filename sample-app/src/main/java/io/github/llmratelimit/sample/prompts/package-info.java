/**
 * What the load asks: texts of very different sizes, in several languages.
 */
@NullMarked
package io.github.llmratelimit.sample.prompts;

import org.jspecify.annotations.NullMarked;

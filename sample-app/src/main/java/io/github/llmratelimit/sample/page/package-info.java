/**
 * What the page at {@code /} shows and changes.
 */
@NullMarked
package io.github.llmratelimit.sample.page;

import org.jspecify.annotations.NullMarked;

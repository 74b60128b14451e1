/**
 * What was typed and where it stands, and how start-up tells of what is wrong with it.
 */
@NullMarked
package io.github.llmratelimit.autoconfigure.diagnostics;

import org.jspecify.annotations.NullMarked;

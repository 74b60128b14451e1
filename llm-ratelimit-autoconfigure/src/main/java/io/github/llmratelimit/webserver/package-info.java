/**
 * What a web application answers its own callers when a call was refused.
 */
@NullMarked
package io.github.llmratelimit.webserver;

import org.jspecify.annotations.NullMarked;

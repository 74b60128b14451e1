/**
 * Configuration properties, as Boot binds them and before anything is made of them.
 */
@NullMarked
package io.github.llmratelimit.autoconfigure.properties;

import org.jspecify.annotations.NullMarked;

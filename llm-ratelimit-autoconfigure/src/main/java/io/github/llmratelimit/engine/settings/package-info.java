/**
 * What the engine can be told: records with the defaults, checked when they are made.
 */
@NullMarked
package io.github.llmratelimit.engine.settings;

import org.jspecify.annotations.NullMarked;

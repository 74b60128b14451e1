/**
 * What providers grant: bundled and own tables of tiers, the accounts they are for, how
 * limits and costs are written, and the listing of what is bundled.
 */
@NullMarked
package io.github.llmratelimit.autoconfigure.tiers;

import org.jspecify.annotations.NullMarked;

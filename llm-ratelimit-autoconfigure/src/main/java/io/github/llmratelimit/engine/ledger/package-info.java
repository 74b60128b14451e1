/**
 * How much is left: what calls have taken of limits, when it comes back, and what the
 * provider's answers make of it. Pure arithmetic over instants that are handed in. Begin
 * with {@code RollingWindow}, one limit over time, on its {@code SlotRing};
 * {@code Ledger} takes several together or none, in the currency of a {@code Tariff}, and
 * {@code Hearing} brings answers to the windows that they speak of. For the engine alone.
 */
@NullMarked
package io.github.llmratelimit.engine.ledger;

import org.jspecify.annotations.NullMarked;

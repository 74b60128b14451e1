/**
 * Who may start when: the queue, its tenants and its forecasts, and what stops everybody.
 * A state machine over instants that are handed in; nothing here waits, locks or reads a
 * clock. Begin with {@code Admission}: {@code Gate} says whether a call may start,
 * {@code FairQueue} whose turn it is, {@code Turns} hands out what has come free, and
 * {@code Outlook} knows when the others will start. For the engine alone.
 */
@NullMarked
package io.github.llmratelimit.engine.admission;

import org.jspecify.annotations.NullMarked;

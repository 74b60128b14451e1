/**
 * A discrete-event simulation of clients and providers in virtual time: how many calls
 * are refused, and how much of a limit is used.
 */
@NullMarked
package io.github.llmratelimit.simulation;

import org.jspecify.annotations.NullMarked;

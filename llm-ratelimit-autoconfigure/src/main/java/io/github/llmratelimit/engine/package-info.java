/**
 * Running limited calls: reserve, call, settle, and again where that helps.
 * <p>
 * How a call goes through: {@code ModelLimiter} asks its {@code Budget}, which puts a
 * lock around a state machine that never waits, {@code admission}. That one decides whose
 * turn it is, and asks {@code ledger} whether there is room. {@code CallRunner} runs the
 * call and writes down how it ended; {@code LaterCall} is the same for calls that wait on
 * no thread. {@code Reactions} says what an answer means for everybody else, and
 * {@code RateLimitListener} tells it to others: the engine talks outwards in no other
 * way.
 */
@NullMarked
package io.github.llmratelimit.engine;

import org.jspecify.annotations.NullMarked;

package io.github.llmratelimit.sample.chat;

/**
 * One piece of work that nobody waits for.
 *
 * @param id names it in the results
 * @param text what to do
 */
public record BatchJob(String id, String text) {
}

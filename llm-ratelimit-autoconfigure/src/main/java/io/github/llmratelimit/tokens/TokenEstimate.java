package io.github.llmratelimit.tokens;

/**
 * What a prompt is expected to take, and how sure that is.
 *
 * @param tokens the estimate
 * @param profiled tokens of its texts as their profile tells, before the model's ratio
 * was applied; 0 where they were counted, so that there is nothing to learn
 * @param others tokens of the estimate that aren't text: messages, images and the like
 */
public record TokenEstimate(long tokens, double profiled, long others) {

}

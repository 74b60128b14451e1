package io.github.llmratelimit.sample.provider;

import java.time.Duration;

/**
 * What a model answers.
 *
 * @param text the answer
 * @param tokens its tokens
 * @param cachedTokens prompt tokens that were read from the cache
 * @param latency time from the arrival until the answer is complete
 */
record Completion(String text, int tokens, int cachedTokens, Duration latency) {
}

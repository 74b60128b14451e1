package io.github.llmratelimit.sample.provider;

import java.util.Map;

/**
 * One HTTP response.
 *
 * @param status the HTTP status
 * @param headers headers beside those that every response has
 * @param body the body, JSON
 */
record Reply(int status, Map<String, String> headers, byte[] body) {
}

/**
 * What providers say about their limits: HTTP responses in, {@link ProviderSignal}s out.
 */
@NullMarked
package io.github.llmratelimit.provider;

import org.jspecify.annotations.NullMarked;

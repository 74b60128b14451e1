package io.github.llmratelimit.sample.load;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the users of a load behave.
 *
 * @param thinkTime mean time between an answer and the next call of the same user
 */
@ConfigurationProperties("demo.load")
record LoadProperties(@DefaultValue("1s") Duration thinkTime) {
}

package io.github.llmratelimit.autoconfigure.configuration;

import java.time.Duration;

import io.github.llmratelimit.engine.settings.EngineSettings;
import io.github.llmratelimit.engine.settings.LearningSettings;
import io.github.llmratelimit.engine.settings.QueueSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ConfigurationResolver}: what is the same for all models.
 */
class SettingsResolutionTests {

	@Test
	void queueWhenNothingIsConfiguredHasTheDefaults() {
		assertThat(queue("")).isEqualTo(new QueueSettings(10_000, Duration.ofSeconds(30), 4, 0.2, 1));
	}

	@Test
	void queueWhenConfiguredIsThat() {
		assertThat(queue("""
				queue: { max-wait: 10m, capacity: 7, ageing: 4m, backfill: 2 }
				retry: { max-elapsed: 20m }
				throttle: { low-watermark: 0.1, max-share-of-remaining: 0.8 }
				""")).isEqualTo(new QueueSettings(7, Duration.ofMinutes(4), 2, 0.1, 0.8));
	}

	@Test
	void waitAndGuardWhenConfiguredAreThose() {
		EngineSettings settings = Resolved.yaml("queue: { max-wait: 5s, guard: 20ms }").settings();
		assertThat(settings).extracting(EngineSettings::maxWait, EngineSettings::guard)
			.containsExactly(Duration.ofSeconds(5), Duration.ofMillis(20));
	}

	@ParameterizedTest
	@CsvSource({ "90s, 30s", "91s, 30s", "9s, 3s", "0s, 0s" })
	void ageingWhenNotStatedFitsTwiceIntoTheLongestWait(String maxWait, String ageing) {
		assertThat(queue("queue: { max-wait: %s }".formatted(maxWait)).ageing())
			.isEqualTo(Duration.parse("PT" + ageing));
	}

	@Test
	void ageingWhenItJustFitsTwiceIsAccepted() {
		assertThat(queue("queue: { max-wait: 10s, ageing: 4999ms }").ageing()).isEqualTo(Duration.ofMillis(4_999));
	}

	@Test
	void ageingWhenZeroIsNever() {
		assertThat(queue("queue: { max-wait: 0s, ageing: 0s }").ageing()).isZero();
	}

	@Test
	void overloadWhenTheDelayAfterServerErrorsIsConfiguredBeginsWithIt() {
		assertThat(Resolved.yaml("retry: { server-error-base-delay: 2s }").settings().overloadBaseDelay())
			.isEqualTo(Duration.ofSeconds(2));
	}

	@Test
	void learningWhenNothingIsConfiguredIsAll() {
		assertThat(Resolved.yaml("").settings().learning()).isEqualTo(LearningSettings.ALL);
	}

	@Test
	void learningWhenSwitchedOffIsThat() {
		assertThat(Resolved.yaml("learning: { limits: false, credit: false }").settings().learning())
			.isEqualTo(new LearningSettings(false, true, false, true));
	}

	@Test
	void learningOfTheRestWhenSwitchedOffIsThat() {
		assertThat(Resolved.yaml("learning: { remaining: false, output-tokens: false }").settings().learning())
			.isEqualTo(new LearningSettings(true, false, true, false));
	}

	@Test
	void storeWhenLocalIsAccepted() {
		assertThat(Resolved.yaml("store: local").models()).isEmpty();
	}

	private static QueueSettings queue(String yaml) {
		return Resolved.yaml(yaml).settings().queue();
	}

}

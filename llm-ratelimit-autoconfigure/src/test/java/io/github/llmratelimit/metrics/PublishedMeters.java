package io.github.llmratelimit.metrics;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;

/**
 * Compares published meters with {@link LlmRateLimitMeter}.
 */
final class PublishedMeters {

	private PublishedMeters() {
	}

	static LlmRateLimitMeter documentationOf(Meter meter) {
		return Arrays.stream(LlmRateLimitMeter.values())
			.filter((each) -> each.getName().equals(meter.getId().getName()))
			.findFirst()
			.orElseThrow(() -> new AssertionError("Not documented: " + meter.getId()));
	}

	static Set<String> documentedTagKeys(Meter meter) {
		return Arrays.stream(documentationOf(meter).getKeyNames()).map(KeyName::asString).collect(Collectors.toSet());
	}

	static Set<String> tagKeys(Meter meter) {
		return meter.getId().getTags().stream().map(Tag::getKey).collect(Collectors.toSet());
	}

}

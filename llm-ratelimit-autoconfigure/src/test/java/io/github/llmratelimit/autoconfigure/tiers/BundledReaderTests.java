package io.github.llmratelimit.autoconfigure.tiers;

import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Map;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.CostRule;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.autoconfigure.properties.LlmRateLimitProperties;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link BundledReader}.
 */
class BundledReaderTests {

	@Test
	void readWhenNothingIsSaidHasSafeDefaults() {
		BundledProvider provider = BundledReader.read("mine", Map.of());
		assertThat(provider)
			.extracting(BundledProvider::dialect, BundledProvider::booking, BundledProvider::cost,
					BundledProvider::outputWeight, BundledProvider::cachedInputWeight)
			.containsExactly("generic", Booking.ESTIMATE, CostRule.Formula.SUM, 1.0, 1.0);
	}

	@Test
	void readWhenANumberIsWrittenAsOneOrAsTextTakesBoth() {
		BundledProvider provider = BundledReader.read("mine",
				Map.of("tiers", Map.of("free", Map.of("m", Map.of("rpm", 5, "tpm", "30k")))));
		assertThat(provider.tiers().get("free").get("m")).extracting((row) -> row.rpm(), (row) -> row.tpm())
			.containsExactly("5", "30k");
	}

	@Test
	void readWhenALimitHasTheLongFormTakesIt() {
		Map<String, Object> limit = Map.of("dimension", "input-tokens", "amount", 7, "per", "31d");
		BundledProvider provider = BundledReader.read("mine",
				Map.of("tiers", Map.of("free", Map.of("m", Map.of("limits", List.of(limit))))));
		assertThat(provider.tiers().get("free").get("m").limits()).singleElement()
			.isEqualTo(new LlmRateLimitProperties.WindowLimit(Dimension.INPUT_TOKENS, "7", Duration.ofDays(31)));
	}

	@Test
	void readWhenAnEntryHasNoMeaningNamesIt() {
		assertThatIllegalStateException()
			.isThrownBy(() -> BundledReader.read("mine", Map.of("models", Map.of("m", Map.of("pol", "p")))))
			.withMessage("Invalid entry (pol): has no meaning in the file of provider 'mine', models, m.");
	}

	@Test
	void readWhenADateIsNotInQuotesSaysSo() {
		assertThatIllegalStateException()
			.isThrownBy(() -> BundledReader.read("mine",
					Map.of("schemes", Map.of("s", Map.of("as-of", new Date(0), "tiers", List.of("free"))))))
			.withMessageContaining("Invalid as-of (")
			.withMessageContaining("put dates in quotes");
	}

	@Test
	void readWhenAPartIsTextSaysSo() {
		assertThatIllegalStateException().isThrownBy(() -> BundledReader.read("mine", Map.of("tiers", "free")))
			.withMessage("Invalid tiers (free) in the file of provider 'mine': must have entries.");
	}

	@Test
	void readWhenABookingIsUnknownFails() {
		assertThatIllegalArgumentException().isThrownBy(() -> BundledReader.read("mine", Map.of("booking", "guess")));
	}

}

package io.github.llmratelimit.autoconfigure.tiers;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Amount}.
 */
class AmountTests {

	@ParameterizedTest
	@CsvSource({ "1, 1", "30000, 30000", "30_000, 30000", "1_000_000, 1000000", "30k, 30000", "30K, 30000",
			"2M, 2000000", "1.5M, 1500000", "2.5k, 2500", "' 7 ', 7", "1000000000000000, 1000000000000000" })
	void parseWhenWrittenAsPeopleDoReadsTheNumber(String text, long amount) {
		assertThat(Amount.parse(text, 1)).isEqualTo(amount);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "-5", "abc", "1.0E30", "30.000", "30,000", "2m", "5 k", "_5", "5_", "1__0", "0x10",
			"+5", "k", ".5k", "5.k", "1.2345k" })
	void parseWhenNoWholeNumberNamesTheValue(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> Amount.parse(text, 1))
			.withMessageStartingWith("Invalid amount (" + text + "): must be a whole number");
	}

	@Test
	void parseWhenBelowTheSmallestSaysTheSmallest() {
		assertThatIllegalArgumentException().isThrownBy(() -> Amount.parse("0", 1))
			.withMessage("Invalid amount (0): must be at least 1.");
	}

	@Test
	void parseWhenZeroIsAllowedReadsZero() {
		assertThat(Amount.parse("0", 0)).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "1000000000000001", "99999999999999999999999999", "9999999999M" })
	void parseWhenAbsurdSaysTheLargest(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> Amount.parse(text, 1))
			.withMessageContaining("must be at most 1000000000000000");
	}

}

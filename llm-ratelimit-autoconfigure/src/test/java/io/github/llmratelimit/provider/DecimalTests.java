package io.github.llmratelimit.provider;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Decimal}.
 */
class DecimalTests {

	@ParameterizedTest
	@CsvSource({ "0, 0", "42, 42", "007, 7", "999999999999999, 999999999999999", "00000000000000000000005, 5" })
	void countWhenDigitsReturnsNumber(String text, long expected) {
		assertThat(Decimal.count(text)).isEqualTo(expected);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "-1", "+500", "1.0", "1e3", "0x10", "10d", "5f", "NaN", "Infinity", "200,000",
			"1 000", "1000000000000000", "99999999999999999999999", "\u0661\u0662", "\uFF11", "12\u0000" })
	void countWhenAnythingElseReturnsNull(String text) {
		assertThat(Decimal.count(text)).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "7, 7, 0", "0.05, 0, 50000000", "7.66, 7, 660000000", "1.500, 1, 500000000",
			"5.723541104, 5, 723541104" })
	void parseWhenFractionReturnsBillionths(String text, long whole, long nanos) {
		assertThat(Decimal.parse(text)).isEqualTo(new Decimal(whole, nanos));
	}

	@ParameterizedTest
	@CsvSource({ "0.0000000001, 0, 1", "0.9999999999, 0, 1000000000", "0.1000000000, 0, 100000000" })
	void parseWhenFinerThanBillionthsRoundsUp(String text, long whole, long nanos) {
		assertThat(Decimal.parse(text)).isEqualTo(new Decimal(whole, nanos));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", ".", ".5", "5.", "1.2.3", "-0.5", "1e400", "1,5", "1.5s", "1000000000000000.5" })
	void parseWhenAnythingElseReturnsNull(String text) {
		assertThat(Decimal.parse(text)).isNull();
	}

	@Test
	void timesWhenLongerThanMaximumReturnsMinusOne() {
		assertThat(new Decimal(Decimal.MAX_WHOLE, 0).times(86_400_000_000_000L, Long.MAX_VALUE)).isEqualTo(-1);
	}

	@Test
	void timesWhenUnitIsShorterThanASecondRoundsUp() {
		assertThat(new Decimal(0, 1).times(1_000_000, 10)).isEqualTo(1);
	}

}

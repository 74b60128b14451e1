package io.github.llmratelimit.provider;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link QuotaHeaders}.
 */
class QuotaHeadersTests {

	private static final QuotaHeaders HEADERS = QuotaHeaders.of("x-*-n");

	@Test
	void ofWhenPatternHasStarNamesThree() {
		assertThat(HEADERS).isEqualTo(new QuotaHeaders("x-limit-n", "x-remaining-n", "x-reset-n"));
	}

	@Test
	void readWhenLinesAreEqualMergesThem() {
		assertThat(read(true, "x-limit-n", "500", "x-limit-n", "500").limit()).isEqualTo(500);
	}

	@Test
	void readWhenLinesDisagreeTakesTheMostRestrictive() {
		Quota quota = read(true, "x-limit-n", "500", "x-limit-n", "60", "x-remaining-n", "10", "x-remaining-n", "4",
				"x-reset-n", "1s", "x-reset-n", "1m");
		assertThat(quota).isEqualTo(new Quota(60L, 4L, Duration.ofMinutes(1)));
	}

	@Test
	void readWhenSomeLinesAreBadDropsThem() {
		Quota quota = read(true, "x-limit-n", "abc", "x-limit-n", "60", "x-remaining-n", "-1", "x-reset-n", "soon");
		assertThat(quota).isEqualTo(new Quota(60L, null, null));
	}

	@Test
	void readWhenLimitIsZeroOnSuccessKeepsTheResetOnly() {
		assertThat(read(true, "x-limit-n", "0", "x-remaining-n", "0", "x-reset-n", "0s"))
			.isEqualTo(new Quota(null, null, Duration.ZERO));
	}

	@Test
	void readWhenLimitIsZeroOnErrorKeepsIt() {
		assertThat(read(false, "x-limit-n", "0")).isEqualTo(new Quota(0L, null, null));
	}

	@Test
	void readWhenRemainingIsZeroOnSuccessKeepsIt() {
		assertThat(read(true, "x-limit-n", "600", "x-remaining-n", "0")).isEqualTo(new Quota(600L, 0L, null));
	}

	@Test
	void readWhenNothingIsThereIsUnknown() {
		assertThat(read(true, "x-other", "5")).isSameAs(Quota.UNKNOWN);
	}

	private static Quota read(boolean success, String... headers) {
		return HEADERS.read(Reading.fields(headers), Reading.NOW, success);
	}

}

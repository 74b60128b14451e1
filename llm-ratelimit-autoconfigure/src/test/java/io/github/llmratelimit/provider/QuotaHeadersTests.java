package io.github.llmratelimit.provider;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link QuotaHeaders}.
 */
class QuotaHeadersTests {

	private static final QuotaHeaders HEADERS = QuotaHeaders.of("x-*-n");

	@Test
	void ofWhenPatternHasStarNamesThree() {
		assertThat(HEADERS).isEqualTo(new QuotaHeaders("x-limit-n", "x-remaining-n", "x-reset-n", "", null, null));
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

	@ParameterizedTest
	@CsvSource({ "10, 10", "60, 60", "0, 30", "-1, 30", "1m, 30", "2678401, 30", "99999999999999999999, 30" })
	void readWhenRenewalPeriodIsToldBelievesWhatIsPlausible(String renewal, long windowSeconds) {
		QuotaHeaders headers = HEADERS.per(Duration.ofSeconds(30)).withRenewal("x-renewal");
		Quota quota = headers.read(Reading.fields("x-limit-n", "5", "x-renewal", renewal), Reading.NOW, true);
		assertThat(quota.window()).hasSeconds(windowSeconds);
	}

	@Test
	void readWhenRenewalPeriodsDisagreeTakesTheLongest() {
		HttpFields fields = Reading.fields("x-limit-n", "5", "x-renewal", "10", "x-renewal", "60");
		assertThat(HEADERS.withRenewal("x-renewal").read(fields, Reading.NOW, true).window()).hasMinutes(1);
	}

	@Test
	void readWhenOnlyRenewalPeriodIsToldIsUnknown() {
		HttpFields fields = Reading.fields("x-renewal", "10");
		assertThat(HEADERS.withRenewal("x-renewal").read(fields, Reading.NOW, true)).isSameAs(Quota.UNKNOWN);
	}

	@ParameterizedTest
	@CsvSource({ "5, 7, 5", "x, 7, 7", "-1, 7, 7" })
	void readWhenThereAreOtherNamesReadsThemIfNothingElseIsTold(String first, String other, long limit) {
		QuotaHeaders headers = HEADERS.or(QuotaHeaders.of("y-*-n"));
		Quota quota = headers.read(Reading.fields("x-limit-n", first, "y-limit-n", other), Reading.NOW, true);
		assertThat(quota.limit()).isEqualTo(limit);
	}

	private static Quota read(boolean success, String... headers) {
		return HEADERS.read(Reading.fields(headers), Reading.NOW, success);
	}

}

package io.github.llmratelimit.provider;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RateLimitFields}.
 */
class RateLimitFieldsTests {

	private static final String POLICY = "RateLimit-Policy";

	private static final String TWO_POLICIES = "\"permin\";q=50;w=60, \"perhr\";q=1000;w=3600";

	@Test
	void readWhenNothingIsTold() {
		assertThat(read("date", "Thu, 15 Oct 2026 12:00:20 GMT")).isEqualTo(RateLimitFields.NONE);
	}

	@Test
	void readWhenSeveralPoliciesReportsTheOneWithLeastRemaining() {
		RateLimitFields told = read(POLICY, TWO_POLICIES, "RateLimit", "\"permin\";r=2;t=12, \"perhr\";r=3;t=1800");
		assertThat(told.quota()).isEqualTo(quota(50L, 2L, 12L, 60L));
	}

	@Test
	void readWhenSameRemainsReportsTheLongerReset() {
		RateLimitFields told = read(POLICY, TWO_POLICIES, "RateLimit", "\"permin\";r=0;t=12, \"perhr\";r=0;t=1800");
		assertThat(told.quota()).isEqualTo(quota(1000L, 0L, 1800L, 3600L));
		assertThat(told.hint()).isEqualTo(Duration.ofMinutes(30));
	}

	@Test
	void readWhenLinesAreSplitJoinsThem() {
		RateLimitFields told = read(POLICY, "\"permin\";q=50;w=60", POLICY, "\"perhr\";q=1000;w=3600", "RateLimit",
				"\"permin\";r=40;t=12", "RateLimit", "\"perhr\";r=3;t=1800");
		assertThat(told.quota()).isEqualTo(quota(1000L, 3L, 1800L, 3600L));
	}

	@Test
	void readWhenSomethingRemainsHasNoHint() {
		assertThat(read("RateLimit", "\"a\";r=1;t=12").hint()).isNull();
	}

	@Test
	void readWhenRemainingIsLeftOutReportsTheOthers() {
		RateLimitFields told = read(POLICY, TWO_POLICIES, "RateLimit", "\"permin\";t=12, \"perhr\";r=3;t=1800");
		assertThat(told.quota()).isEqualTo(quota(1000L, 3L, 1800L, 3600L));
	}

	@Test
	void readWhenPolicyCountsBytesIgnoresIt() {
		RateLimitFields told = read(POLICY, "\"size\";q=9;qu=\"content-bytes\", \"n\";q=50", "RateLimit",
				"\"size\";r=0;t=5, \"n\";r=40;t=12");
		assertThat(told.quota()).isEqualTo(quota(50L, 40L, 12L));
	}

	@Test
	void readWhenUnknownParametersIgnoresThem() {
		RateLimitFields told = read("RateLimit", "\"a\";r=1;t=12;pk=:aGk=:;comment=\"x\"");
		assertThat(told.quota()).isEqualTo(quota(null, 1L, 12L));
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"a\";r=abc;t=9", "\"a\";r=-1;t=9", "\"a\";r=1.5", "\"a\";r=5;t=soon", "\"a\";r=5;t=9,",
			"\"a\";r=5;t=9, \"b\";r=x", "limit=100, remaining=", "limit=50, remaining=abc" })
	void readWhenFieldIsMalformedKeepsThePolicyAlone(String field) {
		assertThat(read(POLICY, "\"a\";q=100;w=60", "RateLimit", field).quota())
			.isEqualTo(quota(100L, null, null, 60L));
	}

	@Test
	void readWhenPolicyIsMalformedKeepsTheFieldAlone() {
		RateLimitFields told = read(POLICY, "\"a\";q=100, \"b\";q=-1", "RateLimit", "\"a\";r=5;t=9");
		assertThat(told.quota()).isEqualTo(quota(null, 5L, 9L));
	}

	@Test
	void readWhenPoliciesAloneReportsTheSmallest() {
		assertThat(read(POLICY, TWO_POLICIES).quota()).isEqualTo(quota(50L, null, null, 60L));
	}

	@Test
	void readWhenDictionaryReadsDraft07() {
		RateLimitFields told = read("RateLimit", "limit=100, remaining=0, reset=21", POLICY, "100;w=60");
		assertThat(told).isEqualTo(new RateLimitFields(quota(100L, 0L, 21L, 60L), Duration.ofSeconds(21)));
	}

	@Test
	void readWhenOldDraftTakesFirstMemberOfLimit() {
		RateLimitFields told = read("RateLimit-Limit", "100, 100;w=60, 5000;w=3600", "RateLimit-Remaining", "42",
				"RateLimit-Reset", "15");
		assertThat(told).isEqualTo(new RateLimitFields(quota(100L, 42L, 15L, 60L), Duration.ofSeconds(15)));
	}

	@Test
	void readWhenLimitsOfOldDraftDisagreeTakesTheSmallest() {
		RateLimitFields told = read("RateLimit-Limit", "100;w=60", "RateLimit-Limit", "60", "RateLimit-Limit", "x");
		assertThat(told.quota()).isEqualTo(quota(60L, null, null));
	}

	@Test
	void readWhenGenerationsAreMixedTakesTheNewestOnly() {
		RateLimitFields told = read("RateLimit", "\"a\";r=5;t=9", "RateLimit-Remaining", "42", "X-RateLimit-Limit",
				"60");
		assertThat(told.quota()).isEqualTo(quota(null, 5L, 9L));
	}

	@Test
	void readWhenOldDraftSendsAPolicyToo() {
		RateLimitFields told = read(POLICY, "100;w=60", "RateLimit-Limit", "100", "RateLimit-Remaining", "42");
		assertThat(told.quota()).isEqualTo(quota(100L, 42L, null, 60L));
	}

	@Test
	void readWhenSeveralResetsTakesTheFirstUsableAsHint() {
		RateLimitFields told = read("X-RateLimit-Reset", "0", "RateLimit-Reset", "7", "RateLimit", "\"a\";r=0;t=9");
		assertThat(told.hint()).isEqualTo(Duration.ofSeconds(7));
	}

	@Test
	void readWhenResetIsFurtherThanAMonthDropsIt() {
		assertThat(read("RateLimit", "\"a\";r=5;t=2678401").quota()).isEqualTo(quota(null, 5L, null));
	}

	@Test
	void readWhenLimitIsZeroOnSuccessDropsLimitAndRemaining() {
		HttpFields fields = Reading.fields("RateLimit", "limit=0, remaining=0, reset=21");
		assertThat(RateLimitFields.read(fields, Reading.NOW, true).quota()).isEqualTo(quota(null, null, 21L));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "\"a\";q=5;w=1 | 1", "\"a\";q=5;w=2678400 | 2678400", "\"a\";q=5;w=2678401 |", "\"a\";q=5;w=0 |",
					"\"a\";q=5 |", "\"a\";q=5;w=1, \"b\";q=5;w=60 | 60", "\"b\";q=5;w=60, \"a\";q=5;w=1 | 60",
					"\"a\";q=5;w=1, \"b\";q=6;w=60 | 1", "5;w=60, 5;w=1 | 60",
					"\"a\";q=5;w=9, \"b\";q=5;w=60;qu=\"content-bytes\" | 9" })
	void readWhenPolicyAloneReportsItsWindow(String policy, Long windowSeconds) {
		assertThat(read(POLICY, policy).quota()).isEqualTo(quota(5L, null, null, windowSeconds));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "100, 100;w=60, 5000;w=3600 | 60", "100;w=60 | 60",
			"100;w=60, 100;w=3600 | 3600", "100, 50;w=60 |", "100 |", "100, 100;w=x |" })
	void readWhenOldDraftListsPoliciesTakesTheWindowOfTheLimit(String limit, Long windowSeconds) {
		assertThat(read("RateLimit-Limit", limit).quota()).isEqualTo(quota(100L, null, null, windowSeconds));
	}

	@Test
	void readWhenFieldIsCustomKnowsNoWindow() {
		assertThat(read("X-RateLimit-Limit", "60", POLICY, "\"a\";q=60;w=5").quota()).isEqualTo(quota(60L, null, null));
	}

	private static RateLimitFields read(String... headers) {
		return RateLimitFields.read(Reading.fields(headers), Reading.NOW, false);
	}

	private static Quota quota(Long limit, Long remaining, Long resetSeconds) {
		return quota(limit, remaining, resetSeconds, null);
	}

	private static Quota quota(Long limit, Long remaining, Long resetSeconds, Long windowSeconds) {
		return new Quota(limit, remaining, seconds(resetSeconds), seconds(windowSeconds));
	}

	private static Duration seconds(Long seconds) {
		return (seconds != null) ? Duration.ofSeconds(seconds) : null;
	}

}

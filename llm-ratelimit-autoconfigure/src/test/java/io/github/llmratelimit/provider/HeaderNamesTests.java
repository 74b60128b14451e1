package io.github.llmratelimit.provider;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link HeaderNames}.
 */
class HeaderNamesTests {

	private static final HeaderNames NAMES = HeaderNames.of(QuotaHeaders.of("req-*"), QuotaHeaders.of("tok-*"))
		.withProjectTokens(QuotaHeaders.of("proj-*"))
		.withInputAndOutput(QuotaHeaders.of("in-*"), QuotaHeaders.of("out-*"));

	@ParameterizedTest
	@CsvSource({ "100, 50, 50", "50, 100, 50", "100, 100, 100", ", 50, 50", "50, , 50" })
	void readWhenProjectHasLessReportsItAsTokens(String whole, String project, Long expected) {
		Quotas quotas = read("tok-remaining", (whole != null) ? whole : "", "proj-remaining",
				(project != null) ? project : "");
		assertThat(quotas.tokens().remaining()).isEqualTo(expected);
	}

	@Test
	void readWhenProjectHasLessReplacesAllThree() {
		Quotas quotas = read("tok-limit", "200", "tok-remaining", "100", "tok-reset", "1s", "proj-remaining", "50");
		assertThat(quotas.tokens()).isEqualTo(new Quota(null, 50L, null));
	}

	@Test
	void readWhenProjectHasAsMuchKeepsTheWhole() {
		Quotas quotas = read("tok-limit", "500", "tok-remaining", "100", "proj-limit", "200", "proj-remaining", "100");
		assertThat(quotas.tokens()).isEqualTo(new Quota(500L, 100L, null));
	}

	@Test
	void readWhenOnlyProjectIsToldReportsIt() {
		assertThat(read("proj-limit", "200").tokens()).isEqualTo(new Quota(200L, null, null));
	}

	@Test
	void readWhenProjectHasNoRemainingKeepsTheWhole() {
		assertThat(read("tok-limit", "500", "proj-limit", "200").tokens()).isEqualTo(new Quota(500L, null, null));
	}

	@ParameterizedTest
	@CsvSource({ "-1, -1", "0, 0", "abc, ''", "100, -1" })
	void readWhenNumbersOfProjectAreNonsenseKeepsTheWhole(String limit, String remaining) {
		Quotas quotas = read("tok-limit", "500", "tok-remaining", "100", "proj-limit", limit, "proj-remaining",
				remaining);
		assertThat(quotas.tokens()).isEqualTo(new Quota(500L, 100L, null));
	}

	@Test
	void readWhenNumbersOfTheWholeAreNonsenseTakesTheProject() {
		Quotas quotas = read("tok-limit", "-1", "tok-remaining", "-1", "proj-limit", "200", "proj-remaining", "100");
		assertThat(quotas.tokens()).isEqualTo(new Quota(200L, 100L, null));
	}

	@Test
	void readWhenProjectHasLessTakesItsWindow() {
		HeaderNames names = HeaderNames.of(QuotaHeaders.NONE, QuotaHeaders.of("tok-*").per(Duration.ofDays(1)))
			.withProjectTokens(QuotaHeaders.of("proj-*").per(Duration.ofMinutes(1)));
		HttpFields fields = Reading.fields("tok-remaining", "9", "proj-remaining", "8");
		assertThat(names.read(fields, Reading.NOW, true).tokens().window()).hasMinutes(1);
	}

	@Test
	void readWhenAllAreToldKeepsThemApart() {
		Quotas quotas = read("req-limit", "1", "tok-limit", "2", "in-limit", "3", "out-limit", "4");
		assertThat(quotas).isEqualTo(new Quotas(new Quota(1L, null, null), new Quota(2L, null, null),
				new Quota(3L, null, null), new Quota(4L, null, null)));
	}

	private static Quotas read(String... headers) {
		return NAMES.read(Reading.fields(headers), Reading.NOW, true);
	}

}

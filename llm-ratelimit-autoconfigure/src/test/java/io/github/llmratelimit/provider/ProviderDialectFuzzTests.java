package io.github.llmratelimit.provider;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

/**
 * Reads spoilt responses with all dialects: nothing throws, nothing implausible comes
 * out.
 */
class ProviderDialectFuzzTests {

	private static final int ROUNDS = 100_000;

	private static final int ROUNDS_PER_HUGE_BODY = 1_000;

	private static final int HUGE = 2_000_000;

	private static final Duration MAX_HINT = Duration.ofHours(24);

	private static final Duration MAX_RESET = Duration.ofDays(31);

	private static final List<ProviderCase> CASES = ProviderCase.all();

	private static final List<ProviderDialect> DIALECTS = ProviderDialects.names()
		.stream()
		.map(ProviderDialects::named)
		.toList();

	private static final List<String> NAMES = Stream
		.concat(CASES.stream().flatMap((example) -> example.headers().keySet().stream()),
				Stream.of("x-ratelimit-reset-project-tokens", "anthropic-ratelimit-tokens-reset",
						"x-ratelimit-limit-tokens-month", "x-ratelimit-remaining-tokens-5-minute"))
		.distinct()
		.toList();

	private static final List<Integer> STATUSES = List.of(-1, 0, 100, 200, 204, 302, 400, 402, 409, 413, 422, 429, 500,
			503, 529, 999);

	private static final List<Instant> NOWS = List.of(Instant.MIN, Instant.MAX, Instant.EPOCH, Reading.NOW.plusNanos(1),
			Instant.parse("9999-12-31T23:59:59Z"));

	private static final List<String> NASTY = List.of("", "-1", "NaN", "Infinity", "1e400", "0x10p0", "10d", "-0", "0",
			"99999999999999999999", "999999999999999", "1792065612400", "99999999999.9999999999", "31d",
			"2678400.000000001", "86400.000000001", "743h59m59.999999999s", "Thu, 99 Oct 2026 12:00:20 GMT",
			"Thursday, 15-Oct-99 12:00:45 GMT", "9999-12-31T23:59:59.999999999-23:59", "0000-01-01T00:00:00+23:59",
			"\"a\";r=0;t=999999999999999", "limit=0, remaining=0, reset=0", "\"a\";q=0", "\"a\";q=1;w=0",
			"\"a\";q=1;w=2678401", "5;w=999999999999999, 5;w=1", "\u0661\u0662", "true", "null",
			"try again in 999999999999999d", "Limit 999999999999999, Requested 9", "limit: 0", "\\u", "\\", "\"",
			"{\"error\":{\"code\":429", "\n\ndata: ", "\"error\"");

	private static final String ALPHABET = "0123456789.,:;=-+eEdhmsTZ\"\\{}[]() \t\r\n\0NaIn\u00B5\u0663\uD83D\uFFFF";

	private final Random random = new Random(20261015);

	@Test
	void readWhenSpoiltNeverThrowsAndStaysPlausible() {
		for (int round = 0; round < ROUNDS; round++) {
			ProviderCase example = any(CASES);
			ProviderDialect dialect = any(DIALECTS);
			ProviderResponse response = new ProviderResponse(chance(5) ? any(STATUSES) : example.status(),
					HttpFields.of(spoilt(example.headers())),
					(round % ROUNDS_PER_HUGE_BODY == 0) ? huge() : spoiltBody(example.body()));
			try {
				check(response, dialect.read(response, chance(50) ? any(NOWS) : example.now()), dialect.traits());
			}
			catch (Throwable ex) {
				fail("Round %s, %s as %s: %s".formatted(round, example, dialect.name(), response), ex);
			}
		}
	}

	private static void check(ProviderResponse response, ProviderSignal signal, DialectTraits traits) {
		assertThat(signal.kind()).isNotNull();
		checkLeastWait(signal, traits.leastWait(signal));
		if (signal.retryAfter() != null) {
			assertThat(signal.retryAfter()).isPositive().isLessThanOrEqualTo(MAX_HINT);
			assertThat(signal.retryAfter().toNanosPart() % 1_000_000).isZero();
			assertThat(signal.kind()).isNotEqualTo(SignalKind.OK);
		}
		for (Quota quota : List.of(signal.requests(), signal.tokens(), signal.inputTokens(), signal.outputTokens())) {
			checkCount(quota.limit());
			checkCount(quota.remaining());
			if (quota.reset() != null) {
				assertThat(quota.reset()).isBetween(Duration.ZERO, MAX_RESET);
			}
			if (quota.window() != null) {
				assertThat(quota.window()).isBetween(Duration.ofMillis(1), MAX_RESET);
				assertThat(quota.isKnown()).isTrue();
			}
			assertThat(response.isSuccess() && Long.valueOf(0).equals(quota.limit())).isFalse();
		}
	}

	private static void checkLeastWait(ProviderSignal signal, Duration wait) {
		if (wait != null) {
			assertThat(wait).isPositive().isLessThanOrEqualTo(MAX_RESET);
		}
		if (signal.retryAfter() != null) {
			assertThat(wait).isGreaterThanOrEqualTo(signal.retryAfter());
		}
	}

	private static void checkCount(Long count) {
		if (count != null) {
			assertThat(count).isBetween(0L, 999_999_999_999_999L);
		}
	}

	private Map<String, List<String>> spoilt(Map<String, List<String>> headers) {
		Map<String, List<String>> spoilt = new LinkedHashMap<>();
		headers.forEach((name, lines) -> {
			List<String> spoiltLines = new ArrayList<>();
			lines.forEach((line) -> spoiltLines.add(chance(2) ? spoilt(line) : line));
			while (chance(6)) {
				spoiltLines.add(spoilt(any(NASTY)));
			}
			if (!chance(10)) {
				spoilt.put(name, spoiltLines);
			}
		});
		while (chance(2)) {
			spoilt.put(any(NAMES), List.of(chance(2) ? any(NASTY) : anyValue()));
		}
		return spoilt;
	}

	private String anyValue() {
		List<List<String>> values = List.copyOf(any(CASES).headers().values());
		return values.isEmpty() ? "" : spoilt(any(values).get(0));
	}

	private String spoiltBody(String body) {
		String other = any(CASES).body();
		return switch (this.random.nextInt(6)) {
			case 0 -> body;
			case 1 -> (body != null) ? body.substring(0, this.random.nextInt(body.length() + 1)) : null;
			case 2 -> "data: " + body + "\n\ndata: " + other;
			case 3 -> (body != null && other != null) ? spliced(body, other) : other;
			case 4 -> randomText(this.random.nextInt(200));
			default -> (body != null) ? spoilt(body) : null;
		};
	}

	private String spliced(String first, String second) {
		return first.substring(0, this.random.nextInt(first.length() + 1))
				+ second.substring(this.random.nextInt(second.length() + 1));
	}

	private String spoilt(String text) {
		StringBuilder spoilt = new StringBuilder(text);
		for (int changes = this.random.nextInt(4); changes >= 0; changes--) {
			int at = this.random.nextInt(spoilt.length() + 1);
			switch (this.random.nextInt(4)) {
				case 0 -> spoilt.insert(at, randomText(1));
				case 1 -> spoilt.insert(at, any(NASTY));
				case 2 -> spoilt.replace(at, Math.min(at + 1, spoilt.length()), randomText(1));
				default -> spoilt.delete(at, Math.min(at + this.random.nextInt(5), spoilt.length()));
			}
		}
		return spoilt.toString();
	}

	private String randomText(int length) {
		StringBuilder text = new StringBuilder();
		for (int i = 0; i < length; i++) {
			text.append(ALPHABET.charAt(this.random.nextInt(ALPHABET.length())));
		}
		return text.toString();
	}

	private String huge() {
		String part = switch (this.random.nextInt(4)) {
			case 0 -> any(List.of("[", "{\"a\":", "[{\"error\":", "\\", "\"", " ", "\n", "data: {\n", "\"error\"",
					"limit ", "retry in 1h", "9", "\u0000"));
			case 1 -> randomText(50);
			case 2 -> any(CASES).body() + "\n";
			default -> any(NASTY) + " ";
		};
		String begin = any(List.of("", "{\"error\":{\"code\":\"c\",\"message\":\"", "data: ", "[", "{\"error\":"));
		return begin + part.repeat(HUGE / part.length()) + spoilt(any(NASTY));
	}

	private boolean chance(int oneIn) {
		return this.random.nextInt(oneIn) == 0;
	}

	private <T> T any(List<T> values) {
		return values.get(this.random.nextInt(values.size()));
	}

}

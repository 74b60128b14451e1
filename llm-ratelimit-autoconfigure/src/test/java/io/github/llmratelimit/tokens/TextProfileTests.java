package io.github.llmratelimit.tokens;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.data.Percentage.withPercentage;

/**
 * Tests for {@link TextProfile}.
 */
class TextProfileTests {

	private static final int SAMPLE = 2 * TextProfile.RUN_LIMIT;

	private static final Map<String, String> HOSTILE = SampleTexts.hostile(64 * TextProfile.RUN_LIMIT, 1);

	private final TextTokenizer tokenizer = Vocabulary.O200K.open();

	@ParameterizedTest
	@MethodSource("natural")
	void tokensWhenNaturalTextAreNearTheTokens(String name) {
		String text = SampleTexts.natural().get(name);
		assertThat(tokens(text)).isCloseTo(this.tokenizer.count(text), withPercentage(25));
	}

	@Test
	void tokensWhenManyKindsOfTextAreUnbiased() {
		double errors = 0;
		Map<String, String> texts = SampleTexts.natural();
		for (String text : texts.values()) {
			errors += tokens(text) / this.tokenizer.count(text) - 1;
		}
		assertThat(errors / texts.size()).isCloseTo(0, within(0.05));
	}

	@ParameterizedTest
	@MethodSource("hostile")
	void tokensWhenCutIntoSamplesAddUp(String name) {
		String text = HOSTILE.get(name);
		double sum = 0;
		for (int i = 0; i < text.length(); i += SAMPLE) {
			sum += tokens(text.substring(i, i + SAMPLE));
		}
		assertThat(sum).isCloseTo(tokens(text), withPercentage(5));
	}

	@ParameterizedTest
	@MethodSource("natural")
	void workWhenNaturalTextIsLessThanOfIdeographs(String name) {
		String text = SampleTexts.natural().get(name);
		assertThat(work(text) / text.length()).isBetween(30L, 550L);
	}

	@ParameterizedTest
	@ValueSource(strings = { "one letter", "random lower-case letters", "blanks", "dots", "random ideographs",
			"random Cyrillic", "random Thai" })
	void workWhenRunsAreLongIsHigh(String name) {
		String text = HOSTILE.get(name);
		assertThat(work(text) / text.length()).isGreaterThan(280);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a", "é", "я", "中", "😀", "a中😀é", "\uD83D", "\uDE00", "a\uD83Db", "\uDE00\uD83D" })
	void utf8BytesWhenAnyTextAreThoseOfItsEncoding(String text) {
		// getBytes writes one byte for half a pair, tokenizers see three
		long halves = text.codePoints().filter((point) -> point >= 0xD800 && point <= 0xDFFF).count();
		int encoded = text.getBytes(StandardCharsets.UTF_8).length;
		assertThat(TextProfile.utf8Bytes(text)).isEqualTo(encoded + 2 * halves);
	}

	private static double tokens(String text) {
		return new TextProfile().add(text, 0, text.length()).tokens();
	}

	private static long work(String text) {
		return new TextProfile().add(text, 0, text.length()).work();
	}

	static Iterable<String> natural() {
		return SampleTexts.natural().keySet();
	}

	static Iterable<String> hostile() {
		return HOSTILE.keySet();
	}

}

package io.github.llmratelimit.tokens;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

/**
 * Tests for {@link TextCounter}.
 */
class TextCounterTests {

	private static final int LONG = 80_000;

	private static final long SEED = 20260314;

	private static final Map<String, String> NATURAL = SampleTexts.longNatural(LONG, SEED);

	private static final Map<String, String> HOSTILE = SampleTexts.hostile(LONG / 2, SEED);

	private final TextTokenizer tokenizer = Vocabulary.O200K.open();

	private final List<String> counted = new ArrayList<>();

	private final TextCounter counter = new TextCounter((text) -> {
		this.counted.add(text);
		return this.tokenizer.count(text);
	});

	@ParameterizedTest
	@MethodSource("natural")
	void countWhenShortIsExact(String name) {
		String text = NATURAL.get(name).substring(0, 1_000);
		assertThat(this.counter.count(text)).isEqualTo(this.tokenizer.count(text));
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "<|endoftext|>", "a <|im_start|> b", "\uD83D", "\uDE00\uD83D", "\0", "\uFFFF", " ", "\r\n" })
	void countWhenOddIsExact(String text) {
		assertThat(this.counter.count(text)).isEqualTo(this.tokenizer.count(text)).isPositive();
	}

	@Test
	void countWhenEmptyIsZero() {
		assertThat(this.counter.count("")).isZero();
		assertThat(this.counter.count(List.of())).isZero();
		assertThat(this.counter.count(List.of("", ""))).isZero();
	}

	@Test
	void countWhenTenKilobytesOfEnglishIsExact() {
		String text = NATURAL.get("English").substring(0, 10_000);
		assertThat(this.counter.count(text)).isEqualTo(this.tokenizer.count(text));
	}

	@ParameterizedTest
	@EnumSource(names = { "O200K", "CL100K" })
	void countWhenLongNaturalTextIsWithinFifteenPercentAbove(Vocabulary vocabulary) {
		TextTokenizer exactly = vocabulary.open();
		NATURAL.forEach((name, text) -> {
			double ratio = (double) new TextCounter(exactly).count(text) / exactly.count(text);
			assertThat(ratio).as(name).isBetween(0.98, 1.15);
		});
	}

	@ParameterizedTest
	@MethodSource("hostile")
	void countWhenLongHostileTextIsWithinFifteenPercentAbove(String name) {
		String text = HOSTILE.get(name);
		double ratio = (double) this.counter.count(text) / this.tokenizer.count(text);
		assertThat(ratio).isBetween(0.98, 1.15);
	}

	@ParameterizedTest
	@MethodSource("hostile")
	void countWhenLongHostileTextGivesLittleToTheTokenizer(String name) {
		this.counter.count(HOSTILE.get(name));
		assertThat(countedCharacters()).isLessThan(12_000);
	}

	@ParameterizedTest
	@ValueSource(strings = { "one letter", "random lower-case letters", "blanks", "dots", "digits", "random ideographs",
			"random kana", "random syllables", "random Cyrillic", "random Thai" })
	void countWhenRunsAreLongGivesVeryLittleToTheTokenizer(String name) {
		this.counter.count(HOSTILE.get(name));
		assertThat(countedCharacters()).isLessThan(4_000);
	}

	@ParameterizedTest
	@MethodSource("natural")
	void countWhenLongNaturalTextGivesABoundedPartToTheTokenizer(String name) {
		this.counter.count(NATURAL.get(name));
		assertThat(countedCharacters()).isLessThan(25_000);
	}

	@Test
	void countWhenTenMegabytesGivesNoMoreToTheTokenizer() {
		String text = NATURAL.get("English").repeat(125);
		assertThat(this.counter.count(text)).isCloseTo(125L * this.tokenizer.count(text.substring(0, LONG)),
				withPercentage(5));
		assertThat(countedCharacters()).isLessThan(25_000);
	}

	@ParameterizedTest
	@ValueSource(strings = { "emoji", "joined emoji", "rare ideographs" })
	void countWhenSampledCutsNoSurrogatePair(String name) {
		this.counter.count(HOSTILE.get(name));
		assertThat(this.counted).hasSizeGreaterThan(TextCounter.MIN_WINDOWS).allSatisfy((piece) -> {
			assertThat(Character.isLowSurrogate(piece.charAt(0))).isFalse();
			assertThat(Character.isHighSurrogate(piece.charAt(piece.length() - 1))).isFalse();
		});
	}

	@Test
	void countWhenSampledCutsEnglishBeforeBlanks() {
		this.counter.count(NATURAL.get("English"));
		assertThat(this.counted).filteredOn((piece) -> !Character.isWhitespace(piece.charAt(0)))
			.hasSizeLessThan(this.counted.size() / 50 + 2);
	}

	@Test
	void countWhenRepeatedIsRemembered() {
		String text = NATURAL.get("English").substring(0, 60_000);
		long first = this.counter.count(text);
		this.counted.clear();
		assertThat(this.counter.count(new String(text))).isEqualTo(first);
		assertThat(this.counted).isEmpty();
	}

	@Test
	void countWhenSampledTwiceIsTheSame() {
		String text = NATURAL.get("all");
		assertThat(this.counter.count(text)).isEqualTo(this.counter.count(text));
	}

	@Test
	void countWhenFewTextsIsTheSumOfTheExactCounts() {
		List<String> texts = List.copyOf(SampleTexts.languages().values());
		long sum = texts.stream().mapToLong(this.tokenizer::count).sum();
		assertThat(this.counter.count(texts)).isEqualTo(sum);
	}

	@Test
	void countWhenTextsOfAConversationComeAgainCountsOnlyTheNewOnes() {
		this.counter.count(List.of("a system prompt", "a question"));
		this.counted.clear();
		this.counter.count(List.of("a system prompt", "a question", "an answer", "a further question"));
		assertThat(this.counted).containsExactly("an answer", "a further question");
	}

	@Test
	void countWhenManyTextsIsWithinFifteenPercentAbove() {
		List<String> texts = manyTexts();
		long exact = texts.stream().mapToLong(this.tokenizer::count).sum();
		assertThat((double) this.counter.count(texts) / exact).isBetween(0.98, 1.15);
	}

	@Test
	void countWhenManyTextsGivesABoundedPartToTheTokenizer() {
		this.counter.count(manyTexts());
		assertThat(countedCharacters()).isLessThan(25_000);
		assertThat(this.counted).hasSizeLessThan(500);
	}

	@Test
	void countWhenOneOfManyTextsIsHostileIsAbove() {
		List<String> texts = manyTexts();
		texts.set(700, HOSTILE.get("random ideographs"));
		long exact = texts.stream().mapToLong(this.tokenizer::count).sum();
		assertThat((double) this.counter.count(texts) / exact).isBetween(0.98, 1.3);
	}

	/** Some 3,000 messages of uneven size, in several languages, in no order. */
	private static List<String> manyTexts() {
		List<String> texts = new ArrayList<>();
		NATURAL.values().forEach((text) -> texts.addAll(List.of(text.substring(0, LONG / 4).split("\n"))));
		Collections.shuffle(texts, new Random(SEED));
		return texts;
	}

	private int countedCharacters() {
		return this.counted.stream().mapToInt(String::length).sum();
	}

	static Stream<String> natural() {
		return NATURAL.keySet().stream();
	}

	static Stream<String> hostile() {
		return HOSTILE.keySet().stream();
	}

}

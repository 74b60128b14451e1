package io.github.llmratelimit.tokens;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TextWindows}.
 */
class TextWindowsTests {

	@Test
	void visitWhenTextIsLongMeetsEveryStratumOnce() {
		List<Integer> starts = new ArrayList<>();
		windows("x".repeat(10_000)).visit(10, 100, (text, from, to) -> {
			assertThat(to - from).isEqualTo(100);
			starts.add(from);
		});
		assertThat(starts).hasSize(10).isSorted();
		for (int i = 0; i < 9; i++) {
			assertThat(starts.get(i)).isBetween(i * 1_000, (i + 1) * 1_000 - 1);
		}
		assertThat(starts.get(9)).isBetween(9_000, 9_900);
	}

	@Test
	void visitWhenTextsAreShortMeetsThemAsAWhole() {
		List<String> texts = Collections.nCopies(100, "ten letter");
		new TextWindows(texts).visit(20, 128, (text, from, to) -> {
			assertThat(from).isZero();
			assertThat(to).isEqualTo(10);
		});
	}

	@Test
	void visitWhenSomeTextsAreEmptySkipsThem() {
		List<String> met = new ArrayList<>();
		windows("", "a", "", "", "b", "").visit(2, 128, (text, from, to) -> met.add(text));
		assertThat(met).containsExactly("a", "b");
	}

	@Test
	void visitWhenOneTextIsLongerMeetsItMoreOften() {
		List<String> met = new ArrayList<>();
		windows("a".repeat(9_000), "b".repeat(1_000)).visit(100, 128,
				(text, from, to) -> met.add(text.substring(0, 1)));
		assertThat(met).filteredOn("a"::equals).hasSize(90);
	}

	@Test
	void visitWhenRepeatedMeetsTheSamePlaces() {
		String text = SampleTexts.longNatural(10_000, 1).get("English");
		assertThat(places(text)).isEqualTo(places(text));
	}

	@Test
	void visitWhenBlanksAreNearBeginsBeforeOne() {
		String text = "word ".repeat(1_000);
		windows(text).visit(20, 64, (same, from, to) -> {
			assertThat(from == 0 || text.charAt(from) == ' ').isTrue();
			assertThat(to == text.length() || text.charAt(to) == ' ').isTrue();
		});
	}

	@Test
	void averageLengthWhenTextsAreShorterThanAskedForIsThatOfTheMet() {
		assertThat(windows("a".repeat(10), "b".repeat(30)).averageLength(20)).isEqualTo((10 * 10 + 30 * 20) / 40.0);
	}

	private static List<Integer> places(String text) {
		List<Integer> places = new ArrayList<>();
		windows(text).visit(20, 64, (same, from, to) -> Collections.addAll(places, from, to));
		return places;
	}

	private static TextWindows windows(String... texts) {
		return new TextWindows(List.of(texts));
	}

}

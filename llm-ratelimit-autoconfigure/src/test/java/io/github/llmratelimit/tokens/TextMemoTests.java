package io.github.llmratelimit.tokens;

import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TextMemo}.
 */
class TextMemoTests {

	private final TextMemo memo = new TextMemo();

	@Test
	void getWhenNeverPutIsUnknown() {
		assertThat(this.memo.get("text")).isNegative();
	}

	@Test
	void getWhenAnEqualTextWasPutIsItsTokens() {
		this.memo.put("text", 7);
		assertThat(this.memo.get(new String("text"))).isEqualTo(7);
	}

	@Test
	void getWhenATextOfTheSameHashWasPutIsUnknown() {
		String text = "x".repeat(1_000);
		this.memo.put(text, 7);
		// the hash reads every 63rd character from the end
		assertThat(this.memo.get(text.substring(0, 500) + "y" + text.substring(501))).isNegative();
	}

	@Test
	void putWhenBothOthersOfThePairComeAgainLeavesThem() {
		String text = "x".repeat(1_000);
		List<String> pair = List.of(text, text.substring(0, 500) + "a" + text.substring(501));
		String third = text.substring(0, 500) + "b" + text.substring(501);
		pair.forEach((one) -> {
			this.memo.put(one, 1);
			this.memo.get(one);
		});
		this.memo.put(third, 3);
		assertThat(pair).allSatisfy((one) -> assertThat(this.memo.get(one)).isEqualTo(1));
		assertThat(this.memo.get(third)).isNegative();
	}

	@Test
	void putWhenTheOthersComeNoMoreTakesAPlace() {
		String text = "x".repeat(1_000);
		List<String> pair = List.of(text, text.substring(0, 500) + "a" + text.substring(501));
		String third = text.substring(0, 500) + "b" + text.substring(501);
		pair.forEach((one) -> {
			this.memo.put(one, 1);
			this.memo.get(one);
		});
		this.memo.put(third, 3);
		this.memo.put(third, 3);
		assertThat(this.memo.get(third)).isEqualTo(3);
	}

	@Test
	void getWhenTextsThatComeOncePassByStillKnowsTheOneThatComesAgain() {
		for (int i = 0; i < 10_000; i++) {
			this.memo.put("earlier prompt " + i, i);
		}
		this.memo.put("system prompt", 3);
		for (int i = 0; i < 100_000; i++) {
			this.memo.put("user prompt " + i, i);
			if (i % 500 == 0) {
				assertThat(this.memo.get("system prompt")).isEqualTo(3);
			}
		}
	}

	@Test
	void getWhenAMarkedTextComesNoMoreMakesRoom() {
		IntStream.range(0, 10_000).forEach((i) -> {
			this.memo.put("old " + i, i);
			this.memo.get("old " + i);
		});
		for (int round = 0; round < 3; round++) {
			IntStream.range(0, 100)
				.filter((i) -> this.memo.get("new " + i) < 0)
				.forEach((i) -> this.memo.put("new " + i, i));
		}
		assertThat(IntStream.range(0, 100).filter((i) -> this.memo.get("new " + i) >= 0)).hasSizeGreaterThan(80);
	}

	@Test
	void getWhenLongIsItsTokens() {
		String text = "y".repeat(TextMemo.LONG_CHARACTERS);
		this.memo.put(text, 9);
		assertThat(this.memo.get(text)).isEqualTo(9);
	}

	@Test
	void putWhenTooLongIsForgotten() {
		String text = "y".repeat(TextMemo.LONG_CHARACTERS + 1);
		this.memo.put(text, 9);
		assertThat(this.memo.get(text)).isNegative();
	}

	@Test
	void getWhenEmptyTextWasPutIsItsTokens() {
		this.memo.put("", 0);
		assertThat(this.memo.get("")).isZero();
	}

}

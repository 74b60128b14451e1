package io.github.llmratelimit.aop;

import java.util.List;

import io.github.llmratelimit.tokens.TokenCounter;
import io.github.llmratelimit.tokens.TokenEstimator;

/**
 * Counts a token per character, so that sums can be read off the test.
 */
public final class FakeTokens implements TokenCounter {

	private String model;

	/** An estimator that counts characters. */
	public static TokenEstimator estimator() {
		return new TokenEstimator(List.of(new FakeTokens()));
	}

	/** The model that the last prompt was counted for. */
	String model() {
		return this.model;
	}

	@Override
	public long count(String newModel, Object value) {
		this.model = newModel;
		if (value instanceof List<?> list) {
			return list.stream().mapToLong((element) -> count(newModel, element)).sum();
		}
		return (value instanceof Message message) ? message.text().length() : value.toString().length();
	}

	@Override
	public boolean supports(Object value) {
		return value instanceof CharSequence || value instanceof Message
				|| (value instanceof List<?> list && list.stream().anyMatch(this::supports));
	}

	/**
	 * A prompt that isn't text.
	 *
	 * @param user who sends it
	 * @param text what it says
	 */
	public record Message(String user, String text) {

		@Override
		public String toString() {
			return this.text;
		}

	}

}

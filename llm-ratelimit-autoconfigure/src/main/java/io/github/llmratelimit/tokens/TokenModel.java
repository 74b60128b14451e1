package io.github.llmratelimit.tokens;

import org.jspecify.annotations.Nullable;

/**
 * How the tokens of a model are counted.
 *
 * @param vocabulary its vocabulary, or {@code null} if that isn't public
 * @param ratio its tokens per token that {@link TextProfile} estimates; used without a
 * vocabulary or until that is loaded. The same for all models for now: the place where
 * one learned from reported usage will go
 */
record TokenModel(@Nullable Vocabulary vocabulary, double ratio) {

	/**
	 * One token in ten more than the profile says, whose own error is 8 % in the root
	 * mean square: most estimates are then on the upper side.
	 */
	private static final double SAFE_RATIO = 1.1;

	/** A model whose tokenizer isn't public. */
	static final TokenModel WITHOUT_VOCABULARY = new TokenModel(null, SAFE_RATIO);

	/** A model that nobody has heard of. */
	static final TokenModel UNKNOWN = new TokenModel(Vocabulary.O200K);

	TokenModel(@Nullable Vocabulary vocabulary) {
		this(vocabulary, SAFE_RATIO);
	}

}

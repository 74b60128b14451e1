package io.github.llmratelimit.tokens;

import org.jspecify.annotations.Nullable;

/**
 * How the tokens of a model are counted.
 *
 * @param vocabulary its vocabulary, or {@code null} if that isn't public
 */
record TokenModel(@Nullable Vocabulary vocabulary) {

	/** A model whose tokenizer isn't public. */
	static final TokenModel WITHOUT_VOCABULARY = new TokenModel(null);

	/** A model that nobody has heard of. */
	static final TokenModel UNKNOWN = new TokenModel(Vocabulary.O200K);

}

package io.github.llmratelimit.tokens;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingRegistry;
import com.knuddels.jtokkit.api.EncodingType;

/**
 * The vocabularies that are public and bundled: all of OpenAI's.
 */
enum Vocabulary {

	/** GPT-4o and everything since. */
	O200K(EncodingType.O200K_BASE),

	/** GPT-3.5, GPT-4 and the embedding models. */
	CL100K(EncodingType.CL100K_BASE),

	/** Text and code models of 2022. */
	P50K(EncodingType.P50K_BASE),

	/** The GPT-3 family. */
	R50K(EncodingType.R50K_BASE);

	/**
	 * One for all: a vocabulary takes up to 30 MB of heap. The registry is thread-safe
	 * and loads each at its first use.
	 */
	private static final EncodingRegistry REGISTRY = Encodings.newLazyEncodingRegistry();

	private final EncodingType type;

	Vocabulary(EncodingType type) {
		this.type = type;
	}

	/**
	 * Load the vocabulary; the first time takes some 0.2 to 0.4 s.
	 * @return the tokenizer that uses it
	 */
	TextTokenizer open() {
		Encoding encoding = REGISTRY.getEncoding(this.type);
		// countTokens would throw on texts that hold the mark of a special token
		return encoding::countTokensOrdinary;
	}

}

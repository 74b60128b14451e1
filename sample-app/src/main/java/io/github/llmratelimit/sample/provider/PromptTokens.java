package io.github.llmratelimit.sample.provider;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import com.knuddels.jtokkit.api.IntArrayList;

/**
 * The provider's tokenizer. All its models share one vocabulary, {@code o200k_base}.
 */
final class PromptTokens {

	private static final Encoding ENCODING = Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.O200K_BASE);

	private PromptTokens() {
	}

	static int count(String text) {
		return ENCODING.countTokensOrdinary(text);
	}

	static IntArrayList encode(String text) {
		return ENCODING.encodeOrdinary(text);
	}

	static String decode(IntArrayList tokens) {
		return ENCODING.decode(tokens);
	}

}

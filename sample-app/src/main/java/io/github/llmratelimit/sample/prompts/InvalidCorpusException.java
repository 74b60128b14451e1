package io.github.llmratelimit.sample.prompts;

import java.nio.file.Path;

/**
 * Thrown if the folder of {@code demo.corpus} can't serve as one.
 */
public final class InvalidCorpusException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	InvalidCorpusException(Path folder, String reason) {
		super("Invalid demo.corpus (%s): %s".formatted(folder, reason));
	}

}

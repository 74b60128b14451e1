package io.github.llmratelimit.sample.load;

/**
 * Thrown if a load can't run now, or not here.
 */
final class LoadRefusedException extends Exception {

	private static final long serialVersionUID = 1L;

	LoadRefusedException(String message) {
		super(message);
	}

}

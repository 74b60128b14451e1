package io.github.llmratelimit.usage;

/**
 * What must not be hidden: a JVM that runs out of memory or is broken. A stack that
 * overflows on a deep value isn't that.
 */
final class Fatal {

	private Fatal() {
	}

	static void rethrow(Throwable cause) {
		if (cause instanceof VirtualMachineError error && !(cause instanceof StackOverflowError)) {
			throw error;
		}
	}

}

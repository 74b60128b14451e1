package io.github.llmratelimit;

import org.jspecify.annotations.Nullable;

/**
 * The stack of limited calls of each thread, linked through the scopes.
 */
final class CurrentCall {

	private static final ThreadLocal<@Nullable Link> CURRENT = new ThreadLocal<>();

	private CurrentCall() {
	}

	static @Nullable LlmCall get() {
		Link link = CURRENT.get();
		return (link != null) ? link.call : null;
	}

	static LlmCall.Scope open(LlmCall call) {
		Link link = new Link(call, CURRENT.get());
		CURRENT.set(link);
		return link;
	}

	private static final class Link implements LlmCall.Scope {

		private final LlmCall call;

		private final @Nullable Link outer;

		Link(LlmCall call, @Nullable Link outer) {
			this.call = call;
			this.outer = outer;
		}

		@Override
		public void close() {
			if (this.outer == null) {
				// remove, not set(null): pooled threads must not keep the entry
				CURRENT.remove();
			}
			else {
				CURRENT.set(this.outer);
			}
		}

	}

}

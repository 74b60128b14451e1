package io.github.llmratelimit.provider;

import java.nio.charset.StandardCharsets;

/**
 * Steps through the bytes of a JSON request to the name of its model, without making
 * anything of what lies before it.
 */
final class ModelScanner {

	private static final byte[] MODEL = { 'm', 'o', 'd', 'e', 'l' };

	private final byte[] bytes;

	private final int end;

	private int position;

	/** How many containers are open. */
	private int depth;

	/** Whether the next string of the outermost object is a key. */
	private boolean expectsKey;

	ModelScanner(byte[] bytes, int end) {
		this.bytes = bytes;
		this.end = end;
	}

	/**
	 * Scan until the model is found.
	 * @param whole whether the bytes are all there are
	 */
	RequestedModel scan(boolean whole) {
		if (!startsObject()) {
			return RequestedModel.UNKNOWN;
		}
		for (; this.position < this.end; this.position++) {
			switch (this.bytes[this.position]) {
				case '{', '[' -> {
					this.expectsKey = ++this.depth == 1;
				}
				case '}', ']' -> {
					if (--this.depth == 0) {
						return whole ? RequestedModel.NONE : RequestedModel.UNKNOWN;
					}
				}
				case ',' -> this.expectsKey = this.depth == 1;
				case '"' -> {
					if (isModelKey()) {
						return value();
					}
				}
				default -> {
					// between what matters
				}
			}
		}
		return RequestedModel.UNKNOWN;
	}

	private boolean startsObject() {
		skipBlanks();
		return this.position < this.end && this.bytes[this.position] == '{';
	}

	/** Steps over a string, to its closing quote. */
	private boolean isModelKey() {
		int start = this.position + 1;
		skipString();
		boolean isKey = this.expectsKey && this.position < this.end && this.position - start == MODEL.length;
		for (int i = 0; isKey && i < MODEL.length; i++) {
			isKey = this.bytes[start + i] == MODEL[i];
		}
		this.expectsKey = false;
		return isKey;
	}

	private void skipString() {
		for (this.position++; this.position < this.end && this.bytes[this.position] != '"'; this.position++) {
			if (this.bytes[this.position] == '\\') {
				this.position++;
			}
		}
	}

	private RequestedModel value() {
		this.position++;
		skipBlanks();
		if (this.position >= this.end || this.bytes[this.position] != ':') {
			return RequestedModel.UNKNOWN;
		}
		this.position++;
		skipBlanks();
		int start = this.position + 1;
		if (this.position >= this.end || this.bytes[this.position] != '"') {
			return RequestedModel.UNKNOWN;
		}
		skipString();
		if (this.position >= this.end) {
			return RequestedModel.UNKNOWN;
		}
		String name = new String(this.bytes, start, this.position - start, StandardCharsets.UTF_8)
			// the one escape that writers are known to put into names
			.replace("\\/", "/");
		return (name.indexOf('\\') >= 0) ? RequestedModel.UNKNOWN : RequestedModel.named(name);
	}

	private void skipBlanks() {
		while (this.position < this.end && " \t\r\n".indexOf(this.bytes[this.position]) >= 0) {
			this.position++;
		}
	}

}

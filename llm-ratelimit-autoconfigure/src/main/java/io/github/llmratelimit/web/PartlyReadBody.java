package io.github.llmratelimit.web;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;

import org.springframework.http.client.ClientHttpResponse;

/**
 * A body whose beginning was read ahead. Its reader finds what it would have found
 * without that: all bytes in order, and a failure at the place where it occurred.
 */
final class PartlyReadBody {

	private static final int FIRST_BUFFER = 4096;

	private final InputStream source;

	private final byte[] beginning;

	private final InputStream whole;

	private PartlyReadBody(InputStream source, byte[] beginning, InputStream rest) {
		this.source = source;
		this.beginning = beginning;
		this.whole = new SequenceInputStream(new ByteArrayInputStream(beginning), rest);
	}

	/**
	 * Reads ahead, and keeps a failure for the reader of the body.
	 * @param limit how many bytes, if there are so many
	 */
	static PartlyReadBody readAhead(InputStream body, int limit) {
		byte[] buffer = new byte[Math.min(limit, FIRST_BUFFER)];
		int length = 0;
		InputStream rest = body;
		try {
			int count = 0;
			while (count >= 0 && length < limit) {
				if (length == buffer.length) {
					buffer = Arrays.copyOf(buffer, Math.min(limit, 2 * length));
				}
				count = body.read(buffer, length, buffer.length - length);
				length += Math.max(0, count);
			}
		}
		catch (IOException | RuntimeException ex) {
			rest = new FailingStream(ex, body);
		}
		return new PartlyReadBody(body, Arrays.copyOf(buffer, length), rest);
	}

	/**
	 * Whether the response gives its body anew each time it is asked, since it holds it
	 * in memory. Others may count on that, so it is to be left as it is.
	 */
	boolean canBeHadAgain(ClientHttpResponse response) {
		try {
			return this.source instanceof ByteArrayInputStream && response.getBody() != this.source;
		}
		catch (IOException ex) {
			return false;
		}
	}

	byte[] beginning() {
		return this.beginning;
	}

	InputStream whole() {
		return this.whole;
	}

	/** Fails on each reading as the body did. */
	private static final class FailingStream extends InputStream {

		private final Exception failure;

		private final InputStream body;

		FailingStream(Exception failure, InputStream body) {
			this.failure = failure;
			this.body = body;
		}

		@Override
		public int read() throws IOException {
			if (this.failure instanceof RuntimeException unchecked) {
				throw unchecked;
			}
			throw (IOException) this.failure;
		}

		@Override
		public void close() throws IOException {
			this.body.close();
		}

	}

}

package io.github.llmratelimit.web;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;

import io.github.llmratelimit.provider.HttpFields;
import io.github.llmratelimit.provider.ProviderResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/**
 * Turns what Spring's clients hand out into what dialects read. Never throws.
 */
final class ResponseText {

	/** How many bytes of a body are looked at. */
	static final int READ_LIMIT = ProviderResponse.READ_LIMIT;

	private ResponseText() {
	}

	static HttpFields fields(@Nullable HttpHeaders headers) {
		if (headers == null) {
			return HttpFields.EMPTY;
		}
		// headers are no map since Framework 7
		Map<String, Collection<String>> fields = new HashMap<>();
		headers.forEach(fields::put);
		return HttpFields.of(fields);
	}

	/**
	 * The beginning of a body as text.
	 * @param body the beginning as it was received
	 * @param headers what tells its charset
	 */
	static String body(byte[] body, @Nullable HttpHeaders headers) {
		byte[] plain = isGzip(body) ? unzip(body) : body;
		return new String(plain, 0, Math.min(plain.length, READ_LIMIT), charset(headers));
	}

	/**
	 * Some clients unpack and leave the header, others do not, so the bytes are asked.
	 */
	private static boolean isGzip(byte[] body) {
		return body.length > 2 && body[0] == (byte) 0x1f && body[1] == (byte) 0x8b;
	}

	private static byte[] unzip(byte[] packed) {
		ByteArrayOutputStream plain = new ByteArrayOutputStream();
		try (InputStream unpacking = new GZIPInputStream(new ByteArrayInputStream(packed))) {
			byte[] buffer = new byte[8192];
			int count = unpacking.read(buffer);
			while (count >= 0 && plain.size() < READ_LIMIT) {
				plain.write(buffer, 0, count);
				count = unpacking.read(buffer);
			}
		}
		catch (IOException ex) {
			// cut off at the limit, or broken: what was unpacked so far has to do
		}
		return plain.toByteArray();
	}

	private static Charset charset(@Nullable HttpHeaders headers) {
		try {
			MediaType type = (headers != null) ? headers.getContentType() : null;
			Charset charset = (type != null) ? type.getCharset() : null;
			return (charset != null) ? charset : StandardCharsets.UTF_8;
		}
		catch (RuntimeException ex) {
			return StandardCharsets.UTF_8; // no media type, or a charset that nobody
											// knows
		}
	}

}

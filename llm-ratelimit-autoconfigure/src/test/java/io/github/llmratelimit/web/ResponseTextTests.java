package io.github.llmratelimit.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;

import io.github.llmratelimit.provider.HttpFields;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpHeaders;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ResponseText}.
 */
class ResponseTextTests {

	@Test
	void fieldsWhenThereAreSeveralLinesKeepsThem() {
		HttpHeaders headers = new HttpHeaders();
		headers.addAll("Retry-After", List.of("1", "2"));
		assertThat(ResponseText.fields(headers).values("retry-after")).containsExactly("1", "2");
	}

	@Test
	void fieldsWhenThereAreNoHeadersIsEmpty() {
		assertThat(ResponseText.fields(null)).isEqualTo(HttpFields.EMPTY);
	}

	@Test
	void bodyWhenCharsetIsToldUsesIt() {
		Charset utf16 = StandardCharsets.UTF_16BE;
		assertThat(ResponseText.body("naïve".getBytes(utf16), type("text/plain; charset=UTF-16BE"))).isEqualTo("naïve");
	}

	@ParameterizedTest
	@ValueSource(strings = { "application/json", "application/json; charset=no-such", "not a type" })
	void bodyWhenCharsetIsNotKnownIsUtf8(String type) {
		assertThat(ResponseText.body("naïve".getBytes(StandardCharsets.UTF_8), type(type))).isEqualTo("naïve");
	}

	@Test
	void bodyWhenThereAreNoHeadersIsUtf8() {
		assertThat(ResponseText.body("naïve".getBytes(StandardCharsets.UTF_8), null)).isEqualTo("naïve");
	}

	@Test
	void bodyWhenPackedIsUnpacked() throws IOException {
		assertThat(ResponseText.body(gzip("{\"error\":{}}"), null)).isEqualTo("{\"error\":{}}");
	}

	@Test
	void bodyWhenPackedAndCutOffIsAsMuchAsCanBeHad() throws IOException {
		byte[] packed = gzip("insufficient_quota ".repeat(10));
		String body = ResponseText.body(Arrays.copyOf(packed, packed.length - 8), null);
		assertThat(body).startsWith("insufficient_quota");
	}

	@Test
	void bodyWhenPackedIsHugeIsCutOff() throws IOException {
		assertThat(ResponseText.body(gzip("0".repeat(10_000_000)), null)).hasSize(65_536);
	}

	@Test
	void bodyWhenItOnlyBeginsAsPackedIsEmpty() {
		assertThat(ResponseText.body(new byte[] { 0x1f, (byte) 0x8b, 0 }, null)).isEmpty();
	}

	private static HttpHeaders type(String type) {
		HttpHeaders headers = new HttpHeaders();
		headers.set("Content-Type", type);
		return headers;
	}

	private static byte[] gzip(String text) throws IOException {
		ByteArrayOutputStream packed = new ByteArrayOutputStream();
		try (GZIPOutputStream packing = new GZIPOutputStream(packed)) {
			packing.write(text.getBytes(StandardCharsets.UTF_8));
		}
		return packed.toByteArray();
	}

}

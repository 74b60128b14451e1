package io.github.llmratelimit.web;

import java.nio.charset.StandardCharsets;

import io.github.llmratelimit.provider.HttpFields;
import io.github.llmratelimit.provider.ProviderResponse;
import org.junit.jupiter.api.Test;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClientResponseException;
import org.springframework.web.client.UnknownHttpStatusCodeException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SpringFailureReader}.
 */
class SpringFailureReaderTests {

	private final SpringFailureReader reader = new SpringFailureReader();

	@Test
	void readWhenClientErrorFindsAllOfTheResponse() {
		HttpHeaders headers = new HttpHeaders();
		headers.add("Retry-After", "2");
		RestClientResponseException failure = HttpClientErrorException.create(HttpStatus.TOO_MANY_REQUESTS,
				"Too Many Requests", headers, "slow down".getBytes(StandardCharsets.UTF_8), null);
		ProviderResponse response = this.reader.read(failure);
		assertThat(response.status()).isEqualTo(429);
		assertThat(response.fields().first("retry-after")).isEqualTo("2");
		assertThat(response.body()).isEqualTo("slow down");
	}

	@Test
	void readWhenStatusIsNotStandardFindsIt() {
		RestClientResponseException failure = new RestClientResponseException("overloaded", HttpStatusCode.valueOf(529),
				"", null, null, null);
		assertThat(this.reader.read(failure)).isEqualTo(new ProviderResponse(529, HttpFields.EMPTY, ""));
	}

	@Test
	void readWhenStatusIsUnknownFindsIt() {
		assertThat(this.reader.read(new UnknownHttpStatusCodeException(999, "", null, null, null)).status())
			.isEqualTo(999);
	}

	@Test
	void readWhenBodyIsLongCutsItOff() {
		RestClientResponseException failure = new RestClientResponseException("", HttpStatusCode.valueOf(500), "", null,
				new byte[1_000_000], null);
		assertThat(this.reader.read(failure).body()).hasSize(65_536);
	}

	@Test
	void readWhenNoResponseCameIsNull() {
		assertThat(this.reader.read(new ResourceAccessException("timed out"))).isNull();
	}

	@Test
	void readWhenAnotherExceptionIsNull() {
		assertThat(this.reader.read(new IllegalStateException())).isNull();
	}

}

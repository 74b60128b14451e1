package io.github.llmratelimit.provider;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link HttpFields}.
 */
class HttpFieldsTests {

	@Test
	void valuesWhenNameHasOtherCaseReturnsThem() {
		HttpFields fields = HttpFields.of(Map.of("rEtRy-AfTeR", List.of("5")));
		assertThat(fields.values("Retry-After")).containsExactly("5");
	}

	@Test
	void valuesWhenPaddedAreTrimmed() {
		assertThat(HttpFields.of(Map.of(" a ", List.of(" 750\t"))).values("a")).containsExactly("750");
	}

	@Test
	void valuesWhenNamesDifferInCaseOnlyAreJoined() {
		Map<String, List<String>> headers = new LinkedHashMap<>();
		headers.put("A", List.of("1", "2"));
		headers.put("a", List.of("3"));
		assertThat(HttpFields.of(headers).values("a")).containsExactly("1", "2", "3");
	}

	@Test
	void valuesWhenAbsentIsEmpty() {
		assertThat(HttpFields.EMPTY.values("a")).isEmpty();
	}

	@Test
	void firstWhenSeveralReturnsTheFirst() {
		assertThat(HttpFields.of(Map.of("a", List.of("1", "2"))).first("A")).isEqualTo("1");
	}

	@Test
	void firstWhenAbsentReturnsNull() {
		assertThat(HttpFields.of(Map.of("a", List.of())).first("a")).isNull();
	}

	@Test
	void ofWhenAnythingIsNullLeavesItOut() {
		Map<String, List<String>> headers = new LinkedHashMap<>();
		headers.put(null, List.of("HTTP/1.1 200 OK"));
		headers.put("none", null);
		headers.put("a", Arrays.asList(null, "1"));
		assertThat(HttpFields.of(headers)).isEqualTo(HttpFields.of(Map.of("a", List.of("1"))));
	}

	@Test
	void ofWhenNullIsEmpty() {
		assertThat(HttpFields.of(null)).isSameAs(HttpFields.EMPTY);
	}

	@Test
	void valuesWhenChangedThrow() {
		List<String> values = HttpFields.of(Map.of("a", List.of("1"))).values("a");
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> values.add("2"));
	}

	@Test
	void toStringWhenValuesAreSecretHidesThem() {
		assertThat(HttpFields.of(Map.of("Set-Cookie", List.of("secret")))).hasToString("HttpFields[set-cookie]");
	}

}

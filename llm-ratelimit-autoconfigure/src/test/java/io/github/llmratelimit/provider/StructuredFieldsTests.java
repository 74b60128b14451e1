package io.github.llmratelimit.provider;

import java.util.Map;

import io.github.llmratelimit.provider.StructuredFields.Item;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StructuredFields}.
 */
class StructuredFieldsTests {

	@Test
	void listWhenItemsHaveParametersReturnsThem() {
		assertThat(StructuredFields.list("\"permin\";q=50;w=60,\"perhr\";q=1000"))
			.containsExactly(new Item("permin", Map.of("q", 50L, "w", 60L)), new Item("perhr", Map.of("q", 1000L)));
	}

	@Test
	void listWhenOfEveryTypeReturnsValues() {
		assertThat(StructuredFields.list("1, -2, 1.5, \"a \\\"b\\\\\", t/o:k, :aGk=:, ?1, ?0, @1659578233, %\"x\""))
			.extracting(Item::value)
			.containsExactly(1L, -2L, new Decimal(1, 500_000_000), "a \"b\\", "t/o:k", "aGk=", true, false, 1659578233L,
					"x");
	}

	@Test
	void listWhenParameterHasNoValueIsTrue() {
		assertThat(StructuredFields.list("a;b; c=?0")).containsExactly(new Item("a", Map.of("b", true, "c", false)));
	}

	@Test
	void listWhenEmptyHasNoItems() {
		assertThat(StructuredFields.list("  ")).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { ",", "a,", "a,,b", "a b", "\"a", "\"a\\n\"", "a;", "a;1", "a;b=", "(a b)", "limit=100",
			":a", "?2", "1.", "--1", "1000000000000000", "\"a\";r=40;t=12 x" })
	void listWhenAnythingIsWrongReturnsNull(String text) {
		assertThat(StructuredFields.list(text)).isNull();
	}

	@Test
	void dictionaryWhenMembersReturnsThemByKey() {
		Map<String, Item> members = StructuredFields.dictionary("limit=100;w=60, remaining=7, flag");
		assertThat(members).containsExactly(Map.entry("limit", new Item(100L, Map.of("w", 60L))),
				Map.entry("remaining", new Item(7L, Map.of())), Map.entry("flag", new Item(true, Map.of())));
	}

	@ParameterizedTest
	@ValueSource(strings = { "100", "\"a\"=1", "a=", "a=1,", "a=1 b=2", "A=1" })
	void dictionaryWhenAnythingIsWrongReturnsNull(String text) {
		assertThat(StructuredFields.dictionary(text)).isNull();
	}

	@Test
	void countWhenNegativeReturnsNull() {
		assertThat(new Item("a", Map.of("r", -1L)).count("r")).isNull();
	}

}

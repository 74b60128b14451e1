package io.github.llmratelimit.usage;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import io.github.llmratelimit.Usage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ResultUsage}: the shapes in which usage comes.
 */
class ResultUsageTests {

	private static final Map<String, Object> CHAT = Map.of("usage",
			Map.of("prompt_tokens", 100, "completion_tokens", 20, "total_tokens", 120));

	private static final Usage HUNDRED_AND_TWENTY = Usage.of(100, 20);

	private final ResultUsage finder = new ResultUsage();

	@Test
	void extractWhenMapOfChatCompletions() {
		assertThat(extract(CHAT)).isEqualTo(HUNDRED_AND_TWENTY);
	}

	@Test
	void extractWhenMapOfChatCompletionsWithCacheIncludesIt() {
		Map<String, Object> usage = Map.of("prompt_tokens", 100, "completion_tokens", 20, "prompt_tokens_details",
				Map.of("cached_tokens", 64));
		assertThat(extract(Map.of("usage", usage))).isEqualTo(new Usage(100, 20, 64));
	}

	@Test
	void extractWhenMapOfResponsesApiIncludesCache() {
		Map<String, Object> usage = Map.of("input_tokens", 100, "output_tokens", 20, "input_tokens_details",
				Map.of("cached_tokens", 64));
		assertThat(extract(Map.of("usage", usage))).isEqualTo(new Usage(100, 20, 64));
	}

	@Test
	void extractWhenMapOfAnthropicAddsCache() {
		Map<String, Object> usage = Map.of("input_tokens", 100, "output_tokens", 20, "cache_read_input_tokens", 1000,
				"cache_creation_input_tokens", 500);
		assertThat(extract(Map.of("usage", usage))).isEqualTo(new Usage(1600, 20, 1000));
	}

	@Test
	void extractWhenAllOfAnthropicsInputWasCached() {
		Map<String, Object> usage = Map.of("input_tokens", 0, "output_tokens", 20, "cache_read_input_tokens", 1000);
		assertThat(extract(Map.of("usage", usage))).isEqualTo(new Usage(1000, 20, 1000));
	}

	@Test
	void extractWhenEmbeddingsHasNoOutput() {
		assertThat(extract(Map.of("usage", Map.of("prompt_tokens", 100)))).isEqualTo(Usage.of(100, 0));
	}

	@Test
	void extractWhenNumbersAreDoubles() {
		assertThat(extract(Map.of("usage", Map.of("prompt_tokens", 100.0, "completion_tokens", 20.0))))
			.isEqualTo(HUNDRED_AND_TWENTY);
	}

	@Test
	void extractWhenMapIsTheUsage() {
		assertThat(extract(Map.of("prompt_tokens", 100, "completion_tokens", 20))).isEqualTo(HUNDRED_AND_TWENTY);
	}

	@Test
	void extractWhenJacksonTree() {
		assertThat(extract(tree("""
				{"id": "1", "usage": {"prompt_tokens": 100, "completion_tokens": 20,
				"prompt_tokens_details": {"cached_tokens": 64}}}"""))).isEqualTo(new Usage(100, 20, 64));
	}

	@Test
	void extractWhenJacksonTreeIsAnArrayOfEvents() {
		assertThat(extract(tree("""
				[{"type": "message_start", "message": {"usage": {"input_tokens": 100, "output_tokens": 1,
				"cache_read_input_tokens": 50}}}, {"type": "message_delta", "usage": {"output_tokens": 20}}]""")))
			.isEqualTo(new Usage(150, 20, 50));
	}

	@Test
	void extractWhenJacksonTreeHasNullUsage() {
		assertThat(extract(tree("{\"usage\": null}"))).isNull();
	}

	@Test
	void extractWhenRecordInCamelCase() {
		assertThat(extract(new Response("4", new CamelTokens(100, 20, new Details(64)))))
			.isEqualTo(new Usage(100, 20, 64));
	}

	@Test
	void extractWhenRecordInSnakeCase() {
		assertThat(extract(new Response("4", new SnakeTokens(100, 20, 1000L, null))))
			.isEqualTo(new Usage(1100, 20, 1000));
	}

	@Test
	void extractWhenBean() {
		assertThat(extract(new Bean(new TokensBean(100, 20)))).isEqualTo(HUNDRED_AND_TWENTY);
	}

	@Test
	void extractWhenPublicFields() {
		assertThat(extract(new Response("4", new Fields()))).isEqualTo(HUNDRED_AND_TWENTY);
	}

	@Test
	void extractWhenOptionals() {
		assertThat(extract(new Response("4", Optional.of(new OptionalTokens(100, Optional.of(20L))))))
			.isEqualTo(HUNDRED_AND_TWENTY);
	}

	@Test
	void extractWhenOwnUsage() {
		assertThat(extract(new Response("4", new Usage(100, 20, 64)))).isEqualTo(new Usage(100, 20, 64));
	}

	@Test
	void extractWhenMetadataOfABeanHasTheUsage() {
		assertThat(extract(new WithMetadata(new Bean(new TokensBean(100, 20))))).isEqualTo(HUNDRED_AND_TWENTY);
	}

	@Test
	void extractWhenOriginalUsageIsThereReadsThat() {
		CamelTokens original = new CamelTokens(1100, 20, new Details(1000));
		assertThat(extract(new Response("4", new SpringTokens(100, 20, original))))
			.isEqualTo(new Usage(1100, 20, 1000));
	}

	@Test
	void extractWhenRecordWrapsTheResponse() {
		assertThat(extract(new Wrapper(7, CHAT))).isEqualTo(HUNDRED_AND_TWENTY);
	}

	@Test
	void extractWhenTwoLevelsBelow() {
		assertThat(extract(new Wrapper(7, new Wrapper(8, CHAT)))).isEqualTo(HUNDRED_AND_TWENTY);
	}

	@Test
	void extractWhenThreeLevelsBelowIsNull() {
		assertThat(extract(new Wrapper(7, new Wrapper(8, new Wrapper(9, CHAT))))).isNull();
	}

	@Test
	void extractWhenUsageIsInTheLastChunk() {
		Map<String, Object> chunk = new HashMap<>();
		chunk.put("usage", null);
		assertThat(extract(List.of(chunk, chunk, CHAT))).isEqualTo(HUNDRED_AND_TWENTY);
	}

	@Test
	void extractWhenChunksRepeatUsageTakesTheLast() {
		Map<String, Object> earlier = Map.of("usage", Map.of("prompt_tokens", 100, "completion_tokens", 3));
		assertThat(extract(List.of(earlier, CHAT))).isEqualTo(HUNDRED_AND_TWENTY);
	}

	@Test
	void extractWhenAnthropicStreamIsLongCombinesItsEnds() {
		List<Object> events = new ArrayList<>();
		events.add(Map.of("message", Map.of("usage", Map.of("input_tokens", 100, "output_tokens", 1))));
		events.addAll(Collections.nCopies(10_000, Map.of("type", "content_block_delta")));
		events.add(Map.of("usage", Map.of("output_tokens", 20)));
		assertThat(extract(events)).isEqualTo(HUNDRED_AND_TWENTY);
	}

	@Test
	void extractWhenArrayOfChunks() {
		assertThat(extract(new Object[] { Map.of(), CHAT })).isEqualTo(HUNDRED_AND_TWENTY);
	}

	@Test
	void extractWhenWrapperHoldsChunks() {
		assertThat(extract(new Wrapper(7, List.of(Map.of(), CHAT)))).isEqualTo(HUNDRED_AND_TWENTY);
	}

	@Test
	void extractWhenOnlyZerosIsNull() {
		assertThat(extract(new Response("4", new CamelTokens(0, 0, null)))).isNull();
	}

	@Test
	void extractWhenNegativeIsNull() {
		assertThat(extract(Map.of("usage", Map.of("prompt_tokens", -5, "completion_tokens", -1)))).isNull();
	}

	@Test
	void extractWhenOnlyOutputIsNull() {
		assertThat(extract(Map.of("usage", Map.of("output_tokens", 20)))).isNull();
	}

	@Test
	void extractWhenUsageIsTextIsNull() {
		assertThat(extract(Map.of("usage", "prompt_tokens: 100"))).isNull();
	}

	@Test
	void extractWhenNumbersAreTextIsNull() {
		assertThat(extract(Map.of("usage", Map.of("prompt_tokens", "100", "completion_tokens", "20")))).isNull();
	}

	@Test
	void extractWhenNothingIsThereIsNull() {
		assertThat(extract(new Wrapper(7, "text"))).isNull();
	}

	@Test
	void extractWhenSortedMapOfOtherKeysIsNull() {
		assertThat(extract(new TreeMap<>(Map.of(1, "one")))).isNull();
	}

	private @Nullable Usage extract(Object result) {
		return this.finder.extract(result);
	}

	private static Object tree(String json) {
		return new JsonMapper().readTree(json);
	}

	private record Response(String text, Object usage) {
	}

	private record Wrapper(int id, Object anything) {
	}

	private record CamelTokens(int promptTokens, int completionTokens, @Nullable Details promptTokensDetails) {
	}

	private record Details(@Nullable Integer cachedTokens) {
	}

	private record SnakeTokens(long input_tokens, long output_tokens, @Nullable Long cache_read_input_tokens,
			@Nullable Long cache_creation_input_tokens) {
	}

	private record OptionalTokens(long promptTokens, Optional<Long> completionTokens) {
	}

	private record SpringTokens(Integer promptTokens, Integer completionTokens, Object nativeUsage) {
	}

	static class Bean {

		private final Object usage;

		Bean(Object usage) {
			this.usage = usage;
		}

		public Object getUsage() {
			return this.usage;
		}

	}

	static class WithMetadata {

		private final Bean metadata;

		WithMetadata(Bean metadata) {
			this.metadata = metadata;
		}

		public Bean getMetadata() {
			return this.metadata;
		}

	}

	static class TokensBean {

		private final Integer promptTokens;

		private final Integer completionTokens;

		TokensBean(Integer promptTokens, Integer completionTokens) {
			this.promptTokens = promptTokens;
			this.completionTokens = completionTokens;
		}

		public Integer getPromptTokens() {
			return this.promptTokens;
		}

		public Integer getCompletionTokens() {
			return this.completionTokens;
		}

	}

	static class Fields {

		public int prompt_tokens = 100;

		public int completion_tokens = 20;

	}

}

package io.github.llmratelimit.usage;

import java.util.List;

import io.github.llmratelimit.Usage;
import org.junit.jupiter.api.Test;

import org.springframework.http.ResponseEntity;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for usage in responses that are returned as text.
 */
class ResponseJsonTests {

	private static final String CHAT = """
			{"id": "chatcmpl-1", "object": "chat.completion", "model": "gpt-4o",
			 "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hello"}}],
			 "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}}""";

	private final UsageFinder finder = new UsageFinder(List.of());

	@Test
	void findWhenTextIsAResponseOfOpenAiFindsItsUsage() {
		assertThat(this.finder.find(CHAT)).isEqualTo(Usage.of(100, 20));
	}

	@Test
	void findWhenTextIsAResponseOfAnthropicFindsItsUsage() {
		assertThat(this.finder.find("""
				{"type": "message", "model": "claude-sonnet-4-5", "content": [{"type": "text", "text": "Hello"}],
				 "usage": {"input_tokens": 10, "cache_read_input_tokens": 90, "output_tokens": 20}}"""))
			.isEqualTo(new Usage(100, 20, 90));
	}

	@Test
	void findWhenEntityHoldsAResponseAsTextFindsItsUsage() {
		assertThat(this.finder.find(ResponseEntity.ok(CHAT))).isEqualTo(Usage.of(100, 20));
	}

	@Test
	void findWhenTextsAreChunksOfAStreamCompletesTheLastOne() {
		List<String> chunks = List.of("""
				{"type": "message_start", "message": {"model": "claude-sonnet-4-5", "usage": {"input_tokens": 100}}}""",
				"{\"type\": \"content_block_delta\", \"delta\": {\"text\": \"Hello\"}}",
				"{\"type\": \"message_delta\", \"usage\": {\"output_tokens\": 20}}");
		assertThat(this.finder.find(chunks)).isEqualTo(Usage.of(100, 20));
	}

	@Test
	void findWhenTextIsAnAnswerThatSpeaksOfUsageFindsNothing() {
		assertThat(this.finder.find("Its \"usage\" depends on the \"model\".")).isNull();
	}

	@Test
	void findWhenTextIsJsonWithoutAModelFindsNothing() {
		assertThat(this.finder.find("{\"usage\": {\"prompt_tokens\": 1, \"completion_tokens\": 1}}")).isNull();
	}

	@Test
	void findWhenResponseIsCutOffFindsNothing() {
		assertThat(this.finder.find(CHAT.substring(0, CHAT.length() - 1))).isNull();
	}

	@Test
	void findWhenResponseIsCutOffIsNoFailure() {
		this.finder.find(CHAT.substring(0, CHAT.length() - 1));
		assertThat(this.finder.failures()).isZero();
	}

	@Test
	void findWhenResponseIsNestedTooDeepFindsNothing() {
		String deep = "{\"model\": \"gpt-4o\", \"usage\": " + "[".repeat(100_000) + "]".repeat(100_000) + "}";
		assertThat(this.finder.find(deep)).isNull();
	}

	@Test
	void findWhenResponseIsLongerThanTheBoundFindsNothing() {
		assertThat(this.finder.find(CHAT + " ".repeat(ResponseJson.LONGEST))).isNull();
	}

}

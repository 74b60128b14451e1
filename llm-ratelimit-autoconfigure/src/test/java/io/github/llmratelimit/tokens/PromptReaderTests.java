package io.github.llmratelimit.tokens;

import java.util.AbstractCollection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

/**
 * Tests for {@link PromptReader}. A token is a character here.
 */
class PromptReaderTests {

	private static final long MESSAGE = 4;

	private static final long REPLY = 3;

	private static final long MEDIA = 1_500;

	private final Failures failures = new Failures();

	@Test
	void totalWhenTextIsOneMessage() {
		assertThat(total("text")).isEqualTo(4 + MESSAGE + REPLY);
	}

	@Test
	void totalWhenListOfTextsIsOneMessageWithSeparators() {
		assertThat(total(List.of("text", "text"))).isEqualTo(4 + 1 + 4 + 1 + MESSAGE + REPLY);
	}

	@Test
	void totalWhenArrayIsThatOfAList() {
		assertThat(total(new String[] { "text", "text" })).isEqualTo(total(List.of("text", "text")));
	}

	@Test
	void totalWhenListOfMessageMapsAddsTheOverheadOfEach() {
		List<Object> messages = List.of(message("system", "be brief"), message("user", "text"));
		assertThat(total(messages)).isEqualTo(8 + MESSAGE + 4 + MESSAGE + REPLY);
	}

	@Test
	void totalWhenMessageHasPartsCountsTheirTexts() {
		List<Object> parts = List.of(Map.of("type", "text", "text", "text"), Map.of("type", "text", "text", "four"));
		assertThat(total(message("user", parts))).isEqualTo(4 + 4 + MESSAGE + REPLY);
	}

	@Test
	void totalWhenRequestMapCountsMessagesAndTheRestAsJson() {
		Map<String, Object> request = Map.of("model", "gpt-4o", "messages", List.of(message("user", "text")));
		assertThat(total(request)).isEqualTo(4 + MESSAGE + REPLY + "modelgpt-4o".length() + 2);
	}

	@Test
	void totalWhenGeminiRequestCountsItsParts() {
		Map<String, Object> content = Map.of("role", "user", "parts", List.of(Map.of("text", "text")));
		assertThat(total(Map.of("contents", List.of(content)))).isEqualTo(4 + MESSAGE + REPLY);
	}

	@Test
	void totalWhenMessageHasToolCallsCountsThemAsJson() {
		Map<String, Object> message = new HashMap<>();
		message.put("role", "assistant");
		message.put("content", null);
		message.put("tool_calls", List.of(Map.of("name", "weather", "days", 3)));
		assertThat(total(message))
			.isEqualTo(MESSAGE + REPLY + 2 + 10 + 2 + "nameweather".length() + 2 + "days3".length());
	}

	@Test
	void totalWhenPartIsAnImageIsAFixedGuess() {
		Map<String, Object> image = Map.of("type", "image_url", "image_url",
				Map.of("url", "data:image/png;base64," + "A".repeat(1_000_000)));
		assertThat(total(message("user", List.of(Map.of("type", "text", "text", "text"), image))))
			.isEqualTo(4 + MEDIA + MESSAGE + REPLY);
		assertThat(this.failures.count()).isOne();
	}

	@Test
	void totalWhenPartIsInlineDataIsAFixedGuess() {
		Map<String, Object> data = Map.of("inlineData", Map.of("mimeType", "image/png", "data", "AAAA"));
		assertThat(total(Map.of("role", "user", "parts", List.of(data)))).isEqualTo(MEDIA + MESSAGE + REPLY);
	}

	@Test
	void totalWhenMessageObjectCountsItsContent() {
		assertThat(total(new Turn("user", "text"))).isEqualTo(4 + MESSAGE + REPLY);
	}

	@Test
	void totalWhenListOfMessageObjectsAddsTheOverheadOfEach() {
		assertThat(total(List.of(new Turn("user", "text"), new Turn("user", "text"))))
			.isEqualTo(2 * (4 + MESSAGE) + REPLY);
	}

	@Test
	void totalWhenConversationObjectIsThatOfItsMessages() {
		List<Turn> turns = List.of(new Turn("user", "text"), new Turn("user", "four"));
		assertThat(total(new Conversation(turns))).isEqualTo(total(turns));
	}

	@Test
	void totalWhenContentOfAMessageObjectIsAListOfPartsHasOneOverhead() {
		Turn turn = new Turn("user", List.of(new TextPart("text"), new TextPart("four")));
		assertThat(total(turn)).isEqualTo(4 + 4 + MESSAGE + REPLY);
	}

	@Test
	void totalWhenPartOfAMessageObjectHasNoTextIsAFixedGuess() {
		assertThat(total(new Turn("user", List.of(new TextPart("text"), new Object()))))
			.isEqualTo(4 + MEDIA + MESSAGE + REPLY);
		assertThat(this.failures.count()).isOne();
	}

	@Test
	void totalWhenContentIsNullIsTheOverhead() {
		assertThat(total(new Turn("user", null))).isEqualTo(MESSAGE + REPLY);
	}

	@Test
	void totalWhenContentIsOptionalIsUnwrapped() {
		assertThat(total(new Turn("user", Optional.of("text")))).isEqualTo(4 + MESSAGE + REPLY);
	}

	@Test
	void totalWhenElementsAreNumbersCountsTheirText() {
		assertThat(total(List.of("text", 12, true))).isEqualTo(4 + 1 + 2 + 1 + 4 + 1 + MESSAGE + REPLY);
	}

	@Test
	void totalWhenListHoldsItselfReadsItOnce() {
		List<Object> list = new ArrayList<>(List.of("text"));
		list.add(list);
		assertThat(total(list)).isEqualTo(total(List.of("text")));
	}

	@Test
	void totalWhenMapHoldsItselfReadsItOnce() {
		Map<String, Object> map = new HashMap<>(Map.of("role", "user", "content", "text"));
		map.put("parts", map);
		assertThat(total(map)).isEqualTo(4 + MESSAGE + REPLY);
	}

	@Test
	void totalWhenMessageIsItsOwnContentReadsItOnce() {
		assertThat(total(new Echo())).isEqualTo(MESSAGE + REPLY);
	}

	@Test
	void totalWhenSameMessageStandsTwiceCountsItTwice() {
		Turn turn = new Turn("user", "text");
		assertThat(total(List.of(turn, turn))).isEqualTo(2 * (4 + MESSAGE) + REPLY);
	}

	@Test
	void totalWhenNestedDeeplyEnds() {
		Object value = "text";
		for (int i = 0; i < 100_000; i++) {
			value = List.of(value);
		}
		assertThat(total(value)).isEqualTo(REPLY);
		assertThat(this.failures.count()).isOne();
	}

	@Test
	void totalWhenTreeHasMoreLeavesThanCanBeReadEnds() {
		Object value = "text";
		for (int i = 0; i < PromptReader.DEPTH_LIMIT - 1; i++) {
			value = Collections.nCopies(10, value);
		}
		assertThat(total(value)).isGreaterThan(PromptReader.VALUE_LIMIT);
	}

	@Test
	void totalWhenMillionTextsReadsSomeAndScales() {
		PromptReader reader = reader();
		reader.read(Collections.nCopies(1_000_000, "text"));
		assertThat(reader.texts()).hasSizeLessThanOrEqualTo(PromptReader.VALUE_LIMIT);
		assertThat(reader.total(characters(reader.texts()))).isCloseTo(5_000_000, withPercentage(1));
	}

	@Test
	void totalWhenMillionMessagesReadsSomeAndScales() {
		List<Object> parts = List.of(Map.of("text", "text"), Map.of("text", "four"));
		assertThat(total(Collections.nCopies(1_000_000, message("user", parts)))).isCloseTo(12_000_000,
				withPercentage(1));
	}

	@Test
	void totalWhenMessageHasAMillionPartsReadsSomeAndScales() {
		assertThat(total(message("user", Collections.nCopies(1_000_000, "text")))).isCloseTo(4_000_000,
				withPercentage(1));
	}

	@Test
	void totalWhenListFailsCountsWhatWasRead() {
		assertThat(total(new BrokenList())).isEqualTo(4 + 1 + MESSAGE + REPLY);
		assertThat(this.failures.count()).isOne();
	}

	@Test
	void totalWhenAccessorFailsGuessesFromToString() {
		assertThat(total(List.of(new Turn("user", "text"), new BrokenMessage())))
			.isEqualTo(2 * MESSAGE + 4 + 4 + REPLY);
		assertThat(this.failures.count()).isOne();
	}

	@Test
	void totalWhenNothingOfAMessageCanBeReadIsTheOverhead() {
		assertThat(total(new HopelessMessage())).isEqualTo(MESSAGE + REPLY);
		assertThat(this.failures.count()).isOne();
	}

	@Test
	void totalWhenMapHasOtherKeysCountsThemAsJson() {
		assertThat(total(Map.of(1, "text"))).isEqualTo(1 + 2 + 4 + MESSAGE + REPLY);
		assertThat(this.failures.count()).isZero();
	}

	private long total(Object value) {
		PromptReader reader = reader();
		reader.read(value);
		return reader.total(characters(reader.texts()));
	}

	private PromptReader reader() {
		return new PromptReader("gpt-4o", new CustomCounters(List.of(), this.failures), this.failures);
	}

	private static long characters(List<String> texts) {
		return texts.stream().mapToLong(String::length).sum();
	}

	private static Map<String, Object> message(String role, Object content) {
		Map<String, Object> message = new LinkedHashMap<>();
		message.put("role", role);
		message.put("content", content);
		return message;
	}

	record Turn(String role, Object content) {
	}

	record TextPart(String text) {
	}

	record Conversation(List<Turn> messages) {
	}

	static class Echo {

		public Object getContent() {
			return this;
		}

	}

	static class BrokenMessage {

		public String getText() {
			throw new IllegalStateException("no session");
		}

		@Override
		public String toString() {
			return "BrokenText"; // 10 bytes
		}

	}

	static class HopelessMessage extends BrokenMessage {

		@Override
		public String toString() {
			throw new IllegalStateException("no session");
		}

	}

	static class BrokenList extends AbstractCollection<Object> {

		@Override
		public Iterator<Object> iterator() {
			return new Iterator<>() {

				private boolean first = true;

				@Override
				public boolean hasNext() {
					return true;
				}

				@Override
				public Object next() {
					if (!this.first) {
						throw new NoSuchElementException();
					}
					this.first = false;
					return "text";
				}

			};
		}

		@Override
		public int size() {
			return 2;
		}

	}

}

package io.github.llmratelimit.tokens;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import io.github.llmratelimit.tokens.Failures.Kind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link Failures}.
 */
class FailuresTests {

	private final Logger logger = Logger.getLogger("io.github.llmratelimit.tokens");

	private final RecordingHandler log = new RecordingHandler();

	private final Failures failures = new Failures();

	@BeforeEach
	void startRecording() {
		this.logger.addHandler(this.log);
		this.logger.setUseParentHandlers(false);
	}

	@AfterEach
	void stopRecording() {
		this.logger.removeHandler(this.log);
		this.logger.setUseParentHandlers(true);
	}

	@Test
	void recordWhenRepeatedLogsOncePerKind() {
		for (int i = 0; i < 5; i++) {
			this.failures.record(Kind.VOCABULARY, Vocabulary.O200K, new IllegalStateException());
			this.failures.record(Kind.TOKENIZER, "gpt-4o", null);
		}
		assertThat(this.failures.count()).isEqualTo(10);
		assertThat(this.log.messages).hasSize(2);
	}

	@Test
	void recordWhenCulpritIsANameSaysIt() {
		this.failures.record(Kind.TOKENIZER, "gpt-4o", null);
		assertThat(this.log.messages).singleElement().asString().startsWith("The tokenizer of gpt-4o failed");
	}

	@Test
	void recordWhenCulpritIsAPromptSaysOnlyItsType() {
		this.failures.record(Kind.TYPE, new StringBuilder("secret"), null);
		assertThat(this.log.messages).singleElement()
			.asString()
			.contains("java.lang.StringBuilder")
			.doesNotContain("secret");
	}

	@Test
	void throwIfFatalWhenMemoryIsShortThrows() {
		assertThatExceptionOfType(OutOfMemoryError.class)
			.isThrownBy(() -> Failures.throwIfFatal(new OutOfMemoryError()));
	}

	@Test
	void throwIfFatalWhenStackOverflowsDoesNot() {
		assertThatNoException().isThrownBy(() -> Failures.throwIfFatal(new StackOverflowError()));
	}

	private static final class RecordingHandler extends Handler {

		private final List<String> messages = new ArrayList<>();

		@Override
		public void publish(LogRecord record) {
			this.messages.add(record.getMessage());
		}

		@Override
		public void flush() {
		}

		@Override
		public void close() {
		}

	}

}

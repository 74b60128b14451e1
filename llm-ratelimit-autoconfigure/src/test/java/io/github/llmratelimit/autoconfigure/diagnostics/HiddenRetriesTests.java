package io.github.llmratelimit.autoconfigure.diagnostics;

import java.util.Set;

import io.github.llmratelimit.autoconfigure.LlmRateLimitAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.asm.ClassWriter;
import org.springframework.asm.Opcodes;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link HiddenRetries}.
 */
@ExtendWith(OutputCaptureExtension.class)
class HiddenRetriesTests {

	private static final String[] SPRING_AI_OPENAI = { "org.springframework.ai.openai.OpenAiChatModel",
			"com.openai.client.OpenAIClient", "org.springframework.ai.retry.RetryUtils" };

	private static final String[] SPRING_AI_ANTHROPIC = { "org.springframework.ai.anthropic.AnthropicChatModel",
			"com.anthropic.client.AnthropicClient", "org.springframework.ai.retry.RetryUtils" };

	private static final String[] SPRING_AI_1 = { "org.springframework.ai.openai.OpenAiChatModel",
			"org.springframework.ai.retry.RetryUtils" };

	private static final String LANGCHAIN4J = "dev.langchain4j.model.chat.ChatModel";

	private static final String AWS = "software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient";

	private ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(LlmRateLimitAutoConfiguration.class))
		.withPropertyValues("llm.ratelimit.providers.openai.tier=build");

	@Test
	void startWhenNoClientRetriesSaysNothing(CapturedOutput output) {
		start();
		assertThat(output).doesNotContain("retries on its own");
	}

	@Test
	void startWhenSpringAiCallsOpenAiWarnsOnce(CapturedOutput output) {
		start(SPRING_AI_OPENAI);
		assertThat(output).containsOnlyOnce("retries on its own")
			.contains("WARN")
			.contains("Spring AI's client for OpenAI retries on its own: up to 3 hidden calls for each one",
					"Set the property 'spring.ai.openai.max-retries' to 0.");
	}

	@Test
	void startWhenSpringAiCallsAnthropicWarnsOnce(CapturedOutput output) {
		start(SPRING_AI_ANTHROPIC);
		assertThat(output).containsOnlyOnce("retries on its own")
			.contains("Spring AI's client for Anthropic retries on its own: up to 2 hidden calls",
					"Set the property 'spring.ai.anthropic.max-retries' to 0.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "spring.ai.openai.max-retries=0", "spring.ai.openai.maxRetries=0",
			"spring.ai.openai.chat.max-retries=0" })
	void startWhenSpringAisRetriesAreOffSaysNothing(String property, CapturedOutput output) {
		this.runner = this.runner.withPropertyValues(property);
		start(SPRING_AI_OPENAI);
		assertThat(output).doesNotContain("retries on its own");
	}

	@Test
	void startWhenSpringAisRetriesOfAnotherProviderAreOffWarns(CapturedOutput output) {
		this.runner = this.runner.withPropertyValues("spring.ai.anthropic.max-retries=0");
		start(SPRING_AI_OPENAI);
		assertThat(output).contains("'spring.ai.openai.max-retries'");
	}

	@Test
	void startWhenSpringAisRetriesAreStatedTellsNumberAndOrigin(CapturedOutput output) {
		this.runner = this.runner.withPropertyValues("spring.ai.openai.max-retries=7");
		start(SPRING_AI_OPENAI);
		assertThat(output).contains("up to 7 hidden calls",
				"Set the property 'spring.ai.openai.max-retries' (\"spring.ai.openai.max-retries\" from property source "
						+ "\"test\") to 0; it is 7.");
	}

	@Test
	void startWhenRetriesOfChatsAreStatedNamesThose(CapturedOutput output) {
		this.runner = this.runner.withPropertyValues("spring.ai.openai.max-retries=0",
				"spring.ai.openai.chat.max-retries=1");
		start(SPRING_AI_OPENAI);
		assertThat(output).contains("up to 1 hidden calls", "'spring.ai.openai.chat.max-retries'");
	}

	@Test
	void startWhenSpringAiIsOfTheFirstLineWarnsOfItsRetry(CapturedOutput output) {
		start(SPRING_AI_1);
		assertThat(output).containsOnlyOnce("retries on its own")
			.contains("Spring AI retries on its own: up to 9 hidden calls",
					"Set the property 'spring.ai.retry.max-attempts' to 1.");
	}

	@Test
	void startWhenTheRetryOfTheFirstLineIsOffSaysNothing(CapturedOutput output) {
		this.runner = this.runner.withPropertyValues("spring.ai.retry.max-attempts=1");
		start(SPRING_AI_1);
		assertThat(output).doesNotContain("retries on its own");
	}

	@Test
	void startWhenLangChain4jIsThereWarns(CapturedOutput output) {
		start(LANGCHAIN4J);
		assertThat(output).contains("LangChain4j retries on its own: up to 2 hidden calls",
				"'langchain4j.<provider>.chat-model.max-retries' to 0", ".maxRetries(0)");
	}

	@Test
	void startWhenRetriesOfLangChain4jAreOffSaysNothing(CapturedOutput output) {
		this.runner = this.runner.withPropertyValues("langchain4j.open-ai.chat-model.max-retries=0",
				"langchain4j.anthropic.chat-model.maxRetries=0");
		start(LANGCHAIN4J);
		assertThat(output).doesNotContain("retries on its own");
	}

	@Test
	void startWhenSomeRetriesOfLangChain4jAreOnWarnsOfThose(CapturedOutput output) {
		this.runner = this.runner.withPropertyValues("langchain4j.open-ai.chat-model.max-retries=0",
				"langchain4j.anthropic.chat-model.max-retries=4");
		start(LANGCHAIN4J);
		assertThat(output).containsOnlyOnce("retries on its own")
			.contains("up to 4 hidden calls", "'langchain4j.anthropic.chat-model.max-retries' (");
	}

	@ParameterizedTest
	@CsvSource({ "com.openai.client.okhttp.OpenAIOkHttpClient, The OpenAI SDK, OpenAIOkHttpClient",
			"com.anthropic.client.okhttp.AnthropicOkHttpClient, The Anthropic SDK, AnthropicOkHttpClient" })
	void startWhenAnSdkIsThereWarns(String type, String who, String builder, CapturedOutput output) {
		start(type);
		assertThat(output).contains(who + " retries on its own: up to 2 hidden calls",
				"Build its clients with " + builder + ".builder().maxRetries(0).");
	}

	@Test
	void startWhenTheAwsSdkIsThereWarns(CapturedOutput output) {
		start(AWS);
		assertThat(output).contains("The AWS SDK retries on its own: up to 2 hidden calls", "'aws.maxAttempts' to 1.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "aws.maxAttempts=1", "AWS_MAX_ATTEMPTS=1" })
	void startWhenRetriesOfTheAwsSdkAreOffSaysNothing(String property, CapturedOutput output) {
		this.runner = this.runner.withPropertyValues(property);
		start(AWS);
		assertThat(output).doesNotContain("retries on its own");
	}

	@Test
	void startWhenSeveralClientsRetryWarnsOfEach(CapturedOutput output) {
		start("com.openai.client.okhttp.OpenAIOkHttpClient", LANGCHAIN4J, AWS);
		assertThat(output.getOut().lines().filter((line) -> line.contains("retries on its own"))).hasSize(3)
			.allSatisfy((line) -> assertThat(line).contains("WARN"));
	}

	@Test
	void warningSaysHowToSilenceIt(CapturedOutput output) {
		start(LANGCHAIN4J);
		assertThat(output)
			.contains("set 'logging.level.io.github.llmratelimit.autoconfigure.diagnostics.HiddenRetries' to error");
	}

	@Test
	void startWhenNothingIsLimitedSaysNothing(CapturedOutput output) {
		this.runner = this.runner.withPropertyValues("llm.ratelimit.mode=off");
		start(LANGCHAIN4J);
		assertThat(output).doesNotContain("retries on its own");
	}

	@Test
	void startWhenAValueIsNoNumberTakesTheUsualOne(CapturedOutput output) {
		this.runner = this.runner.withPropertyValues("spring.ai.openai.max-retries=many");
		start(SPRING_AI_OPENAI);
		assertThat(output).contains("up to 3 hidden calls");
	}

	private void start(String... classes) {
		this.runner.withClassLoader(new WithClasses(Set.of(classes)))
			.run((context) -> assertThat(context).hasNotFailed());
	}

	/** Has empty classes of some names. */
	private static final class WithClasses extends ClassLoader {

		private final Set<String> names;

		private WithClasses(Set<String> names) {
			super(HiddenRetriesTests.class.getClassLoader());
			this.names = names;
		}

		@Override
		protected Class<?> findClass(String name) throws ClassNotFoundException {
			if (!this.names.contains(name)) {
				throw new ClassNotFoundException(name);
			}
			ClassWriter writer = new ClassWriter(0);
			writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, name.replace('.', '/'), null, "java/lang/Object", null);
			byte[] bytes = writer.toByteArray();
			return defineClass(name, bytes, 0, bytes.length);
		}

	}

}

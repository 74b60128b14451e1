package io.github.llmratelimit.autoconfigure.diagnostics;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.core.env.Environment;

/*
 * A client that retries on its own turns one call into several, of which the limiter has
 * booked one: the others are refused, and make others' calls be refused. None of the
 * clients reads why it was refused, and most give up within two seconds, long before the
 * window that they wait for. So ours has to be the only retry.
 *
 * What is on the class path is all that can be seen of it. Some clients are switched off
 * by a property, and then nothing is said; what was built with .maxRetries(0) can't be
 * seen, so each warning says how to silence it.
 *
 * Numbers were counted in November 2026 with Spring AI 1.1.2 and 2.0.0, LangChain4j
 * 1.19.0, openai-java 4.39.1 and 4.101.0, anthropic-java 2.40.1 and 3.12.0.
 */

/**
 * Warns at start-up of clients that retry on their own beneath limited calls.
 */
public final class HiddenRetries implements SmartInitializingSingleton {

	private static final Log logger = LogFactory.getLog(HiddenRetries.class);

	private final boolean limits;

	private final TypedProperties properties;

	private final Environment environment;

	private final Predicate<String> isPresent;

	/**
	 * Creates a check.
	 * @param limits whether there are limited calls
	 * @param environment what the clients are configured by
	 * @param isPresent whether a class is there
	 */
	public HiddenRetries(boolean limits, Environment environment, Predicate<String> isPresent) {
		this.limits = limits;
		this.properties = TypedProperties.of(environment);
		this.environment = environment;
		this.isPresent = isPresent;
	}

	@Override
	public void afterSingletonsInstantiated() {
		if (this.limits) {
			warnings().forEach((warning) -> logger.warn(
					warning + " (To silence this, set 'logging.level.%s' to error.)".formatted(getClass().getName())));
		}
	}

	private List<String> warnings() {
		List<String> warnings = new ArrayList<>();
		boolean openAi = areThere("org.springframework.ai.openai.OpenAiChatModel", "com.openai.client.OpenAIClient");
		boolean anthropic = areThere("org.springframework.ai.anthropic.AnthropicChatModel",
				"com.anthropic.client.AnthropicClient");
		if (openAi) {
			addSpringAi(warnings, "OpenAI", "spring.ai.openai", 3);
		}
		if (anthropic) {
			addSpringAi(warnings, "Anthropic", "spring.ai.anthropic", 2);
		}
		if (!openAi && !anthropic && areThere("org.springframework.ai.retry.RetryUtils")) {
			addCounted(warnings, "Spring AI", "spring.ai.retry.max-attempts", 10, 1);
		}
		if (areThere("dev.langchain4j.model.chat.ChatModel")
				|| areThere("dev.langchain4j.model.chat.ChatLanguageModel")) {
			addLangChain4j(warnings);
		}
		if (areThere("com.openai.client.okhttp.OpenAIOkHttpClient")) {
			addBuilder(warnings, "The OpenAI SDK", "OpenAIOkHttpClient");
		}
		if (areThere("com.anthropic.client.okhttp.AnthropicOkHttpClient")) {
			addBuilder(warnings, "The Anthropic SDK", "AnthropicOkHttpClient");
		}
		if (areThere("software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient")
				&& !"1".equals(this.environment.getProperty("AWS_MAX_ATTEMPTS"))) {
			addCounted(warnings, "The AWS SDK", "aws.maxAttempts", 3, 1);
		}
		return warnings;
	}

	private boolean areThere(String... classes) {
		return List.of(classes).stream().allMatch(this.isPresent);
	}

	/** Spring AI 2: what is set for chats wins, unless it is the default. */
	private void addSpringAi(List<String> warnings, String provider, String prefix, int usual) {
		String property = prefix + ".max-retries";
		String ofChats = prefix + ".chat.max-retries";
		if (number(ofChats, usual) != usual) {
			property = ofChats;
		}
		addCounted(warnings, "Spring AI's client for " + provider, property, usual, 0);
	}

	private void addLangChain4j(List<String> warnings) {
		List<String> set = this.properties.namesLike("langchain4j", "max-retries");
		String who = "LangChain4j";
		if (set.isEmpty()) {
			warnings.add(
					message(who, 2) + "Set the property 'langchain4j.<provider>.chat-model.max-retries' to 0, or build "
							+ "models with .maxRetries(0).");
		}
		for (String property : set) {
			addCounted(warnings, who, property, 2, 0);
		}
	}

	private static void addBuilder(List<String> warnings, String who, String builder) {
		warnings.add(message(who, 2) + "Build its clients with %s.builder().maxRetries(0).".formatted(builder));
	}

	private void addCounted(List<String> warnings, String who, String property, int usual, int off) {
		int number = number(property, usual);
		if (number > off) {
			String stated = this.properties.contains(property) ? "; it is %d".formatted(number) : "";
			warnings.add(message(who, number - off)
					+ "Set the property %s to %d%s.".formatted(this.properties.place(property), off, stated));
		}
	}

	private int number(String property, int usual) {
		try {
			return Integer.parseInt(this.environment.getProperty(property, String.valueOf(usual)).trim());
		}
		catch (NumberFormatException ex) {
			return usual; // its owner will complain
		}
	}

	private static String message(String who, int hidden) {
		return "%s retries on its own: up to %d hidden calls for each one that the limiter knows of, of which some will be refused. "
			.formatted(who, hidden);
	}

}

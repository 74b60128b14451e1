package io.github.llmratelimit.engine;

import java.util.regex.Pattern;

/**
 * What providers append to the name of a model.
 */
public final class ModelNames {

	/**
	 * Dates, numbers of a release, {@code latest}, and the versions of Amazon Bedrock.
	 */
	private static final Pattern RELEASE = Pattern
		.compile("(?:[-@](?:\\d{4}-\\d{2}-\\d{2}|\\d{8}|\\d{4}|0\\d{2}|latest)(?:-v\\d+(?::\\d+)?)?|-v\\d+:\\d+)$");

	private ModelNames() {
	}

	/**
	 * Takes the release off a model's name.
	 * @param name the name, e.g. {@code gpt-4o-2024-11-20}, {@code gpt-4-0613},
	 * {@code claude-3-5-haiku@20241022}, {@code claude-3-5-haiku-latest} or
	 * {@code anthropic.claude-haiku-4-5-20251001-v1:0}
	 * @return the name without it, or the name itself if there is none
	 */
	public static String withoutRelease(String name) {
		return RELEASE.matcher(name).replaceFirst("");
	}

}

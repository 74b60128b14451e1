package io.github.llmratelimit.sample.prompts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/**
 * Reads the texts that come with the sample.
 */
final class BuiltInTexts {

	private BuiltInTexts() {
	}

	static List<String> questions() {
		return read("questions.txt").stream().flatMap(String::lines).filter((line) -> !line.isBlank()).toList();
	}

	static List<String> documents() {
		return read("documents/*.txt");
	}

	static List<String> jobs() {
		return read("jobs.txt").stream().flatMap((text) -> Stream.of(text.split("\n---\n"))).toList();
	}

	private static List<String> read(String pattern) {
		try {
			Resource[] resources = new PathMatchingResourcePatternResolver()
				.getResources("classpath:/prompts/" + pattern);
			return Stream.of(resources)
				.sorted(Comparator.comparing((resource) -> Objects.toString(resource.getFilename())))
				.map(BuiltInTexts::text)
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Could not read prompts/" + pattern, ex);
		}
	}

	private static String text(Resource resource) {
		try {
			return resource.getContentAsString(StandardCharsets.UTF_8).replace("\r\n", "\n");
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Could not read " + resource, ex);
		}
	}

}

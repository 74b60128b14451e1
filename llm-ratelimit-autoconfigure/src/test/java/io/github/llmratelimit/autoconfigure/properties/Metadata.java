package io.github.llmratelimit.autoconfigure.properties;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The metadata by which editors complete and explain our properties.
 */
public final class Metadata {

	private static final JsonNode METADATA = read();

	private Metadata() {
	}

	/** All properties but those below keys of maps. */
	public static Stream<JsonNode> properties() {
		return METADATA.path("properties").valueStream();
	}

	/** What is offered as value of a property, or as key of a map. */
	public static List<String> hints(String name) {
		JsonNode hint = METADATA.path("hints")
			.valueStream()
			.filter((candidate) -> candidate.path("name").asString().equals(name))
			.findFirst()
			.orElseThrow();
		return hint.path("values").valueStream().map((value) -> value.path("value").asString()).toList();
	}

	private static JsonNode read() {
		// other jars on the class path have a file of this name, too
		String classes = LlmRateLimitProperties.class.getProtectionDomain().getCodeSource().getLocation().toString();
		try (InputStream in = URI.create(classes + "META-INF/spring-configuration-metadata.json")
			.toURL()
			.openStream()) {
			return JsonMapper.builder().build().readTree(in);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}

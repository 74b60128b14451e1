package io.github.llmratelimit.sample.chat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * The services over HTTP. A body is taken as JSON if it says so, else as plain text, so
 * that {@code curl -d 'Why is the sky blue?' localhost:8080/chat} does what one expects.
 */
@RestController
class LlmController {

	private static final int DEFAULT_MAX_TOKENS = 300;

	private static final int MOST_MAX_TOKENS = 16_384;

	private static final int MOST_JOBS = 100;

	private final ChatService chat;

	private final SummaryService summary;

	private final BatchService batch;

	private final JsonMapper json;

	LlmController(ChatService chat, SummaryService summary, BatchService batch, JsonMapper json) {
		this.chat = chat;
		this.summary = summary;
		this.batch = batch;
		this.json = json;
	}

	@PostMapping("/chat")
	Answer chat(@RequestHeader(HttpHeaders.CONTENT_TYPE) @Nullable MediaType type, InputStream body)
			throws IOException {
		JsonNode root = read(type, body, "prompt");
		return Answer.of(this.chat.chat(text(root, "prompt"), maxTokens(root)));
	}

	@PostMapping("/summarise")
	Answer summarise(@RequestHeader(HttpHeaders.CONTENT_TYPE) @Nullable MediaType type, InputStream body)
			throws IOException {
		JsonNode root = read(type, body, "document");
		String instruction = root.path("instruction").asString(SummaryService.DEFAULT_INSTRUCTION);
		return Answer.of(this.summary.summarise(instruction, text(root, "document")));
	}

	@PostMapping("/batch")
	List<Answer> batch(@RequestHeader(HttpHeaders.CONTENT_TYPE) @Nullable MediaType type, InputStream body)
			throws IOException {
		List<Answer> answers = new ArrayList<>();
		for (BatchJob job : jobs(read(type, body, "jobs").path("jobs"))) {
			answers.add(Answer.of(this.batch.process(job)));
		}
		return answers;
	}

	private JsonNode read(@Nullable MediaType type, InputStream body, String name) throws IOException {
		byte[] bytes = body.readAllBytes();
		if (type == null || !type.isCompatibleWith(MediaType.APPLICATION_JSON)) {
			return this.json.createObjectNode().put(name, new String(bytes, StandardCharsets.UTF_8));
		}
		try {
			return this.json.readTree(bytes);
		}
		catch (JacksonException ex) {
			throw invalid("Invalid body: not JSON (" + ex.getOriginalMessage() + ")");
		}
	}

	private static String text(JsonNode root, String name) {
		String text = root.path(name).asString("");
		if (text.isBlank()) {
			throw invalid("Invalid %s: must be a text that isn't empty".formatted(name));
		}
		return text;
	}

	private static int maxTokens(JsonNode root) {
		JsonNode value = root.path("maxTokens");
		int maxTokens = value.isMissingNode() ? DEFAULT_MAX_TOKENS : value.asInt(0);
		if (maxTokens < 1 || maxTokens > MOST_MAX_TOKENS) {
			throw invalid("Invalid maxTokens (%s): must be between 1 and %d".formatted(value, MOST_MAX_TOKENS));
		}
		return maxTokens;
	}

	private static List<BatchJob> jobs(JsonNode jobs) {
		List<String> texts = new ArrayList<>();
		if (jobs.isArray()) {
			jobs.forEach((job) -> texts.add(job.asString("")));
		}
		else {
			jobs.asString("").lines().forEach(texts::add);
		}
		texts.removeIf(String::isBlank);
		if (texts.isEmpty() || texts.size() > MOST_JOBS) {
			throw invalid("Invalid jobs (%d): must be between 1 and %d, one per line or an array of texts"
				.formatted(texts.size(), MOST_JOBS));
		}
		List<BatchJob> result = new ArrayList<>();
		for (String text : texts) {
			result.add(new BatchJob("job-" + (result.size() + 1), text));
		}
		return result;
	}

	private static ResponseStatusException invalid(String message) {
		return new ResponseStatusException(HttpStatus.BAD_REQUEST, message);
	}

}

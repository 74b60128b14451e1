package io.github.llmratelimit.sample.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;

/**
 * Runs a load while somebody looks: text with a line each second, or one JSON document at
 * the end for those who ask for {@code application/json}. Who hangs up ends the load.
 */
@RestController
class LoadController {

	private static final Logger logger = LoggerFactory.getLogger(LoadController.class);

	private static final MediaType TEXT = new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8);

	private final LoadGenerator generator;

	private final JsonMapper json;

	LoadController(LoadGenerator generator, JsonMapper json) {
		this.generator = generator;
		this.json = json;
	}

	@GetMapping("/demo/load")
	ResponseEntity<ResponseBodyEmitter> load(@RequestParam(defaultValue = "50") int users,
			@RequestParam(defaultValue = "120") int seconds, @RequestParam(defaultValue = "true") boolean limiter,
			@RequestParam(defaultValue = "false") boolean retry, @RequestParam(defaultValue = "1") long seed,
			@RequestHeader HttpHeaders headers) {
		LoadRequest request = request(users, seconds, limiter, retry, seed);
		boolean asJson = wantsJson(headers.getAccept());
		LoadRun run = open(request);
		ResponseBodyEmitter emitter = new ResponseBodyEmitter(0L);
		Thread thread = new Thread(() -> run(run, emitter, asJson), "load");
		thread.setDaemon(true);
		thread.start();
		return ResponseEntity.ok().contentType(asJson ? MediaType.APPLICATION_JSON : TEXT).body(emitter);
	}

	private void run(LoadRun run, ResponseBodyEmitter emitter, boolean asJson) {
		try {
			if (!asJson) {
				emitter.send(LoadText.header(run), TEXT);
			}
			// A blank is legal before JSON, and shows whether somebody is still there
			LoadReport report = run.run((progress) -> emitter.send(asJson ? " " : LoadText.line(progress), TEXT));
			emitter.send(asJson ? this.json.writeValueAsString(report) : LoadText.table(report), TEXT);
			emitter.complete();
		}
		catch (IOException | IllegalStateException ex) {
			logger.info("The load has ended early, since nobody looks any more");
		}
		catch (Exception ex) {
			logger.warn("The load has failed", ex);
			emitter.completeWithError(ex);
		}
		finally {
			this.generator.close(run);
		}
	}

	private LoadRun open(LoadRequest request) {
		try {
			return this.generator.open(request);
		}
		catch (LoadRefusedException ex) {
			throw new ResponseStatusException(HttpStatus.CONFLICT, ex.getMessage(), ex);
		}
	}

	private static LoadRequest request(int users, int seconds, boolean limiter, boolean retry, long seed) {
		try {
			return new LoadRequest(users, seconds, limiter, retry, seed);
		}
		catch (IllegalArgumentException ex) {
			throw new ResponseStatusException(HttpStatus.BAD_REQUEST, ex.getMessage(), ex);
		}
	}

	private static boolean wantsJson(List<MediaType> accepted) {
		return !accepted.isEmpty() && accepted.get(0).equalsTypeAndSubtype(MediaType.APPLICATION_JSON);
	}

}

package io.github.llmratelimit.web;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests for {@link PassingBody}. */
class PassingBodyTests {

	private static final String TEXT = "data: {\"choices\":[{\"delta\":{\"content\":\"hi\"}}]}\n\n";

	private static final String OVERLOADED = "event: error\ndata: {\"type\":\"error\",\"error\":"
			+ "{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n";

	private final List<String> told = new ArrayList<>();

	@Test
	void errorIsToldWhenItHasPassed() {
		assertThat(passed(error(), "{\"er", "ror\":1}")).isEqualTo("{\"error\":1}");
		assertThat(this.told).containsExactly("{\"error\":1}");
	}

	@Test
	void errorWithoutABodyIsTold() {
		passed(error());
		assertThat(this.told).containsExactly("");
	}

	@Test
	void errorThatIsLongIsToldInItsBeginningAndPassesWhole() {
		String chunk = "x".repeat(50_000);
		assertThat(passed(error(), chunk, chunk, chunk)).hasSize(150_000);
		assertThat(this.told).containsExactly("x".repeat(65_536));
	}

	@Test
	void errorThatIsGivenUpIsTold() {
		error().watch(Flux.concat(chunks("half"), Flux.never())).subscribe().dispose();
		assertThat(this.told).containsExactly("half");
	}

	@Test
	void streamWithoutErrorTellsNothing() {
		passed(events(), TEXT, TEXT, "data: [DONE]\n\n");
		assertThat(this.told).isEmpty();
	}

	@Test
	void streamThatSpeaksOfErrorsTellsNothing() {
		passed(events(), "data: {\"choices\":[{\"delta\":{\"content\":\"{\\\"type\\\":\\\"error\\\"}\"}}]}\n\n",
				"data: {\"text\":\"it failed: error\"}\n\n");
		assertThat(this.told).isEmpty();
	}

	@Test
	void streamTellsAnErrorBeforeItEnds() {
		events().watch(Flux.concat(chunks(TEXT, OVERLOADED), Flux.never())).subscribe();
		assertThat(this.told).containsExactly(OVERLOADED);
	}

	@Test
	void streamTellsAnErrorThatComesInParts() {
		passed(events(), TEXT + OVERLOADED.substring(0, 9), OVERLOADED.substring(9, 50), OVERLOADED.substring(50));
		assertThat(this.told).hasSize(1).first().asString().contains("overloaded_error");
	}

	@Test
	void streamTellsAnErrorAfterMuchText() {
		String[] chunks = new String[2000];
		Arrays.fill(chunks, TEXT);
		chunks[1999] = OVERLOADED;
		passed(events(), chunks);
		assertThat(this.told).containsExactly(OVERLOADED);
	}

	@Test
	void streamTellsAnErrorObject() {
		passed(events(), TEXT, "data: {\"error\":{\"code\":429}}\n\n");
		assertThat(this.told).containsExactly("data: {\"error\":{\"code\":429}}\n\n");
	}

	private PassingBody error() {
		return PassingBody.error(this.told::add, new HttpHeaders());
	}

	private PassingBody events() {
		return PassingBody.events(this.told::add, new HttpHeaders());
	}

	private static String passed(PassingBody body, String... chunks) {
		StringBuilder passed = new StringBuilder();
		body.watch(chunks(chunks)).subscribe((buffer) -> passed.append(buffer.toString(StandardCharsets.UTF_8)));
		return passed.toString();
	}

	private static Flux<DataBuffer> chunks(String... chunks) {
		return Flux.fromArray(chunks)
			.map((chunk) -> DefaultDataBufferFactory.sharedInstance.wrap(chunk.getBytes(StandardCharsets.UTF_8)));
	}

}

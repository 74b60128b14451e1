package io.github.llmratelimit.sample;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for {@link StartupFailureAnalyzer}, by starting the sample wrongly.
 */
@ExtendWith(OutputCaptureExtension.class)
class StartupFailureTests {

	@Test
	void startWhenProviderPortIsTakenSaysWhatToDo(CapturedOutput output) throws IOException {
		try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			assertThatException().isThrownBy(() -> start("--demo.provider.port=" + other.getLocalPort()));
			assertThat(output).contains("Port %d, for the built-in provider, is taken".formatted(other.getLocalPort()))
				.contains("choose another one with demo.provider.port");
		}
	}

	@Test
	void startWhenProfileOpenaiHasNoKeySaysWhatToDo(CapturedOutput output) {
		assertThatException().isThrownBy(() -> start("--spring.profiles.active=openai", "--OPENAI_API_KEY="));
		assertThat(output).contains("There is no API key").contains("Set the environment variable OPENAI_API_KEY");
	}

	@Test
	void startWhenCorpusIsMissingSaysWhatToDo(CapturedOutput output) {
		assertThatException().isThrownBy(() -> start("--demo.provider.port=0", "--demo.corpus=/no/such/folder"));
		assertThat(output).contains("Invalid demo.corpus (/no/such/folder): there is no such folder")
			.contains("Let demo.corpus name a folder");
	}

	private static void start(String... args) {
		String[] all = new String[args.length + 1];
		all[0] = "--server.port=0";
		System.arraycopy(args, 0, all, 1, args.length);
		new SpringApplication(SampleApplication.class).run(all).close();
	}

}

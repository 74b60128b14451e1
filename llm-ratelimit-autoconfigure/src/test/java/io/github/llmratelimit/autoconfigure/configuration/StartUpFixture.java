package io.github.llmratelimit.autoconfigure.configuration;

import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * An application that can be started with a configuration file.
 */
abstract class StartUpFixture {

	@TempDir
	private Path directory;

	StartUp startUp;

	@BeforeEach
	void prepare() {
		this.startUp = new StartUp(this.directory);
	}

}

package io.github.llmratelimit.sample.prompts;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the text files of a folder. A text file is what is UTF-8 and has no NUL; hidden
 * files, empty ones and those above 2 MB are left out.
 */
final class Corpus {

	private static final Logger logger = LoggerFactory.getLogger(Corpus.class);

	private static final long MAX_FILE_BYTES = 2 * 1024 * 1024;

	private static final int MAX_FILES = 2_000;

	private static final int MAX_DEPTH = 16;

	private Corpus() {
	}

	static List<String> read(Path folder) {
		if (!Files.isDirectory(folder)) {
			throw new InvalidCorpusException(folder, "there is no such folder");
		}
		List<String> texts = new ArrayList<>();
		try (Stream<Path> files = Files.walk(folder, MAX_DEPTH)) {
			for (Path file : files.filter((path) -> isCandidate(folder, path)).sorted().limit(MAX_FILES).toList()) {
				String text = text(file);
				if (text != null) {
					texts.add(text);
				}
			}
		}
		catch (IOException ex) {
			throw new InvalidCorpusException(folder, "it can't be read: " + ex.getMessage());
		}
		if (texts.isEmpty()) {
			throw new InvalidCorpusException(folder, "it holds no text file (UTF-8, at most 2 MB)");
		}
		logger.info("Read {} text files from {}", texts.size(), folder);
		return texts;
	}

	private static boolean isCandidate(Path folder, Path file) {
		for (Path name : folder.relativize(file)) {
			if (name.toString().startsWith(".")) {
				return false;
			}
		}
		return Files.isRegularFile(file) && Files.isReadable(file);
	}

	private static @Nullable String text(Path file) throws IOException {
		long size = Files.size(file);
		if (size == 0 || size > MAX_FILE_BYTES) {
			return null;
		}
		try {
			ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
			String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
			return (text.isBlank() || text.indexOf('\0') >= 0) ? null : text;
		}
		catch (CharacterCodingException ex) {
			return null;
		}
	}

}

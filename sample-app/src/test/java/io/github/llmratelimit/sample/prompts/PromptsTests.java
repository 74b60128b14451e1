package io.github.llmratelimit.sample.prompts;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link Prompts}.
 */
class PromptsTests {

	private final Prompts prompts = Prompts.builtIn();

	@Test
	void textsWhenRandomNumbersAreTheSameAreTheSame() {
		assertThat(this.prompts.document(new SplittableRandom(5)))
			.isEqualTo(Prompts.builtIn().document(new SplittableRandom(5)));
	}

	@Test
	void questionsAreMostlyShortAndSometimesLong() {
		int[] sizes = sizes(this.prompts::question);
		assertThat(sizes[sizes.length / 2]).isBetween(150, 600);
		assertThat(sizes[sizes.length - 1]).isBetween(1_500, 8_000);
	}

	@Test
	void documentsSpreadUpToTwentyThousandTokens() {
		int[] sizes = sizes(this.prompts::document);
		assertThat(sizes[sizes.length / 2]).isBetween(6_000, 14_000);
		assertThat(sizes[sizes.length * 99 / 100]).isBetween(50_000, 80_000);
		assertThat(sizes[sizes.length - 1]).isLessThanOrEqualTo(80_000);
	}

	@Test
	void jobsAreSeveral() {
		assertThat(BuiltInTexts.jobs()).hasSizeGreaterThan(5).allMatch((job) -> !job.contains("\n---"));
	}

	@Test
	void ofFolderTakesItsTextFilesAsTheyAre(@TempDir Path folder) throws Exception {
		Files.writeString(Files.createDirectories(folder.resolve("sub")).resolve("a.md"), "Grüße");
		Files.write(folder.resolve("image.bin"), new byte[] { 'a', 0, 'b' });
		Files.write(folder.resolve("latin1.txt"), "Grüße".getBytes(StandardCharsets.ISO_8859_1));
		Files.writeString(folder.resolve(".hidden"), "no");
		Files.writeString(folder.resolve("empty.txt"), "");
		assertThat(Prompts.of(folder).document(new SplittableRandom(1))).isEqualTo("Grüße");
	}

	@Test
	void ofFolderWhenFileIsHugeCutsItBetweenCharacters(@TempDir Path folder) throws Exception {
		Files.writeString(folder.resolve("a.txt"), "語".repeat(100_000));
		String document = Prompts.of(folder).document(new SplittableRandom(1));
		assertThat(document).hasSize(80_000 / 3).containsOnlyOnce("語".repeat(80_000 / 3));
	}

	@Test
	void ofFolderWhenItHoldsNoTextSaysSo(@TempDir Path folder) {
		assertThatExceptionOfType(InvalidCorpusException.class).isThrownBy(() -> Prompts.of(folder))
			.withMessage("Invalid demo.corpus (%s): it holds no text file (UTF-8, at most 2 MB)", folder);
	}

	@Test
	void ofFolderWhenThereIsNoneSaysSo(@TempDir Path folder) {
		Path missing = folder.resolve("missing");
		assertThatExceptionOfType(InvalidCorpusException.class).isThrownBy(() -> Prompts.of(missing))
			.withMessage("Invalid demo.corpus (%s): there is no such folder", missing);
	}

	private static int[] sizes(Function<RandomGenerator, String> source) {
		SplittableRandom random = new SplittableRandom(1);
		return IntStream.range(0, 2_000)
			.map((i) -> source.apply(random).getBytes(StandardCharsets.UTF_8).length)
			.sorted()
			.toArray();
	}

}

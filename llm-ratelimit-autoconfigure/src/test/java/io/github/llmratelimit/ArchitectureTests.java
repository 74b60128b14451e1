package io.github.llmratelimit;

import java.util.Collection;
import java.util.Set;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.github.llmratelimit.Architecture.Library;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that the product keeps to {@link Architecture}, and that each rule would notice
 * if it didn't.
 */
class ArchitectureTests {

	private static final String BASE = "io.github.llmratelimit";

	private static final JavaClasses PRODUCT = new ClassFileImporter()
		.withImportOption(new ImportOption.DoNotIncludeTests())
		.importPackages(BASE);

	private final Architecture architecture = new Architecture(BASE);

	@Test
	void importWhenBuiltSeesTheProduct() {
		assertThat(PRODUCT).isNotEmpty();
	}

	@Test
	void packagesHaveNoCycles() {
		this.architecture.packagesHaveNoCycles().check(PRODUCT);
	}

	@Test
	void packagesAreInTheTable() {
		this.architecture.packagesAreInTheTable().check(PRODUCT);
	}

	@ParameterizedTest(name = "''{0}''")
	@MethodSource("packages")
	void packageSeesOnlyItsRow(String name) {
		this.architecture.packageSeesOnlyItsRow(name).check(PRODUCT);
	}

	@ParameterizedTest
	@MethodSource("libraries")
	void libraryIsSeenOnlyByItsOwners(Library library) {
		this.architecture.libraryIsSeenOnlyByItsOwners(library).check(PRODUCT);
	}

	@Test
	void librariesAreInTheTable() {
		this.architecture.librariesAreInTheTable().check(PRODUCT);
	}

	@Test
	void packagesAreNullMarked() {
		this.architecture.packagesAreNullMarked().check(PRODUCT);
	}

	@Test
	void onlyTimeAsksTheSystemForTime() {
		this.architecture.onlyTimeAsksTheSystemForTime().check(PRODUCT);
	}

	@Test
	void autoConfigurationsArePublicAndFinal() {
		this.architecture.autoConfigurationsArePublicAndFinal().check(PRODUCT);
	}

	@Test
	void classConditionsAreOnClasses() {
		this.architecture.classConditionsAreOnClasses().check(PRODUCT);
	}

	static Collection<String> packages() {
		return Architecture.PACKAGES.keySet();
	}

	static Collection<Library> libraries() {
		return Architecture.LIBRARIES;
	}

	static Stream<Library> librariesOfTheTestClassPath() {
		Set<String> absent = Set.of("reactor", "spring-data-redis", "boot redis");
		return libraries().stream().filter((library) -> !absent.contains(library.name()));
	}

	/**
	 * The same rules against classes that break them.
	 */
	@Nested
	class WhenBroken {

		private static final String BROKEN = BASE + ".broken";

		private static final JavaClasses CLASSES = new ClassFileImporter().importPackages(BROKEN);

		private final Architecture architecture = new Architecture(BROKEN);

		@Test
		void cycleWhenEngineAndRedisSeeEachOtherIsFound() {
			assertFinds(this.architecture.packagesHaveNoCycles(), "Cycle detected: Slice engine");
		}

		@Test
		void packageWhenWithoutRowIsFound() {
			assertFinds(this.architecture.packagesAreInTheTable(), "broken.elsewhere.Stray");
		}

		@Test
		void packageWhenItSeesAHigherLevelIsFound() {
			assertFinds(this.architecture.packageSeesOnlyItsRow("engine"), "broken.redis.BrokenRedis");
		}

		@Test
		void packageWhenItSeesOnlyItsRowIsAccepted() {
			assertThat(this.architecture.packageSeesOnlyItsRow("redis").evaluate(CLASSES).hasViolation()).isFalse();
		}

		@ParameterizedTest
		@MethodSource("io.github.llmratelimit.ArchitectureTests#librariesOfTheTestClassPath")
		void libraryWhenSeenByOthersIsFound(Library library) {
			assertFinds(this.architecture.libraryIsSeenOnlyByItsOwners(library), "broken.BrokenRoot");
		}

		@Test
		void libraryWhenWithoutRowIsFound() {
			assertFinds(this.architecture.librariesAreInTheTable(), "org.assertj");
		}

		@Test
		void packageWhenNotNullMarkedIsFound() {
			assertFinds(this.architecture.packagesAreNullMarked(), "broken.elsewhere.Stray");
		}

		@Test
		void clockWhenReadOutsideOfTimeIsFound() {
			assertFinds(this.architecture.onlyTimeAsksTheSystemForTime(), "System.nanoTime()",
					"System.currentTimeMillis()", "Instant.now()", "Clock.systemUTC()", "InstantSource.system()",
					"Thread.sleep(long)");
		}

		@Test
		void autoConfigurationWhenOpenIsFound() {
			assertFinds(this.architecture.autoConfigurationsArePublicAndFinal(), "isn't public and final",
					"openBean() is public");
		}

		@Test
		void classConditionWhenOnAMethodIsFound() {
			assertFinds(this.architecture.classConditionsAreOnClasses(), "openBean()");
		}

		private void assertFinds(ArchRule rule, String... parts) {
			assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> rule.check(CLASSES))
				.withMessageContainingAll(parts);
		}

	}

}

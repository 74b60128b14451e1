package io.github.llmratelimit.sample.endtoend;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.sample.endtoend.Cell.Configuration;
import io.github.llmratelimit.sample.endtoend.Cell.Result;
import io.github.llmratelimit.sample.provider.DialectName;
import io.github.llmratelimit.sample.provider.Enforcement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the whole starter against every kind of provider over HTTP. By default a part
 * of the matrix, all of it with {@code -Dmatrix=all}; prints a table.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(900)
class HttpMatrixTests {

	/**
	 * Refusals per call where real tokens count: nobody knows them before. Whether that
	 * holds exactly, {@code TargetTests} of the engine tell, in which nothing is left to
	 * chance.
	 */
	private static final double ACTUAL_REFUSALS = 0.002;

	/** How often a limiter that keeps to that may fail here. */
	private static final double BY_CHANCE = 1e-4;

	/** Refusals of all 16 users' first calls, before any answer. */
	private static final long WHILE_LEARNING = 2;

	private final Map<Cell, Future<Result>> results = new LinkedHashMap<>();

	private final ExecutorService pool = Executors.newFixedThreadPool(3);

	@BeforeAll
	void begin() {
		cells().forEach((cell) -> this.results.put(cell, this.pool.submit(cell::run)));
	}

	static Stream<Cell> cells() {
		boolean all = System.getProperty("matrix", "").equals("all");
		return Cell.all().stream().filter((cell) -> all || isTypical(cell));
	}

	private static boolean isTypical(Cell cell) {
		boolean rolling = cell.enforcement() == Enforcement.ROLLING;
		boolean slices = cell.enforcement() == Enforcement.SLICES;
		boolean estimates = cell.booking() == Booking.ESTIMATE;
		return switch (cell.configuration()) {
			case RIGHT -> rolling || slices || cell.dialect() == DialectName.OPENAI && estimates;
			case STRICT, DOUBLED -> rolling;
			case MISSING -> rolling || slices && estimates;
		};
	}

	static Stream<Cell> right() {
		return cells().filter((cell) -> cell.configuration() == Configuration.RIGHT);
	}

	static Stream<Cell> strict() {
		return cells().filter((cell) -> cell.configuration() == Configuration.STRICT);
	}

	static Stream<Cell> doubled() {
		return cells().filter((cell) -> cell.configuration() == Configuration.DOUBLED);
	}

	static Stream<Cell> missing() {
		return cells().filter((cell) -> cell.configuration() == Configuration.MISSING && cell.tellsEverything());
	}

	static Stream<Cell> untoldSlices() {
		return cells().filter((cell) -> cell.configuration() == Configuration.MISSING && !cell.tellsEverything());
	}

	@ParameterizedTest
	@MethodSource("right")
	void loadWhenConfigurationIsRightIsNotRefusedAndUsesTheLimit(Cell cell) throws Exception {
		Result result = this.results.get(cell).get();
		if (cell.booking() != Booking.ACTUAL) {
			assertThat(result.refused(0)).isZero();
		}
		assertThat(result.goodput(1)).isGreaterThan(cell.leastGoodput());
		assertThat(result.failures()).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("strict")
	void loadWhenNoRefusalIsAcceptableIsNotRefusedAndUsesTheLimit(Cell cell) throws Exception {
		Result result = this.results.get(cell).get();
		assertThat(result.refused(0)).isZero();
		assertThat(result.goodput(1)).isGreaterThan(cell.leastGoodput());
		assertThat(result.failures()).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("doubled")
	void loadWhenConfigurationIsDoubledFindsTheLimit(Cell cell) throws Exception {
		Result result = this.results.get(cell).get();
		if (cell.booking() != Booking.ACTUAL) {
			assertThat(result.refused(0)).isLessThanOrEqualTo(1);
			assertThat(result.refused(1)).isZero();
		}
		else {
			assertThat(result.refused(0)).isLessThanOrEqualTo(Cell.MINUTES);
		}
		assertThat(result.goodput(1)).isGreaterThan(cell.leastGoodput());
		assertThat(result.failures()).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("missing")
	void loadWhenConfigurationIsMissingFindsTheLimit(Cell cell) throws Exception {
		Result result = this.results.get(cell).get();
		if (cell.booking() != Booking.ACTUAL) {
			assertThat(result.refused(0)).isLessThanOrEqualTo(WHILE_LEARNING);
			assertThat(result.refused(1)).isZero();
		}
		else {
			assertThat(result.refused(0)).isLessThanOrEqualTo(Cell.MINUTES);
		}
		if (cell.isUsualBooking()) {
			assertThat(result.goodput(1)).isGreaterThan(cell.leastGoodput());
		}
		assertThat(result.failures()).isEmpty();
	}

	/**
	 * Where headers tell of the minute and slices of it are enforced, only refusals tell
	 * of the slices: on the average at most one in each.
	 */
	@ParameterizedTest
	@MethodSource("untoldSlices")
	void loadWhenSlicesAreNeitherConfiguredNorToldIsRefusedOnceASlice(Cell cell) throws Exception {
		Result result = this.results.get(cell).get();
		assertThat(result.refused(0)).isLessThanOrEqualTo((long) Cell.SLICES * Cell.MINUTES);
		assertThat(result.failures()).isEmpty();
	}

	@Test
	void loadWhenRealTokensCountIsNotRefusedMoreOftenThanTwiceInAThousandCalls() throws Exception {
		long refused = 0;
		long calls = 0;
		for (Cell cell : right().filter((each) -> each.booking() == Booking.ACTUAL).toList()) {
			refused += this.results.get(cell).get().refused(0);
			calls += this.results.get(cell).get().calls();
		}
		assertThatRefusalsAreRare(refused, ACTUAL_REFUSALS * calls);
	}

	private static void assertThatRefusalsAreRare(long refused, double expected) {
		assertThat(chanceOf(refused, expected)).as("%d refused, %.1f expected", refused, expected)
			.isGreaterThan(BY_CHANCE);
	}

	/** The chance of so many rare events or more, where some are expected (Poisson). */
	private static double chanceOf(long events, double expected) {
		double fewer = 0;
		double exactly = Math.exp(-expected);
		for (long i = 0; i < events; i++) {
			fewer += exactly;
			exactly *= expected / (i + 1);
		}
		return 1 - fewer;
	}

	@AfterAll
	void printTable() throws Exception {
		List<String> lines = new ArrayList<>();
		lines.add("| provider | enforcement | booking | configuration | calls | 429s per 1,000 | of them after "
				+ "the first minute | goodput, % of the limit |");
		lines.add("|---|---|---|---|---|---|---|---|");
		for (Future<Result> each : this.results.values()) {
			Result result = each.get();
			Cell cell = result.cell();
			lines.add(String.format(Locale.ROOT, "| %s | %s | %s | %s | %d | %.1f | %.1f | %.1f |", cell.dialect(),
					cell.enforcement(), cell.booking(), cell.configuration(), result.calls(),
					1000.0 * result.refused(0) / result.calls(), 1000.0 * result.refused(1) / result.calls(),
					result.goodput(1)));
		}
		System.out.println(String.join(System.lineSeparator(), lines).toLowerCase(Locale.ROOT));
		this.pool.shutdown();
	}

}

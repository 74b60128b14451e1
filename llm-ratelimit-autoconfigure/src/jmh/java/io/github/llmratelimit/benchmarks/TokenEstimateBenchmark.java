package io.github.llmratelimit.benchmarks;

import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import io.github.llmratelimit.tokens.TokenEstimator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to estimate a text's tokens. A text that must not be remembered from the
 * call before gets another first word each time, so its rows hold a copy of the text. How
 * far estimates are off is not a matter of time and is measured by the tests.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class TokenEstimateBenchmark {

	private static final String MODEL = "gpt-4o";

	private static final int LONG = 200_000;

	private static final String SENTENCE = "The work arrives in bursts while the budget refills evenly, so whoever "
			+ "waits in order gets through sooner than whoever tries again and again. ";

	private final TokenEstimator estimator = new TokenEstimator(List.of());

	private final String question = SENTENCE.repeat(3);

	private final String prose = SENTENCE.repeat(LONG / SENTENCE.length() + 1).substring(0, LONG);

	private final String letters = letters();

	private int number;

	private static String letters() {
		Random random = new Random(5);
		StringBuilder text = new StringBuilder();
		for (int i = 0; i < LONG; i++) {
			text.append((char) ('a' + random.nextInt(26)));
		}
		return text.toString();
	}

	@Setup
	public void load() {
		this.estimator.warmUp(MODEL);
	}

	@Benchmark
	public long rememberedQuestion() {
		return this.estimator.estimate(MODEL, this.question);
	}

	@Benchmark
	public long newQuestion() {
		return this.estimator.estimate(MODEL, changed(this.question));
	}

	@Benchmark
	public long rememberedProseOf200Kb() {
		return this.estimator.estimate(MODEL, this.prose);
	}

	@Benchmark
	public long newProseOf200Kb() {
		return this.estimator.estimate(MODEL, changed(this.prose));
	}

	@Benchmark
	public long newLettersOf200Kb() {
		return this.estimator.estimate(MODEL, changed(this.letters));
	}

	private String changed(String text) {
		return this.number++ + " " + text;
	}

}

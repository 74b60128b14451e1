package io.github.llmratelimit.simulation;

import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.LongStream;

import io.github.llmratelimit.Priority;

/**
 * One table of the simulation: every client in every scenario.
 *
 * @param name name by which it is chosen
 * @param title what it shows
 * @param scenarios what is simulated
 * @param contestants who is compared; the bound is always there
 * @param columns what is told of each
 */
record Section(String name, String title, List<Scenario> scenarios, List<Contestant> contestants,
		List<Column> columns) {

	/**
	 * Who is compared.
	 *
	 * @param name for the table
	 * @param client makes it
	 */
	record Contestant(String name, Function<World, Client> client) {

		static final Contestant BOUND = new Contestant("bound", OmniscientClient::new);

		static final Contestant OURS = new Contestant("ours", OurClient::deaf);

		/** Ours where only headers can tell what it doesn't know. */
		static final Contestant LEARNING = new Contestant("ours, learning", OurClient::learning);

		/** Ours where no refusal is acceptable. */
		static final Contestant STRICT = new Contestant("ours, strict", OurClient::strict);

		static final Contestant RESILIENCE4J = new Contestant("Resilience4j", Rivals::resilience4j);

		static final Contestant BUCKET4J = new Contestant("Bucket4j", Rivals::bucket4j);

		static final Contestant BACKOFF = new Contestant("backoff only", BackoffClient::new);

		/** What comes of it with seeds from 1 on. */
		Outcome run(Scenario scenario, int seeds) {
			return Outcome.together(LongStream.rangeClosed(1, seeds)
				.mapToObj((seed) -> new World(scenario, seed, this.client).run())
				.toList());
		}

	}

	/**
	 * What is told of a run.
	 *
	 * @param title for the table
	 * @param value the text, from the run and the bound's
	 */
	record Column(String title, BiFunction<Outcome, Outcome, String> value) {

		static final Column EARLY_REFUSALS = of("429s in the first 3 min", 1, Outcome::earlyRefusals);

		static final Column REFUSALS = of("429s per 1,000", 2, Outcome::refusalsPerThousand);

		static final Column GIVEN_UP = of("given up %", 2, Outcome::givenUpPercent);

		static final Column GOODPUT = of("goodput %", 1, Outcome::goodputPercent);

		static final Column OF_BOUND = new Column("% of bound",
				(run, bound) -> number(1, 100 * run.goodputPercent() / bound.goodputPercent()));

		static final Column P50 = of("p50 s", 1, (run) -> run.waits().p50());

		static final Column P99 = of("p99 s", 1, (run) -> run.waits().p99());

		static final Column WORST = of("worst s", 1, (run) -> run.waits().worst());

		static final Column BIG_P99 = of("big calls' p99 s", 1, (run) -> run.waitsOfBigCalls().p99());

		static final Column OTHERS_P50 = of("others' p50 s", 1, (run) -> run.waits((call) -> call.user != 0).p50());

		static final Column OTHERS_P99 = of("others' p99 s", 1, (run) -> run.waits((call) -> call.user != 0).p99());

		static final Column JAIN = of("Jain", 4, Outcome::jain);

		static Column p99(Priority priority) {
			return of(priority + " p99 s", 1, (run) -> run.waits((call) -> call.priority == priority).p99());
		}

		private static Column of(String title, int digits, Function<Outcome, Double> value) {
			return new Column(title, (run, bound) -> number(digits, value.apply(run)));
		}

		private static String number(int digits, double value) {
			return String.format(Locale.ROOT, "%." + digits + "f", value);
		}

	}

}

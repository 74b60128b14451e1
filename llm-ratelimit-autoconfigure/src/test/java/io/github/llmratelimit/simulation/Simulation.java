package io.github.llmratelimit.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.llmratelimit.simulation.Section.Column;
import io.github.llmratelimit.simulation.Section.Contestant;

/**
 * Prints how the engine and its rivals do against each kind of provider, as tables in
 * Markdown. Run it with {@code mvn -q test -Psimulation -pl llm-ratelimit-autoconfigure};
 * {@code -Dseeds=5} takes five seeds instead of two, {@code -Dscenarios=big,light} makes
 * some of the tables only. The same seeds always print the same.
 */
public final class Simulation {

	private static final List<String> WORDS = List.of("load", "booking", "provider", "client");

	private final int seeds;

	private Simulation(int seeds) {
		this.seeds = seeds;
	}

	/**
	 * Runs it.
	 * @param arguments names of tables with commas between them, or {@code all}, then the
	 * number of seeds
	 */
	public static void main(String[] arguments) {
		List<Section> sections = chosen((arguments.length > 0) ? arguments[0] : "all");
		Simulation simulation = new Simulation((arguments.length > 1) ? Integer.parseInt(arguments[1]) : 2);
		sections.forEach(simulation::print);
	}

	private static List<Section> chosen(String names) {
		List<Section> all = Sections.all();
		if (names.equals("all")) {
			return all;
		}
		Set<String> wanted = Stream.of(names.split(",")).map(String::strip).collect(Collectors.toSet());
		Set<String> known = all.stream().map(Section::name).collect(Collectors.toSet());
		if (!known.containsAll(wanted)) {
			throw new IllegalArgumentException(
					"Invalid scenarios (%s): must be 'all' or some of %s.".formatted(names, known));
		}
		return all.stream().filter((section) -> wanted.contains(section.name())).toList();
	}

	private void print(Section section) {
		List<String> titles = new ArrayList<>(WORDS);
		section.columns().forEach((column) -> titles.add(column.title()));
		Table table = new Table(WORDS.size(), titles);
		section.scenarios()
			.parallelStream()
			.map((scenario) -> rows(section, scenario))
			.toList()
			.forEach((rows) -> rows.forEach(table::add));
		System.out.printf("### %s: %s%n%n%s%n", section.name(), section.title(), table);
	}

	private List<List<String>> rows(Section section, Scenario scenario) {
		Outcome bound = Contestant.BOUND.run(scenario, this.seeds);
		List<List<String>> rows = new ArrayList<>();
		for (Contestant contestant : section.contestants()) {
			List<String> row = new ArrayList<>(List.of(scenario.name(), scenario.account().booking().toString(),
					scenario.account().enforcement().toString(), contestant.name()));
			Outcome outcome = (contestant == Contestant.BOUND) ? bound : contestant.run(scenario, this.seeds);
			for (Column column : section.columns()) {
				row.add(column.value().apply(outcome, bound));
			}
			rows.add(row);
		}
		return rows;
	}

}

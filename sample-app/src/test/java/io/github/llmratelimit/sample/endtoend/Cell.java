package io.github.llmratelimit.sample.endtoend;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.sample.endtoend.Bench.Minute;
import io.github.llmratelimit.sample.provider.Behaviour;
import io.github.llmratelimit.sample.provider.DialectName;
import io.github.llmratelimit.sample.provider.Enforcement;
import io.github.llmratelimit.sample.provider.HeaderLie;
import io.github.llmratelimit.sample.provider.ProviderProperties.Limits;
import io.github.llmratelimit.sample.provider.RetryAfter;

/**
 * One cell of the matrix.
 *
 * @param dialect what the provider speaks
 * @param enforcement how it enforces its limits
 * @param booking how it books
 * @param configuration what the limiter was told of all this
 */
record Cell(DialectName dialect, Enforcement enforcement, Booking booking, Configuration configuration) {

	static final int USERS = 16;

	static final int MINUTES = 6;

	static final int SLICES = 6;

	private static final Map<DialectName, List<Booking>> BOOKINGS = Map.of(DialectName.OPENAI,
			List.of(Booking.values()), DialectName.AZURE_OPENAI, List.of(Booking.ESTIMATE, Booking.SETTLED),
			DialectName.ANTHROPIC, List.of(Booking.ACTUAL));

	/** All that there are. */
	static List<Cell> all() {
		List<Cell> all = new ArrayList<>();
		for (DialectName dialect : DialectName.values()) {
			for (Booking booking : BOOKINGS.get(dialect)) {
				for (Enforcement enforcement : Enforcement.values()) {
					for (Configuration configuration : Configuration.values()) {
						if (configuration != Configuration.STRICT || booking == Booking.ACTUAL) {
							all.add(new Cell(dialect, enforcement, booking, configuration));
						}
					}
				}
			}
		}
		return all;
	}

	/** Whether headers tell of all that is enforced. */
	boolean tellsEverything() {
		return this.enforcement != Enforcement.SLICES || this.dialect == DialectName.AZURE_OPENAI;
	}

	/** Whether it books as the limiter takes for granted of such a provider. */
	boolean isUsualBooking() {
		return this.booking == (isAnthropic() ? Booking.ACTUAL : Booking.ESTIMATE);
	}

	/**
	 * What must be used of a limit, in percent. A slice has room for 13 estimates, so
	 * half of one, 4 %, does not fit on the average, and each is 1 % above what the
	 * provider counts; where completed calls give back, a slice is over before they do.
	 * Five deviations of so few calls are a third of a slice.
	 */
	double leastGoodput() {
		if (this.enforcement != Enforcement.SLICES) {
			return 95;
		}
		if (this.configuration == Configuration.STRICT) {
			return 66;
		}
		return (this.booking == Booking.ESTIMATE) ? 93 : 76;
	}

	/** Lets 16 users call for some minutes. */
	Result run() {
		Behaviour behaviour = new Behaviour(this.dialect, this.enforcement, this.booking, RetryAfter.USUAL,
				HeaderLie.NONE, 1, 0, false);
		try (Bench bench = new Bench(behaviour, limits(), properties())) {
			bench.addUsers(USERS, 500);
			return new Result(this, bench.run(MINUTES));
		}
	}

	private boolean isAnthropic() {
		return this.dialect == DialectName.ANTHROPIC;
	}

	private Limits limits() {
		return new Limits(200, 48_000, 40_000L, 24_000L);
	}

	private Map<String, Object> properties() {
		Map<String, Object> properties = new LinkedHashMap<>();
		if (this.configuration == Configuration.MISSING) {
			properties.put("model.learn", true);
			return properties;
		}
		properties.put("model.booking", this.booking.name().toLowerCase(Locale.ROOT));
		properties.put("model.strict", this.configuration == Configuration.STRICT);
		Map<String, Long> amounts = new LinkedHashMap<>();
		amounts.put("requests", limits().rpm());
		if (isAnthropic()) {
			amounts.put("input-tokens", limits().itpm());
			amounts.put("output-tokens", limits().otpm());
		}
		else {
			amounts.put("tokens", limits().tpm());
		}
		int number = 0;
		for (Map.Entry<String, Long> entry : amounts.entrySet()) {
			long amount = entry.getValue() * ((this.configuration == Configuration.DOUBLED) ? 2 : 1);
			put(properties, number++, entry.getKey(), amount, "1m");
			if (this.enforcement == Enforcement.SLICES) {
				put(properties, number++, entry.getKey(), amount / SLICES, "10s");
			}
		}
		return properties;
	}

	private static void put(Map<String, Object> properties, int number, String dimension, long amount, String per) {
		String prefix = "model.limits[" + number + "].";
		properties.put(prefix + "dimension", dimension);
		properties.put(prefix + "amount", amount);
		properties.put(prefix + "per", per);
	}

	@Override
	public String toString() {
		return "%s, %s, %s, %s".formatted(this.dialect, this.enforcement, this.booking, this.configuration)
			.toLowerCase(Locale.ROOT);
	}

	/** What an application has configured. */
	enum Configuration {

		/** The provider's limits and its booking. */
		RIGHT,

		/** The same, and that no refusal is acceptable: where real tokens count. */
		STRICT,

		/** Twice its limits, and its booking. */
		DOUBLED,

		/** Nothing but the provider's name. */
		MISSING

	}

	/**
	 * What came of it.
	 *
	 * @param cell the cell
	 * @param minutes what happened in each
	 */
	record Result(Cell cell, List<Minute> minutes) {

		/** 429s of minutes, from one on, counted from 0. */
		long refused(int from) {
			return this.minutes.stream().skip(from).mapToLong(Minute::refused).sum();
		}

		/** Calls of users that were not answered, by reason. */
		Map<String, Long> failures() {
			Map<String, Long> failures = new TreeMap<>();
			this.minutes.forEach(
					(minute) -> minute.failures().forEach((reason, count) -> failures.merge(reason, count, Long::sum)));
			return failures;
		}

		long calls() {
			return this.minutes.stream().mapToLong(Minute::calls).sum();
		}

		/** Used part of the scarcest limit, in percent, from one minute on. */
		double goodput(int from) {
			boolean output = this.cell.isAnthropic();
			long used = this.minutes.stream()
				.skip(from)
				.mapToLong((minute) -> output ? minute.outputTokens() : minute.tokens())
				.sum();
			long limit = output ? this.cell.limits().otpm() : this.cell.limits().tpm();
			return 100.0 * used / (limit * (this.minutes.size() - from));
		}

	}

}

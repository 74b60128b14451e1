package io.github.llmratelimit.autoconfigure.tiers;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.autoconfigure.diagnostics.ConfigurationMistakeException;
import io.github.llmratelimit.autoconfigure.diagnostics.Durations;
import io.github.llmratelimit.autoconfigure.diagnostics.TypedProperties;
import io.github.llmratelimit.autoconfigure.properties.LimitNumbers;
import io.github.llmratelimit.autoconfigure.properties.LlmRateLimitProperties.WindowLimit;
import org.jspecify.annotations.Nullable;

/**
 * Makes limits of the short forms and the long one.
 */
public final class LimitReader {

	private static final Duration SECOND = Duration.ofSeconds(1);

	private static final Duration MINUTE = Duration.ofMinutes(1);

	private static final Duration DAY = Duration.ofDays(1);

	private final TypedProperties properties;

	/**
	 * Creates a reader.
	 * @param properties where the numbers stand, to tell of mistakes in them
	 */
	public LimitReader(TypedProperties properties) {
		this.properties = properties;
	}

	/**
	 * Reads the limits of a model or a row.
	 * @param path name of the entry that has the numbers
	 * @param numbers the numbers
	 * @param origin where they come from
	 * @return the limits in the order of the short forms, then that of the list
	 */
	public Map<Window, Limit> read(String path, LimitNumbers numbers, LimitOrigin origin) {
		Reading reading = new Reading(origin);
		reading.add(path + ".rpm", Dimension.REQUESTS, numbers.rpm(), MINUTE);
		reading.add(path + ".tpm", Dimension.TOKENS, numbers.tpm(), MINUTE);
		reading.add(path + ".itpm", Dimension.INPUT_TOKENS, numbers.itpm(), MINUTE);
		reading.add(path + ".otpm", Dimension.OUTPUT_TOKENS, numbers.otpm(), MINUTE);
		reading.add(path + ".rpd", Dimension.REQUESTS, numbers.rpd(), DAY);
		reading.add(path + ".tpd", Dimension.TOKENS, numbers.tpd(), DAY);
		reading.add(path + ".rps", Dimension.REQUESTS, numbers.rps(), SECOND);
		reading.add(path + ".concurrent", Dimension.CONCURRENT, numbers.concurrent(), null);
		reading.add(path + ".enqueued-tokens", Dimension.ENQUEUED_TOKENS, numbers.enqueuedTokens(), null);
		List<WindowLimit> limits = numbers.limits();
		for (int i = 0; i < limits.size(); i++) {
			reading.add(path + ".limits[" + i + "]", limits.get(i));
		}
		return reading.limits;
	}

	/** As {@link #read}, for a row, which has no purpose without a limit. */
	Map<Window, Limit> readRow(String path, LimitNumbers numbers, LimitOrigin origin) {
		Map<Window, Limit> limits = read(path, numbers, origin);
		if (limits.isEmpty()) {
			throw new ConfigurationMistakeException("The row %s has no limit.".formatted(this.properties.place(path)),
					"Add what the provider grants, e.g. rpm: 500 and tpm: 30k, or remove the row.");
		}
		return limits;
	}

	/**
	 * Reads an amount.
	 * @param property name of its property
	 * @param text what was written
	 * @param smallest the smallest amount that makes sense
	 * @return the amount
	 * @throws RuntimeException if it is none, or too small; a failure analyzer explains
	 * it
	 */
	public long amount(String property, String text, long smallest) {
		try {
			return Amount.parse(text, smallest);
		}
		catch (IllegalArgumentException ex) {
			throw this.properties.invalid(property, text, String.valueOf(ex.getMessage()));
		}
	}

	private final class Reading {

		private final Map<Window, Limit> limits = new LinkedHashMap<>();

		private final LimitOrigin origin;

		private Reading(LimitOrigin origin) {
			this.origin = origin;
		}

		void add(String property, Dimension dimension, @Nullable String amount, @Nullable Duration per) {
			if (amount != null) {
				put(property, new Limit(dimension, amount(property, amount, 1), per, this.origin));
			}
		}

		void add(String path, WindowLimit limit) {
			Dimension dimension = required(path, "dimension", limit.dimension());
			String amount = required(path, "amount", limit.amount());
			if (dimension.isHeld()) {
				if (limit.per() != null) {
					throw LimitReader.this.properties.invalid(path + ".per", Durations.text(limit.per()),
							"A limit of '%s' has no window, since it is held while a call runs: leave out 'per'."
								.formatted(dimension.id()));
				}
				put(path + ".amount", new Limit(dimension, amount(path + ".amount", amount, 1), null, this.origin));
				return;
			}
			Duration per = required(path, "per", limit.per());
			if (per.compareTo(Limit.SHORTEST_WINDOW) < 0 || per.compareTo(Limit.LONGEST_WINDOW) > 0) {
				throw LimitReader.this.properties.invalid(path + ".per", per,
						"Invalid window (%s): must be between 100ms and 31d. Write it with a unit, e.g. 10s."
							.formatted(Durations.text(per)));
			}
			put(path + ".amount", new Limit(dimension, amount(path + ".amount", amount, 1), per, this.origin));
		}

		private <T> T required(String path, String name, @Nullable T value) {
			if (value == null) {
				throw new ConfigurationMistakeException(
						"The limit %s has no '%s'.".formatted(LimitReader.this.properties.place(path), name),
						"A limit in this form has a dimension, an amount and a window, e.g. "
								+ "{ dimension: tokens, amount: 5000, per: 10s }.");
			}
			return value;
		}

		private void put(String property, Limit limit) {
			if (this.limits.put(Window.of(limit), limit) != null) {
				throw LimitReader.this.properties.invalid(property, limit.amount(),
						"There is another limit of %s%s here: write only one of them.".formatted(limit.dimension().id(),
								limit.dimension().isHeld() ? "" : " per " + limit.window()));
			}
		}

	}

	/**
	 * What a limit is about, whatever its amount.
	 *
	 * @param dimension what is counted
	 * @param per length of the window
	 */
	public record Window(Dimension dimension, @Nullable Duration per) {

		/** Requests per minute. */
		public static final Window REQUESTS_PER_MINUTE = new Window(Dimension.REQUESTS, MINUTE);

		/** Tokens per minute, input and output together. */
		public static final Window TOKENS_PER_MINUTE = new Window(Dimension.TOKENS, MINUTE);

		static Window of(Limit limit) {
			return new Window(limit.dimension(), limit.per());
		}

	}

}

package io.github.llmratelimit.autoconfigure.tiers;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.llmratelimit.Limit;

/**
 * Reads the numbers of limits as people write them: {@code 30000}, {@code 30_000},
 * {@code 30k}, {@code 1.5M}. A fraction needs a suffix, so that {@code 30.000}, which is
 * thirty thousand to some and thirty to others, is neither.
 */
final class Amount {

	private static final Pattern FORM = Pattern
		.compile("(?<whole>\\d+(?:_\\d+)*)(?:(?<fraction>\\.\\d+)(?=[kKM]))?(?<suffix>[kKM]?)");

	private Amount() {
	}

	/**
	 * Reads an amount.
	 * @param text what was written
	 * @param smallest the smallest amount that makes sense
	 * @return the amount
	 * @throws IllegalArgumentException if it is no whole number, or not between the
	 * smallest and {@link Limit#LARGEST_AMOUNT}; the message says what to write
	 */
	static long parse(String text, long smallest) {
		Matcher matcher = FORM.matcher(text.trim());
		if (!matcher.matches()) {
			throw invalid(text, "must be a whole number of at least %d, e.g. 30000, 30_000, 30k or 2M", smallest);
		}
		String fraction = (matcher.group("fraction") != null) ? matcher.group("fraction") : "";
		BigDecimal number = new BigDecimal(matcher.group("whole").replace("_", "") + fraction);
		BigDecimal amount = number.scaleByPowerOfTen(switch (matcher.group("suffix")) {
			case "k", "K" -> 3;
			case "M" -> 6;
			default -> 0;
		});
		if (amount.stripTrailingZeros().scale() > 0) {
			throw invalid(text, "must be a whole number");
		}
		if (amount.compareTo(BigDecimal.valueOf(smallest)) < 0) {
			throw invalid(text, "must be at least %d", smallest);
		}
		if (amount.compareTo(BigDecimal.valueOf(Limit.LARGEST_AMOUNT)) > 0) {
			throw invalid(text, "must be at most %d, which is beyond any provider's limit", Limit.LARGEST_AMOUNT);
		}
		return amount.longValueExact();
	}

	private static IllegalArgumentException invalid(String text, String rule, Object... args) {
		return new IllegalArgumentException("Invalid amount (%s): %s.".formatted(text, rule.formatted(args)));
	}

}

package io.github.llmratelimit.autoconfigure.diagnostics;

import java.util.Locale;

/**
 * The form in which keys are compared.
 */
public final class NormalForm {

	private NormalForm() {
	}

	/**
	 * What Boot compares when it compares keys.
	 * @param key the key as it was typed
	 * @return the key in lower case, without dashes and underscores
	 */
	public static String ofKey(String key) {
		return key.toLowerCase(Locale.ROOT).replaceAll("[-_]", "");
	}

	/**
	 * What we compare when we compare tiers.
	 * @param tier the tier as it was typed
	 * @return the same for {@code 1}, {@code Tier 1}, {@code tier-1} and {@code tier1}
	 */
	public static String ofTier(String tier) {
		String plain = ofKey(tier).replaceAll("[^\\p{Alnum}]", "");
		return plain.startsWith("tier") && plain.length() > 4 ? plain.substring(4) : plain;
	}

}

package io.github.llmratelimit.provider;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is special about a provider. Everything else is the same for all.
 *
 * @param name name of the dialect
 * @param headers under which names it tells about limits
 * @param phrases what means a kind in its messages and codes, beside what means it
 * everywhere; messages are compared with blanks for underscores, so that a phrase with
 * one is a code
 * @param quirks how its responses are to be read otherwise
 * @param traits what the numbers it tells are worth
 */
record DialectTable(String name, HeaderNames headers, Map<SignalKind, List<String>> phrases, Set<Quirk> quirks,
		DialectTraits traits) {

	static DialectTable of(String name, HeaderNames headers) {
		return new DialectTable(name, headers, Map.of(), Set.of(), DialectTraits.CAUTIOUS);
	}

	DialectTable withPhrases(SignalKind kind, String... phrases) {
		Map<SignalKind, List<String>> all = new EnumMap<>(SignalKind.class);
		all.putAll(this.phrases);
		all.put(kind, List.of(phrases));
		return new DialectTable(this.name, this.headers, all, this.quirks, this.traits);
	}

	DialectTable with(Quirk quirk) {
		Set<Quirk> all = EnumSet.of(quirk);
		all.addAll(this.quirks);
		return new DialectTable(this.name, this.headers, this.phrases, all, this.traits);
	}

	DialectTable with(DialectTraits traits) {
		return new DialectTable(this.name, this.headers, this.phrases, this.quirks, traits);
	}

	List<String> phrasesOf(SignalKind kind) {
		return this.phrases.getOrDefault(kind, List.of());
	}

	boolean has(Quirk quirk) {
		return this.quirks.contains(quirk);
	}

	/**
	 * Ways in which responses of a provider are to be read differently.
	 */
	enum Quirk {

		/**
		 * The limit of requests may be a day's, which shows in its reset.
		 */
		RESET_SHOWS_DAY,

		/** The fields without a dimension speak of the limit that a refusal names. */
		REFUSAL_TELLS_WINDOW,

		/**
		 * All customers share the capacity: an exhausted resource is the provider's
		 * unless a quota is listed.
		 */
		SHARES_CAPACITY,

		/** A header of a served request tells that it went over a limit. */
		TELLS_OVER_LIMIT

	}

}

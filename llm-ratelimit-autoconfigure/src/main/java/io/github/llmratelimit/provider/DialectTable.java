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
 * @param traits how it behaves otherwise
 */
record DialectTable(String name, HeaderNames headers, Map<SignalKind, List<String>> phrases, Set<Trait> traits) {

	static DialectTable of(String name, HeaderNames headers) {
		return new DialectTable(name, headers, Map.of(), Set.of());
	}

	DialectTable withPhrases(SignalKind kind, String... phrases) {
		Map<SignalKind, List<String>> all = new EnumMap<>(SignalKind.class);
		all.putAll(this.phrases);
		all.put(kind, List.of(phrases));
		return new DialectTable(this.name, this.headers, all, this.traits);
	}

	DialectTable with(Trait trait) {
		Set<Trait> all = EnumSet.of(trait);
		all.addAll(this.traits);
		return new DialectTable(this.name, this.headers, this.phrases, all);
	}

	List<String> phrasesOf(SignalKind kind) {
		return this.phrases.getOrDefault(kind, List.of());
	}

	boolean has(Trait trait) {
		return this.traits.contains(trait);
	}

	/**
	 * Ways in which a provider differs.
	 */
	enum Trait {

		/** The headers about requests mean a day, those about tokens a minute. */
		REQUEST_HEADERS_ARE_PER_DAY,

		/**
		 * All customers share the capacity: an exhausted resource is the provider's
		 * unless a quota is listed.
		 */
		SHARES_CAPACITY

	}

}

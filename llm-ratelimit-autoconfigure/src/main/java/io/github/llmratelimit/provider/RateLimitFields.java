package io.github.llmratelimit.provider;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.github.llmratelimit.provider.StructuredFields.Item;
import org.jspecify.annotations.Nullable;

/*
 * Fields that name no dimension and mean requests. Three generations are in use:
 *
 *   RateLimit-Policy: "permin";q=50;w=60,"perhr";q=1000;w=3600      drafts 08 to 11
 *   RateLimit: "permin";r=40;t=12, "perhr";r=3;t=1800
 *   RateLimit: limit=100, remaining=7, reset=21                     draft 07
 *   RateLimit-Limit: 100, 100;w=60   RateLimit-Remaining: 42   RateLimit-Reset: 15
 *   X-RateLimit-Limit: 60   X-RateLimit-Remaining: 0   X-RateLimit-Reset: 33
 *
 * (draft-ietf-httpapi-ratelimit-headers, not an RFC as of May 2026.) The newest that
 * tells anything is taken, at last a policy alone, which old drafts sent beside their
 * own fields; they are never mixed. A structured field with a mistake is ignored as a
 * whole, and so is a policy whose unit isn't requests.
 */
/**
 * What the fields that name no dimension tell.
 *
 * @param quota the limit of requests; of several policies the one with least remaining
 * @param hint how long they ask to wait after a refusal, or {@code null}
 */
record RateLimitFields(Quota quota, @Nullable Duration hint) {

	static final RateLimitFields NONE = new RateLimitFields(Quota.UNKNOWN, null);

	private static final String REQUESTS = "requests";

	private static final QuotaHeaders OLD_DRAFT = QuotaHeaders.of("ratelimit-*");

	private static final QuotaHeaders CUSTOM = QuotaHeaders.of("x-ratelimit-*");

	static RateLimitFields read(HttpFields fields, Instant now, boolean success) {
		if (fields.isEmpty()) {
			return NONE;
		}
		Quota custom = CUSTOM.read(fields, now, success);
		Map<Object, Policy> policies = policies(joined(fields, "ratelimit-policy"));
		Quota oldDraft = oldDraft(fields, policies, now, success);
		RateLimitFields structured = structured(joined(fields, "ratelimit"), policies, success);
		Quota quota = firstKnown(structured.quota, oldDraft, custom, ofPolicies(policies, success));
		Duration hint = firstUsable(custom.reset(), oldDraft.reset(), structured.hint);
		return (quota.isKnown() || hint != null) ? new RateLimitFields(quota, hint) : NONE;
	}

	private static String joined(HttpFields fields, String name) {
		return String.join(", ", fields.values(name));
	}

	private static Quota firstKnown(Quota... quotas) {
		for (Quota quota : quotas) {
			if (quota.isKnown()) {
				return quota;
			}
		}
		return Quota.UNKNOWN;
	}

	private static @Nullable Duration firstUsable(@Nullable Duration... hints) {
		for (Duration hint : hints) {
			if (RetryAfterParser.usable(hint) != null) {
				return hint;
			}
		}
		return null;
	}

	private static Quota oldDraft(HttpFields fields, Map<Object, Policy> policies, Instant now, boolean success) {
		List<String> firstMembers = fields.values(OLD_DRAFT.limit())
			.stream()
			.map(RateLimitFields::firstMember)
			.toList();
		Quota rest = OLD_DRAFT.read(fields, now, success);
		Long limit = QuotaHeaders.smallest(firstMembers);
		// the first drafts listed the policies behind the limit: 100, 100;w=60
		Duration window = windowOf(limit, policies(joined(fields, OLD_DRAFT.limit())));
		return QuotaHeaders.quota(limit, rest.remaining(), rest.reset(), success)
			.per((window != null) ? window : windowOf(limit, policies));
	}

	/**
	 * Return the window of the policy that grants the amount. Of several with the same
	 * amount the longest binds.
	 */
	private static @Nullable Duration windowOf(@Nullable Long amount, Map<Object, Policy> policies) {
		Duration longest = null;
		for (Policy policy : policies.values()) {
			if (policy.ofRequests && policy.amount != null && policy.amount.equals(amount)) {
				longest = RetryAfterParser.longest(longest, policy.window);
			}
		}
		return longest;
	}

	private static String firstMember(String list) {
		int end = 0;
		while (end < list.length() && list.charAt(end) != ',' && list.charAt(end) != ';') {
			end++;
		}
		return list.substring(0, end).trim();
	}

	private static Map<Object, Policy> policies(String field) {
		List<Item> items = StructuredFields.list(field);
		Map<Object, Policy> policies = new HashMap<>();
		for (Item item : (items != null) ? items : List.<Item>of()) {
			// draft 07 had the amount as the value: 100;w=60
			Long amount = item.has("q") ? item.count("q") : item.count();
			if (amount == null || isMalformed(item, "w")) {
				return Map.of();
			}
			Object unit = item.parameters().getOrDefault("qu", REQUESTS);
			Policy policy = new Policy(amount, unit.equals(REQUESTS), QuotaHeaders.window(item.count("w")));
			policies.merge(item.value(), policy, Policy::merge);
		}
		return policies;
	}

	private static boolean isMalformed(Item item, String key) {
		return item.has(key) && item.count(key) == null;
	}

	private static RateLimitFields structured(String field, Map<Object, Policy> policies, boolean success) {
		List<Item> items = StructuredFields.list(field);
		return (items != null) ? ofItems(items, policies, success) : ofDictionary(field, policies, success);
	}

	private static RateLimitFields ofItems(List<Item> items, Map<Object, Policy> policies, boolean success) {
		Quota least = Quota.UNKNOWN;
		Duration hint = null;
		for (Item item : items) {
			if (isMalformed(item, "r") || isMalformed(item, "t")) {
				return NONE;
			}
			Policy policy = policies.getOrDefault(item.value(), Policy.UNKNOWN);
			Long remaining = item.count("r");
			Duration reset = seconds(item.count("t"));
			// far from the limit some leave r out
			if (remaining == null) {
				continue;
			}
			if (remaining == 0) {
				hint = RetryAfterParser.longest(hint, reset);
			}
			if (policy.ofRequests && isLess(remaining, reset, least)) {
				least = new Quota(policy.amount, remaining, reset, policy.window);
			}
		}
		return new RateLimitFields(
				QuotaHeaders.quota(least.limit(), least.remaining(), least.reset(), success).per(least.window()), hint);
	}

	private static boolean isLess(long remaining, @Nullable Duration reset, Quota least) {
		if (least.remaining() == null || remaining < least.remaining()) {
			return true;
		}
		return remaining == least.remaining() && reset != null
				&& reset.equals(RetryAfterParser.longest(reset, least.reset()));
	}

	private static RateLimitFields ofDictionary(String field, Map<Object, Policy> policies, boolean success) {
		Map<String, Item> members = StructuredFields.dictionary(field);
		if (members == null) {
			return NONE;
		}
		Map<String, Long> counts = new HashMap<>();
		for (String key : List.of("limit", "remaining", "reset")) {
			Item member = members.get(key);
			Long count = (member != null) ? member.count() : null;
			if (member != null && count == null) {
				return NONE;
			}
			counts.put(key, count);
		}
		Duration reset = seconds(counts.get("reset"));
		Long limit = counts.get("limit");
		return new RateLimitFields(
				QuotaHeaders.quota(limit, counts.get("remaining"), reset, success).per(windowOf(limit, policies)),
				reset);
	}

	private static Quota ofPolicies(Map<Object, Policy> policies, boolean success) {
		Long smallest = null;
		for (Policy policy : policies.values()) {
			if (policy.ofRequests && policy.amount != null && (smallest == null || policy.amount < smallest)) {
				smallest = policy.amount;
			}
		}
		return QuotaHeaders.quota(smallest, null, null, success).per(windowOf(smallest, policies));
	}

	private static @Nullable Duration seconds(@Nullable Long seconds) {
		return (seconds != null) ? Durations.ofSeconds(new Decimal(seconds, 0)) : null;
	}

	/**
	 * A member of {@code RateLimit-Policy}.
	 *
	 * @param amount the quota of a window, or {@code null} if there is no such policy
	 * @param ofRequests whether it counts requests
	 * @param window the window, or {@code null} if it isn't told
	 */
	private record Policy(@Nullable Long amount, boolean ofRequests, @Nullable Duration window) {

		static final Policy UNKNOWN = new Policy(null, true, null);

		/**
		 * Return the later of two with the same name, with the longer window if they
		 * grant the same: in old drafts the amount is the name.
		 */
		Policy merge(Policy later) {
			boolean same = later.ofRequests == this.ofRequests && Objects.equals(later.amount, this.amount);
			return same ? new Policy(this.amount, this.ofRequests, RetryAfterParser.longest(this.window, later.window))
					: later;
		}

	}

}

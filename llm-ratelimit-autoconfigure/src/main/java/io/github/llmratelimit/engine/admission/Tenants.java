package io.github.llmratelimit.engine.admission;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import io.github.llmratelimit.Limit;
import io.github.llmratelimit.engine.ledger.Ledger;
import io.github.llmratelimit.engine.ledger.Tariff;
import io.github.llmratelimit.engine.settings.TenantPolicy;
import io.github.llmratelimit.engine.settings.TenantSettings;
import org.jspecify.annotations.Nullable;

/**
 * The tenants of one pool. One is known while it has calls queued or in flight; one with
 * limits of its own, until nothing that it took is left in their windows. After that it
 * is as if it had never been here.
 */
final class Tenants {

	/** Idle tenants looked at whenever one is asked for: more than can be added. */
	private static final int FORGET_AT_ONCE = 2;

	private final TenantSettings settings;

	private final Tariff tariff;

	private final boolean anyLimits;

	private final long longestWindowNanos;

	/** Tenants in the order in which they were last asked for. */
	private final Map<String, Tenant> byName = new LinkedHashMap<>(16, 0.75f, true);

	/**
	 * The last of all in that order, so that to ask for it again changes nothing;
	 * {@code null} if another may be.
	 */
	private @Nullable Tenant last;

	private final Tenant nobody;

	/** Where tenants of a rehearsal are copied from; {@code null} in earnest. */
	private final @Nullable Tenants original;

	Tenants(TenantSettings settings, Tariff tariff) {
		this.settings = settings;
		this.tariff = tariff.withoutSpread();
		this.nobody = new Tenant(null, settings.standard().weight(), null, 0);
		this.original = null;
		long longest = 0;
		boolean any = !settings.standard().limits().isEmpty();
		for (Limit limit : settings.standard().limits()) {
			longest = Math.max(longest, windowNanos(limit));
		}
		for (TenantPolicy policy : settings.overrides().values()) {
			any |= !policy.limits().isEmpty();
			for (Limit limit : policy.limits()) {
				longest = Math.max(longest, windowNanos(limit));
			}
		}
		this.anyLimits = any;
		// a slot more than the window on either side
		this.longestWindowNanos = longest + 2 * longest / Ledger.TENANT_SLOTS;
	}

	/** The same tenants, each copied when it is first asked for. */
	Tenants(Tenants original) {
		this.settings = original.settings;
		this.tariff = original.tariff;
		this.anyLimits = original.anyLimits;
		this.longestWindowNanos = original.longestWindowNanos;
		this.nobody = original.nobody.copy();
		this.original = original;
	}

	private static long windowNanos(Limit limit) {
		Duration per = limit.per();
		return (per != null) ? per.toNanos() : 0;
	}

	/** Whether a tenant can be held back by limits of its own. */
	boolean haveLimits() {
		return this.anyLimits;
	}

	int known() {
		return this.byName.size();
	}

	/** The tenant of a name, which is known from now on. */
	Tenant find(@Nullable String name, long nowNanos) {
		if (name == null) {
			return this.nobody;
		}
		Tenant tenant = known(name);
		if (tenant == null) {
			forgetIdle(nowNanos);
			tenant = create(name, nowNanos);
			this.byName.put(name, tenant);
		}
		if (tenant.ledger != null) {
			tenant.ledger.advance(nowNanos);
		}
		return tenant;
	}

	private Tenant create(String name, long nowNanos) {
		Tenant known = (this.original != null) ? this.original.byName.get(name) : null;
		if (known != null) {
			return known.copy();
		}
		TenantPolicy policy = this.settings.policy(name);
		Ledger ledger = policy.limits().isEmpty() ? null : Ledger.ofTenant(policy.limits(), this.tariff, nowNanos);
		return new Tenant(name, policy.weight(), ledger, nowNanos);
	}

	/** The tenant of a name, if it is known. */
	@Nullable Tenant known(@Nullable String name) {
		if (name == null) {
			return this.nobody;
		}
		Tenant before = this.last;
		if (before != null && name.equals(before.name)) {
			return before;
		}
		Tenant known = this.byName.get(name);
		this.last = known;
		return known;
	}

	/** A tenant has nothing queued or in flight any more. */
	void becameIdle(Tenant tenant, long nowNanos) {
		tenant.usedNanos = nowNanos;
		if (tenant.ledger == null && tenant.name != null) {
			this.byName.remove(tenant.name);
			this.last = null;
		}
	}

	private void forgetIdle(long nowNanos) {
		this.last = null;
		for (int i = 0; i < FORGET_AT_ONCE && !this.byName.isEmpty(); i++) {
			Map.Entry<String, Tenant> eldest = this.byName.entrySet().iterator().next();
			Tenant tenant = eldest.getValue();
			if (tenant.isActive()) {
				this.byName.put(eldest.getKey(), tenant); // the last of all now
			}
			else if (nowNanos - tenant.usedNanos > this.longestWindowNanos) {
				this.byName.remove(eldest.getKey());
			}
			else {
				return;
			}
		}
	}

}

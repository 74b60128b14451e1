package io.github.llmratelimit.metrics;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * Values of the tag for tenants, of which there are only so many: every one is a set of
 * meters that stays until the application ends. The first to come have one of their own.
 */
final class TenantTags {

	static final String NONE = "none";

	static final String OTHER = "other";

	private final int most;

	private final Map<String, String> own = new ConcurrentHashMap<>();

	private volatile boolean full;

	TenantTags(int most) {
		this.most = most;
		this.full = most == 0;
	}

	String of(@Nullable String tenant) {
		if (tenant == null) {
			return NONE;
		}
		String known = this.own.get(tenant);
		return (known != null) ? known : this.full ? OTHER : add(tenant);
	}

	private synchronized String add(String tenant) {
		if (this.own.size() < this.most) {
			this.own.putIfAbsent(tenant, tenant);
			this.full = this.own.size() >= this.most;
		}
		return this.own.getOrDefault(tenant, OTHER);
	}

}

package io.github.llmratelimit.engine.settings;

import java.util.List;

import io.github.llmratelimit.Limit;

/**
 * What one tenant may use of each pool.
 *
 * @param weight share of a contended budget relative to other tenants; between 1 and
 * {@value #LARGEST_WEIGHT}
 * @param limits windows of its own per pool, beside the pool's; empty for fair sharing
 * without limits
 */
public record TenantPolicy(int weight, List<Limit> limits) {

	/** Largest weight that can be stated. */
	public static final int LARGEST_WEIGHT = 1000;

	/** Equal shares and no limits. */
	public static final TenantPolicy FAIR = new TenantPolicy(1, List.of());

	public TenantPolicy {
		limits = List.copyOf(limits);
		if (weight < 1 || weight > LARGEST_WEIGHT) {
			throw new IllegalArgumentException(
					"Invalid weight (%d): must be between 1 and %d.".formatted(weight, LARGEST_WEIGHT));
		}
	}

}

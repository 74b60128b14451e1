package io.github.llmratelimit;

/**
 * What shares one budget: the models of one pool of one provider account.
 *
 * @param provider name of the provider entry in the configuration; an account
 * @param pool name of the pool; the model's own name where no pool is stated
 */
public record BudgetKey(String provider, String pool) {

	@Override
	public String toString() {
		return this.provider + "/" + this.pool;
	}

}

package io.github.llmratelimit.autoconfigure.configuration;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.BudgetKey;
import io.github.llmratelimit.CostRule;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.autoconfigure.tiers.LimitReader.Window;
import io.github.llmratelimit.autoconfigure.tiers.ProviderAccount;
import io.github.llmratelimit.engine.LimiterMode;
import org.jspecify.annotations.Nullable;

/**
 * A model of which everything is known but what the other models of its pool state.
 *
 * @param path where it is configured: an entry under {@code models}, or the tier that
 * grants it
 * @param name name under which the application knows it
 * @param providerModel what the provider calls it
 * @param aliases other names
 * @param account whose it is
 * @param pool the budget that it draws on
 * @param stated limits that are written for this model
 * @param granted limits of its row, if the account has a tier and the tier a row
 * @param booking how the provider takes tokens off its limits
 * @param strict whether no refusal is acceptable
 * @param costRule what the provider takes off a limit on tokens for a call
 * @param defaultOutputTokens tokens expected of an answer whose maximum is not stated
 * @param learn whether its limits may be assumed until the provider tells them
 * @param fallbackModels other models as they are written
 * @param fallbackAfter how long a call may wait before one of them is preferred
 * @param mode whether the limiter limits
 */
record ModelDraft(String path, String name, String providerModel, Set<String> aliases, ProviderAccount account,
		String pool, Map<Window, Limit> stated, Map<Window, Limit> granted, Booking booking, boolean strict,
		CostRule costRule, long defaultOutputTokens, boolean learn, List<String> fallbackModels,
		@Nullable Duration fallbackAfter, LimiterMode mode) {

	ModelDraft withAliases(Set<String> newAliases) {
		return new ModelDraft(this.path, this.name, this.providerModel, newAliases, this.account, this.pool,
				this.stated, this.granted, this.booking, this.strict, this.costRule, this.defaultOutputTokens,
				this.learn, this.fallbackModels, this.fallbackAfter, this.mode);
	}

	BudgetKey budget() {
		return new BudgetKey(this.account.name(), this.pool);
	}

}

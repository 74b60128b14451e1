package io.github.llmratelimit.engine;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import io.github.llmratelimit.ModelLimits;
import io.github.llmratelimit.provider.ProviderDialect;
import org.jspecify.annotations.Nullable;

/**
 * Everything a limiter is made of.
 *
 * @param limits the model and what it may use
 * @param aliases other names of the model
 * @param dialect how the provider speaks
 * @param hosts hosts whose responses are the provider's, in lower case, without port; a
 * {@code *} in one of them stands for one or more characters
 * @param mode whether the limiter limits
 * @param fallbackModels models to try in place of this one, in order
 * @param fallbackAfter how long a call may have to wait before they are, {@code null} for
 * its {@code maxWait}
 */
public record LimiterDefinition(ModelLimits limits, Set<String> aliases, ProviderDialect dialect, Set<String> hosts,
		LimiterMode mode, List<String> fallbackModels, @Nullable Duration fallbackAfter) {

	/**
	 * A limiter without fallback models.
	 * @param limits the model and what it may use
	 * @param aliases other names of the model
	 * @param dialect how the provider speaks
	 * @param hosts hosts whose responses are the provider's
	 * @param mode whether the limiter limits
	 */
	public LimiterDefinition(ModelLimits limits, Set<String> aliases, ProviderDialect dialect, Set<String> hosts,
			LimiterMode mode) {
		this(limits, aliases, dialect, hosts, mode, List.of(), null);
	}

	public LimiterDefinition {
		aliases = Set.copyOf(aliases);
		hosts = Set.copyOf(hosts);
		fallbackModels = List.copyOf(fallbackModels);
	}

	/**
	 * Whether responses of a host are the provider's.
	 * @param host name of the host, without port, in any case
	 * @return {@code true} if it is one of {@link #hosts()}, or like one that has a
	 * {@code *}
	 */
	public boolean isProviderHost(String host) {
		String name = host.toLowerCase(Locale.ROOT);
		if (this.hosts.contains(name)) {
			return true;
		}
		for (String pattern : this.hosts) {
			int star = pattern.indexOf('*');
			if (star >= 0 && name.length() >= pattern.length() && name.startsWith(pattern.substring(0, star))
					&& name.endsWith(pattern.substring(star + 1))) {
				return true;
			}
		}
		return false;
	}

}

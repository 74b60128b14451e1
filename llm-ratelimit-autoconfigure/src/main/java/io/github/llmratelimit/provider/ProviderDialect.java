package io.github.llmratelimit.provider;

import java.time.Instant;

/**
 * How one provider tells about limits, refusals and failures.
 *
 * @see ProviderDialects
 */
public interface ProviderDialect {

	/**
	 * Return the name by which configuration refers to this dialect.
	 * @return the name, for example {@code openai}
	 */
	String name();

	/**
	 * Read a response. Depends on nothing but its arguments and never throws, whatever
	 * the provider or anything between has sent: what can't be understood is left out.
	 * @param response what was received
	 * @param now the wall time at which it was received, to which absolute times in the
	 * response are related
	 * @return what the response says
	 */
	ProviderSignal read(ProviderResponse response, Instant now);

	/**
	 * Return what the numbers and hints of its signals are worth. Must always return the
	 * same.
	 * @return the traits, unless overridden {@link DialectTraits#CAUTIOUS}
	 */
	default DialectTraits traits() {
		return DialectTraits.CAUTIOUS;
	}

}

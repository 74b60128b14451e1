package io.github.llmratelimit;

import java.util.Collection;
import java.util.List;

/**
 * A model was named that no limiter knows.
 */
public class UnknownLlmModelException extends IllegalArgumentException {

	private static final long serialVersionUID = 1L;

	private final String model;

	/**
	 * Creates the exception.
	 * @param model the name that is unknown
	 * @param known the names that are known
	 */
	public UnknownLlmModelException(String model, Collection<String> known) {
		super("Unknown LLM model '%s': no limiter has this name or alias. Known: %s. ".formatted(model,
				known.isEmpty() ? "none" : String.join(", ", List.copyOf(known)))
				+ "Add it under llm.ratelimit.models, or state a provider tier that has it.");
		this.model = model;
	}

	/**
	 * Returns the name that is unknown.
	 * @return the name
	 */
	public String model() {
		return this.model;
	}

}

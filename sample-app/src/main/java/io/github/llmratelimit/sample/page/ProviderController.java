package io.github.llmratelimit.sample.page;

import java.util.List;
import java.util.Map;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.LimiterStatus;
import io.github.llmratelimit.LlmRateLimiterRegistry;
import io.github.llmratelimit.Priority;
import io.github.llmratelimit.sample.provider.Behaviour;
import io.github.llmratelimit.sample.provider.DialectName;
import io.github.llmratelimit.sample.provider.Enforcement;
import io.github.llmratelimit.sample.provider.HeaderLie;
import io.github.llmratelimit.sample.provider.ProviderStats;
import io.github.llmratelimit.sample.provider.RetryAfter;
import io.github.llmratelimit.sample.provider.SimulatedProvider;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * Tells how the built-in provider behaves and what it counted, and changes it while it
 * runs.
 */
@RestController
class ProviderController {

	private static final Map<String, List<String>> CHOICES = Map.of("dialect", names(DialectName.values()),
			"enforcement", names(Enforcement.values()), "booking", names(Booking.values()), "retryAfter",
			names(RetryAfter.values()), "headers", names(HeaderLie.values()));

	private final @Nullable SimulatedProvider provider;

	private final String model;

	private final LlmRateLimiterRegistry limiters;

	ProviderController(ObjectProvider<SimulatedProvider> provider, LlmRateLimiterRegistry limiters,
			@Value("${demo.model}") String model) {
		this.provider = provider.getIfAvailable();
		this.limiters = limiters;
		this.model = model;
	}

	private static List<String> names(Enum<?>[] values) {
		return List.of(values).stream().map(Enum::name).toList();
	}

	@GetMapping("/demo/provider")
	State state() {
		SimulatedProvider running = require();
		return new State(this.model, running.window().toMillis() / 1000.0, running.behaviour(),
				running.behaviour().effectiveBooking(), CHOICES, running.stats(), limiter());
	}

	@PostMapping("/demo/provider")
	State change(@RequestBody Change change) {
		SimulatedProvider running = require();
		try {
			running.behave(change::of);
		}
		catch (IllegalArgumentException ex) {
			throw new ResponseStatusException(HttpStatus.BAD_REQUEST, ex.getMessage(), ex);
		}
		return state();
	}

	private LimiterState limiter() {
		LimiterStatus status = this.limiters.limiter(this.model).status();
		return new LimiterState(status.state().name(), status.queuedByPriority(), status.inFlight());
	}

	private SimulatedProvider require() {
		if (this.provider == null) {
			throw new ResponseStatusException(HttpStatus.NOT_FOUND, "Calls go to a real provider");
		}
		return this.provider;
	}

	/**
	 * What the page shows.
	 *
	 * @param model the model in use
	 * @param windowSeconds length of the provider's windows
	 * @param behaviour how the provider behaves
	 * @param booking how it really books a call
	 * @param choices what can be chosen
	 * @param stats what the provider counted
	 * @param limiter what the limiter does meanwhile
	 */
	record State(String model, double windowSeconds, Behaviour behaviour, Booking booking,
			Map<String, List<String>> choices, ProviderStats stats, LimiterState limiter) {
	}

	/**
	 * What the limiter does.
	 *
	 * @param state in one word
	 * @param queued calls that wait, by priority
	 * @param inFlight calls that were admitted and have not ended
	 */
	record LimiterState(String state, Map<Priority, Integer> queued, int inFlight) {
	}

	/**
	 * What the page changes; what is missing stays.
	 *
	 * @param dialect whose wire format the provider speaks
	 * @param enforcement how it enforces its limits
	 * @param booking how it books a call; left alone when only the dialect changes, it
	 * goes back to what is usual there
	 * @param retryAfter how it says when a refused call may come again
	 * @param headers what its limit headers say instead of the truth
	 * @param limitFactor its true limits, as a part of the configured ones
	 * @param overload part of the calls that it turns away
	 * @param quotaExhausted whether the account has no money left
	 */
	record Change(@Nullable DialectName dialect, @Nullable Enforcement enforcement, @Nullable Booking booking,
			@Nullable RetryAfter retryAfter, @Nullable HeaderLie headers, @Nullable Double limitFactor,
			@Nullable Double overload, @Nullable Boolean quotaExhausted) {

		Behaviour of(Behaviour now) {
			boolean otherDialect = (this.dialect != null && this.dialect != now.dialect());
			Booking kept = otherDialect ? null : now.booking();
			return new Behaviour((this.dialect != null) ? this.dialect : now.dialect(),
					(this.enforcement != null) ? this.enforcement : now.enforcement(),
					(this.booking != null) ? this.booking : kept,
					(this.retryAfter != null) ? this.retryAfter : now.retryAfter(),
					(this.headers != null) ? this.headers : now.headers(),
					(this.limitFactor != null) ? this.limitFactor : now.limitFactor(),
					(this.overload != null) ? this.overload : now.overload(),
					(this.quotaExhausted != null) ? this.quotaExhausted : now.quotaExhausted());
		}

	}

}

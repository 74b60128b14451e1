package io.github.llmratelimit.sample.provider;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.sample.provider.ChatCall.Streamed;
import io.github.llmratelimit.sample.provider.ModelBudget.Arrival;
import io.github.llmratelimit.sample.provider.ProviderProperties.Limits;
import io.github.llmratelimit.sample.provider.Verdict.Outcome;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a {@link ModelBudget} enforces exactly what it says, for each dialect,
 * {@link Enforcement} and booking: every verdict is compared with {@link ExactBooks}.
 */
class EnforcementTests {

	private static final Limits LIMITS = new Limits(40, 20_000, 15_000L, 6_000L);

	private static final long WINDOW = Duration.ofMinutes(1).toNanos();

	private static final int CALLS = 600;

	private final ManualTicker ticker = new ManualTicker();

	private final Map<Meter, ExactBooks> books = new EnumMap<>(Meter.class);

	static Stream<Arguments> all() {
		List<Arguments> all = new ArrayList<>();
		for (DialectName dialect : DialectName.values()) {
			for (Enforcement enforcement : Enforcement.values()) {
				for (Booking booking : Booking.values()) {
					all.add(Arguments.of(dialect, enforcement, booking));
				}
			}
		}
		return all.stream();
	}

	@ParameterizedTest
	@MethodSource("all")
	void arriveAdmitsExactlyWhatFits(DialectName dialect, Enforcement enforcement, Booking booking) {
		Random random = new Random(11);
		ModelBudget budget = new ModelBudget(this.ticker, LIMITS, Duration.ofMinutes(1),
				Behaviours.honest(dialect, enforcement, booking));
		dialect.meters()
			.forEach((meter) -> this.books.put(meter,
					new ExactBooks(enforcement, LIMITS.limit(meter), WINDOW, this.ticker.nanos())));
		int admitted = 0;
		int refused = 0;
		for (int i = 0; i < CALLS; i++) {
			this.ticker.advance(Duration.ofMillis(random.nextInt(2_000)));
			ChatCall call = new ChatCall("m", List.of("a"), random.nextInt(random.nextInt(50) == 0 ? 5_000 : 900),
					1 + random.nextInt(400), Streamed.NO);
			Arrival arrival = budget.arrive(call);
			assertThat(arrival.verdict().outcome()).as("call %d", i).isEqualTo(expected(call, booking));
			if (arrival.verdict().outcome() == Outcome.ADMITTED) {
				admitted++;
				Completion completion = new Completion("", 1 + random.nextInt(call.maxTokens()), 0,
						Duration.ofMillis(10 * random.nextInt(2_000)));
				budget.answer(call, arrival, completion);
				note(call, completion, booking);
			}
			else if (arrival.verdict().outcome() == Outcome.REFUSED) {
				refused++;
				noteRefusal(enforcement);
			}
		}
		assertThat(admitted).isGreaterThan(CALLS / 5);
		assertThat(refused).isGreaterThan(CALLS / 50);
	}

	private Outcome expected(ChatCall call, Booking booking) {
		boolean fits = true;
		for (Map.Entry<Meter, ExactBooks> entry : this.books.entrySet()) {
			long amount = Math.max(1, charge(entry.getKey(), call, booking));
			if (!entry.getValue().canEverHold(amount)) {
				return Outcome.TOO_LARGE;
			}
			fits &= entry.getValue().fits(this.ticker.nanos(), amount);
		}
		return fits ? Outcome.ADMITTED : Outcome.REFUSED;
	}

	private static long charge(Meter meter, ChatCall call, Booking booking) {
		long output = (booking == Booking.ACTUAL) ? 0 : call.maxTokens();
		return switch (meter) {
			case REQUESTS -> 1;
			case TOKENS -> call.promptTokens() + output;
			case INPUT_TOKENS -> call.promptTokens();
			case OUTPUT_TOKENS -> output;
		};
	}

	private void note(ChatCall call, Completion completion, Booking booking) {
		long now = this.ticker.nanos();
		long end = now + completion.latency().toNanos();
		this.books.forEach((meter, books) -> {
			long charge = charge(meter, call, booking);
			books.add(now, now, charge);
			if (meter == Meter.REQUESTS || booking == Booking.ESTIMATE) {
				return;
			}
			long input = (meter == Meter.OUTPUT_TOKENS) ? 0 : call.promptTokens() + 7;
			long output = (meter == Meter.INPUT_TOKENS) ? 0 : completion.tokens();
			if (booking == Booking.SETTLED) {
				books.add(end, now, input + output - charge);
				return;
			}
			books.add(end, now, input - charge);
			for (int part = 1; part <= 10; part++) {
				long at = now + completion.latency().toNanos() * part / 10;
				books.add(at, at, output * part / 10 - output * (part - 1) / 10);
			}
		});
	}

	private void noteRefusal(Enforcement enforcement) {
		ExactBooks requests = this.books.get(Meter.REQUESTS);
		if (enforcement == Enforcement.ROLLING_REFUSALS_COUNT && requests.fits(this.ticker.nanos(), 1)) {
			requests.add(this.ticker.nanos(), this.ticker.nanos(), 1);
		}
	}

}

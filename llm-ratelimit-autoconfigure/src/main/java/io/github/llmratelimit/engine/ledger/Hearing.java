package io.github.llmratelimit.engine.ledger;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimitOrigin;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.learning.LimitChange;
import io.github.llmratelimit.learning.SentCall;
import io.github.llmratelimit.learning.Told;
import io.github.llmratelimit.provider.Caution;
import io.github.llmratelimit.provider.ProviderSignal;
import io.github.llmratelimit.provider.Quota;
import io.github.llmratelimit.provider.SignalKind;
import io.github.llmratelimit.time.Ticks;
import org.jspecify.annotations.Nullable;

/**
 * Brings what answers tell to the windows that they speak of.
 */
public final class Hearing {

	private static final List<Dimension> TOLD = List.of(Dimension.REQUESTS, Dimension.TOKENS, Dimension.INPUT_TOKENS,
			Dimension.OUTPUT_TOKENS);

	/**
	 * Shortest window that is taken over from an answer. Shorter ones state a rate, which
	 * as a window would have no room for a long prompt.
	 */
	private static final Duration SHORTEST_UNSTATED = Duration.ofSeconds(10);

	/**
	 * Windows of an hour and more are taken over when so many answers in a row told them:
	 * which window a number means is at times concluded from how it looks, and a wrong
	 * day would stop everything for one.
	 */
	private static final int ANSWERS_FOR_LONG = 5;

	private static final long MINUTE_NANOS = 60_000_000_000L;

	private static final Duration LONG = Duration.ofHours(1);

	private final Tariff tariff;

	/** The window that the latest answers told, by dimension, and how many in a row. */
	private final @Nullable Duration[] toldWindows = new @Nullable Duration[Dimension.values().length];

	private final int[] told = new int[Dimension.values().length];

	/** How answers are to be understood, by dimension, once one told something. */
	private final Heard.@Nullable Rules[] rules = new Heard.@Nullable Rules[Dimension.values().length];

	/** Estimates of calls in flight by dimension, as far as anybody asks for them. */
	private final long[] inFlight = new long[Dimension.values().length];

	private boolean heard;

	/**
	 * Whether the provider books as configured; {@code null} where that can't be seen.
	 */
	private @Nullable BookingWatch watch;

	Hearing(Tariff tariff) {
		this.tariff = tariff;
	}

	/** A call is sent: writes down what its answer will need. */
	void sent(LedgerEntry entry, RollingWindow[] windows, Dimension[] dimensions) {
		if (this.heard) {
			remember(entry, windows, dimensions);
		}
	}

	private void remember(LedgerEntry entry, RollingWindow[] windows, Dimension[] dimensions) {
		SentCall[] perWindow = new SentCall[windows.length];
		for (int i = 0; i < windows.length; i++) {
			long estimate = this.tariff.estimate(entry.cost(), dimensions[i]);
			// the whole estimate is taken off again for a call that is not counted yet
			long notTaken = estimate - this.tariff.taken(entry, dimensions[i]);
			perWindow[i] = windows[i].sent(estimate, this.tariff.taken(entry, dimensions[i]),
					this.inFlight[dimensions[i].ordinal()], this.tariff.margin(dimensions[i]) + notTaken);
		}
		if (entry.sent() == null) {
			addInFlight(entry, 1);
		}
		if (this.watch != null) {
			this.watch.sent(this.tariff.estimate(entry.cost(), Dimension.TOKENS), entry.takenAtNanos());
		}
		entry.sent(SentCalls.of(perWindow));
	}

	/**
	 * How far calls may be added up from now on without being written down one by one.
	 * @return an instant; now if they may not
	 */
	long addsUntil(RollingWindow[] windows, long nowNanos) {
		long until = (this.watch != null) ? this.watch.addsUntil(nowNanos) : nowNanos + Ticks.FOREVER_NANOS;
		for (RollingWindow window : windows) {
			Heard known = window.known();
			until = (known != null) ? Ticks.earliest(until, known.addsUntil()) : until;
		}
		return until;
	}

	/** What was added up since an instant is written down. */
	void added(RollingWindow[] windows, Dimension[] dimensions, SlotRoom room, long sinceNanos) {
		for (int i = 0; i < windows.length; i++) {
			Heard known = windows[i].known();
			if (known != null) {
				known.added(room.taken(dimensions[i]));
			}
		}
		if (this.watch != null) {
			this.watch.added(room.taken(Dimension.TOKENS), sinceNanos);
		}
	}

	/** Whether calls that are sent have to be remembered for their answers. */
	boolean remembers() {
		return this.heard;
	}

	/**
	 * A call is sent that nobody limits: it takes what the provider counts for it from
	 * what is left to us, as any other user of the key does.
	 */
	void sentOutside(LedgerEntry entry, RollingWindow[] windows, Dimension[] dimensions) {
		if (this.heard) {
			SentCall[] perWindow = new SentCall[windows.length];
			for (int i = 0; i < windows.length; i++) {
				Heard known = windows[i].known();
				perWindow[i] = (known != null)
						? known.sentOutside(this.inFlight[dimensions[i].ordinal()], this.tariff.margin(dimensions[i]))
						: null;
			}
			entry.sent(SentCalls.of(perWindow));
		}
	}

	/** A call has ended. */
	void ended(LedgerEntry entry) {
		if (entry.sent() != null) {
			addInFlight(entry, -1);
		}
	}

	/** A call told what it used. */
	private void settled(LedgerEntry entry, Usage usage, long nowNanos) {
		if (this.watch != null && entry.sent() != null) {
			this.watch.ended(this.tariff.estimate(entry.cost(), Dimension.TOKENS),
					this.tariff.rule().amount(usage, Dimension.TOKENS), entry.takenAtNanos(), nowNanos);
		}
	}

	/** A call has ended; what it used may be unknown. */
	void used(LedgerEntry entry, @Nullable Usage usage, RollingWindow[] windows, Dimension[] dimensions) {
		if (usage != null && windows.length > 0) {
			settled(entry, usage, windows[0].latestNanos());
		}
		for (int i = 0; i < windows.length; i++) {
			Heard known = windows[i].known();
			if (known != null) {
				known.ended(sent(entry, i), (usage != null) ? this.tariff.rule().amount(usage, dimensions[i]) : -1);
			}
		}
	}

	/** The same where the provider counts the estimate, so that nothing comes back. */
	void usedOnly(LedgerEntry entry, Usage usage, RollingWindow[] windows, Dimension[] dimensions, long nowNanos) {
		settled(entry, usage, nowNanos);
		SentCalls sent = entry.sent();
		for (int i = 0; i < windows.length; i++) {
			Heard known = windows[i].known();
			if (known != null && sent != null && sent.knows(i)) {
				known.ended(this.tariff.estimate(entry.cost(), dimensions[i]),
						this.tariff.rule().amount(usage, dimensions[i]), entry.takenAtNanos());
			}
		}
	}

	/** A call has ended whose tokens the provider does not count. */
	void uncounted(LedgerEntry entry, RollingWindow[] windows) {
		for (int i = 0; i < windows.length; i++) {
			Heard heard = windows[i].known();
			if (heard != null) {
				heard.uncounted(sent(entry, i));
			}
		}
	}

	/** How the provider seems to book, if that is not as configured; told once. */
	@Nullable Booking suggestedBooking(long nowNanos) {
		return (this.watch != null) ? this.watch.suggestion(nowNanos) : null;
	}

	/** Only where tokens are counted as they are produced, see {@link SentCall}. */
	private void addInFlight(LedgerEntry entry, int sign) {
		if (!this.tariff.takesExpected()) {
			return;
		}
		for (Dimension dimension : TOLD) {
			this.inFlight[dimension.ordinal()] += sign * this.tariff.estimate(entry.cost(), dimension);
		}
	}

	/**
	 * Limits that an answer tells of windows that the ledger does not have: nobody stated
	 * them, and they bind all the same.
	 */
	List<LimitChange> untoldOf(ProviderSignal signal, RollingWindow[] known, Dimension[] dimensions) {
		List<LimitChange> untold = List.of();
		for (Dimension dimension : TOLD) {
			LimitChange found = untold(quota(signal, dimension), dimension, known, dimensions);
			if (found != null) {
				untold = with(untold, found);
			}
		}
		return untold;
	}

	/** Most answers change nothing, and need no list. */
	static List<LimitChange> with(List<LimitChange> changes, LimitChange change) {
		List<LimitChange> more = changes.isEmpty() ? new ArrayList<>() : changes;
		more.add(change);
		return more;
	}

	private @Nullable LimitChange untold(Quota quota, Dimension dimension, RollingWindow[] known,
			Dimension[] dimensions) {
		Duration window = quota.window();
		if (!this.tariff.learning().settings().limits() || quota.limit() == null || quota.limit() < 1 || window == null
				|| !isWindow(window)) {
			return null;
		}
		int index = dimension.ordinal();
		boolean isKnown = false;
		for (int i = 0; i < known.length; i++) {
			isKnown |= dimensions[i] == dimension && window.equals(known[i].limit().per());
		}
		this.told[index] = (!isKnown && window.equals(this.toldWindows[index])) ? this.told[index] + 1 : 1;
		this.toldWindows[index] = window;
		boolean certain = window.compareTo(LONG) < 0 || this.told[index] >= ANSWERS_FOR_LONG;
		if (isKnown || !certain) {
			return null;
		}
		long ours = Math.max(1, (long) (quota.limit() * this.tariff.learning().share()));
		return LimitChange.found(new Limit(dimension, ours, window, LimitOrigin.LEARNED), quota.limit());
	}

	private static boolean isWindow(Duration window) {
		return window.compareTo(SHORTEST_UNSTATED) >= 0 && window.compareTo(Limit.LONGEST_WINDOW) <= 0;
	}

	/**
	 * A call was answered: every window hears what is told of it.
	 * @return what that changed, behind what had changed before
	 */
	List<LimitChange> hear(LedgerEntry entry, ProviderSignal signal, RollingWindow[] windows, Dimension[] dimensions,
			List<LimitChange> before) {
		List<LimitChange> changes = before;
		Told.Outcome outcome = outcome(signal.kind());
		for (int i = 0; i < windows.length; i++) {
			Quota quota = quota(signal, dimensions[i]);
			if (quota.window() != null && quota.window().equals(windows[i].limit().per())
					&& (quota.limit() != null || quota.remaining() != null)) {
				this.heard = true;
				if (dimensions[i] == Dimension.TOKENS && outcome == Told.Outcome.SUCCEEDED && entry.isBooked()) {
					watch(entry, quota, windows[i]);
				}
				LimitChange change = windows[i].hear(new Told(quota.limit(), quota.remaining(), outcome),
						sent(entry, i), entry.takenAtNanos(), rules(dimensions[i]));
				if (change != null) {
					changes = with(changes, change);
				}
			}
		}
		for (LimitChange change : UntoldLimits.follow(windows, dimensions)) {
			changes = with(changes, change);
		}
		return changes;
	}

	/**
	 * A provider says that calls come too fast. That is a matter of minutes: longer
	 * windows do not mind.
	 */
	void heed(Caution caution, RollingWindow[] windows, Dimension[] dimensions, long nowNanos) {
		for (int i = 0; i < windows.length; i++) {
			if (windows[i].windowNanos() > MINUTE_NANOS) {
				continue;
			}
			if (caution == Caution.OVER_LIMIT) {
				windows[i].spread(nowNanos);
			}
			else if (caution == Caution.GROWTH
					&& (dimensions[i] == Dimension.TOKENS || dimensions[i] == Dimension.INPUT_TOKENS)) {
				windows[i].grewTooFast();
			}
		}
	}

	private Heard.Rules rules(Dimension dimension) {
		Heard.Rules known = this.rules[dimension.ordinal()];
		if (known == null) {
			known = new Heard.Rules(this.tariff.learning().rules(dimension), this.tariff.spread(dimension),
					this.tariff.booking());
			this.rules[dimension.ordinal()] = known;
		}
		return known;
	}

	private void watch(LedgerEntry entry, Quota quota, RollingWindow window) {
		if (quota.remaining() == null || !this.tariff.learning().traits().exactRemaining()) {
			return;
		}
		if (this.watch == null) {
			this.watch = new BookingWatch(this.tariff.booking(), window.windowNanos(), window.guardNanos(),
					window.latestNanos());
		}
		else if (entry.sent() != null && entry.sent().isApart()) {
			this.watch.answered(quota.remaining(), window.limit().amount(), entry.takenAtNanos(), window.latestNanos());
		}
	}

	private static @Nullable SentCall sent(LedgerEntry entry, int window) {
		SentCalls sent = entry.sent();
		return (sent != null) ? sent.of(window, entry) : null;
	}

	private static Told.Outcome outcome(SignalKind kind) {
		if (kind == SignalKind.OK) {
			return Told.Outcome.SUCCEEDED;
		}
		return kind.isRateLimit() ? Told.Outcome.REFUSED : Told.Outcome.FAILED;
	}

	public static boolean tellsAnything(ProviderSignal signal) {
		return signal.requests().isKnown() || signal.tokens().isKnown() || signal.inputTokens().isKnown()
				|| signal.outputTokens().isKnown();
	}

	private static Quota quota(ProviderSignal signal, Dimension dimension) {
		return switch (dimension) {
			case REQUESTS -> signal.requests();
			case TOKENS -> signal.tokens();
			case INPUT_TOKENS -> signal.inputTokens();
			case OUTPUT_TOKENS -> signal.outputTokens();
			case CONCURRENT, ENQUEUED_TOKENS -> Quota.UNKNOWN;
		};
	}

}

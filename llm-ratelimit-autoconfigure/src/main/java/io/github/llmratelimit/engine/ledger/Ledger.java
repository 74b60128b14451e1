package io.github.llmratelimit.engine.ledger;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LimiterStatus;
import io.github.llmratelimit.Usage;
import io.github.llmratelimit.engine.settings.QueueSettings;
import io.github.llmratelimit.learning.LimitChange;
import io.github.llmratelimit.provider.Caution;
import io.github.llmratelimit.provider.ProviderSignal;
import io.github.llmratelimit.time.Ticks;
import org.jspecify.annotations.Nullable;

/**
 * All limits of one budget, taken together or not at all: windows of time, and amounts
 * that are held while calls run. Pure arithmetic like {@link RollingWindow}.
 */
public final class Ledger {

	/** Parts into which a window of a pool is divided. */
	public static final int POOL_SLOTS = RollingWindow.SLOTS_PER_WINDOW;

	/**
	 * Parts into which a tenant's window is divided: fewer than a provider's, since there
	 * may be ten thousand of them. Costs at most 3 % of a tenant's limit.
	 */
	public static final int TENANT_SLOTS = 64;

	private final Tariff tariff;

	/** Makes the window of a limit at an instant. */
	private final BiFunction<Limit, Long, RollingWindow> factory;

	private final Hearing hearing;

	private RollingWindow[] windows;

	/** Dimension of each window, beside it so that the hot path need not look it up. */
	private Dimension[] dimensions;

	private final HeldAmounts held;

	private final SlotRoom room;

	public Ledger(List<Limit> limits, Tariff tariff, @Nullable Duration guard, QueueSettings settings, long nowNanos) {
		this(limits, tariff,
				(limit, now) -> new RollingWindow(limit, (guard != null) ? guard : SlotRing.defaultGuard(limit),
						POOL_SLOTS, settings.lowWatermark(), settings.maxShareOfRemaining(), now),
				nowNanos);
		if (tariff.learning().startsCarefully()) {
			CarefulStart.begin(this.windows, this.dimensions);
		}
	}

	private Ledger(List<Limit> limits, Tariff tariff, BiFunction<Limit, Long, RollingWindow> factory, long nowNanos) {
		this.tariff = tariff;
		this.factory = factory;
		this.hearing = new Hearing(tariff);
		this.room = new SlotRoom(tariff, this.hearing);
		List<Limit> timed = limits.stream().filter((limit) -> limit.per() != null).toList();
		this.windows = timed.stream().map((limit) -> factory.apply(limit, nowNanos)).toArray(RollingWindow[]::new);
		this.dimensions = timed.stream().map(Limit::dimension).toArray(Dimension[]::new);
		this.held = new HeldAmounts(limits.stream().filter((limit) -> limit.per() == null).toList());
	}

	/** A copy of the windows. When what is held comes back, no forecast can know. */
	private Ledger(Ledger other) {
		other.room.close();
		this.tariff = other.tariff.copy();
		this.windows = Arrays.stream(other.windows).map(RollingWindow::copy).toArray(RollingWindow[]::new);
		this.dimensions = other.dimensions;
		this.factory = other.factory;
		this.hearing = new Hearing(this.tariff);
		this.room = new SlotRoom(this.tariff, this.hearing);
		this.held = HeldAmounts.NONE;
	}

	/**
	 * The ledger of one tenant. No network is between us and our own limits: no guard.
	 */
	public static Ledger ofTenant(List<Limit> limits, Tariff tariff, long nowNanos) {
		return new Ledger(limits, tariff,
				(limit, now) -> new RollingWindow(limit, Duration.ZERO, TENANT_SLOTS, 0, 1, now), nowNanos);
	}

	/** The windows as they are, to go their own way in a plan or a rehearsal. */
	public Ledger copy() {
		return new Ledger(this);
	}

	public Tariff tariff() {
		return this.tariff;
	}

	/** Whether something comes back when a call ends, whatever it used. */
	public boolean endsMatter() {
		return !this.held.isEmpty() || this.tariff.takesExpected();
	}

	/** Whether calls may be added up until the slot ends, as they are from now on. */
	public boolean openRoom() {
		return this.tariff.isFixed() && this.held.isEmpty() && this.room.open(this.windows, this.dimensions);
	}

	public SlotRoom room() {
		return this.room;
	}

	public void advance(long nowNanos) {
		this.room.close();
		boolean changed = false;
		for (RollingWindow window : this.windows) {
			changed |= window.advance(nowNanos);
		}
		if (changed) {
			UntoldLimits.follow(this.windows, this.dimensions);
		}
	}

	public boolean fits(Cost cost) {
		for (int i = 0; i < this.windows.length; i++) {
			if (!fits(i, cost)) {
				return false;
			}
		}
		return this.held.fits(cost);
	}

	private boolean fits(int window, Cost cost) {
		long need = need(window, cost);
		Dimension dimension = this.dimensions[window];
		if (!this.tariff.isUncertain(dimension)) {
			return this.windows[window].fits(need, 0, need);
		}
		return this.windows[window].fits(need, need - this.tariff.expected(cost, dimension),
				this.tariff.estimate(cost, dimension));
	}

	/** The same for one with which nothing else competes. */
	public boolean fitsAlone(Cost cost) {
		return IntStream.range(0, this.windows.length).allMatch((i) -> this.windows[i].fitsAlone(need(i, cost)))
				&& this.held.fits(cost);
	}

	/** What must be free of a window. */
	private long need(int window, Cost cost) {
		return this.tariff.need(cost, this.windows[window].limit());
	}

	/** What is held while calls run. */
	public HeldAmounts held() {
		return this.held;
	}

	/** Takes what a call needs, whatever the limits say. */
	public void take(LedgerEntry entry, long nowNanos) {
		entry.taken(nowNanos, this.tariff.ratios());
		takeBeside(entry);
		this.tariff.started(entry.cost());
	}

	/** Takes a cost without an entry: in a plan. */
	public void take(Cost cost) {
		for (int i = 0; i < this.windows.length; i++) {
			this.windows[i].take(this.tariff.estimate(cost, this.dimensions[i]));
		}
	}

	/** Takes for a tenant what its pool's ledger has taken. */
	public void takeBeside(LedgerEntry entry) {
		takeAgain(entry);
		this.held.hold(entry.cost(), 1);
	}

	private void takeAgain(LedgerEntry entry) {
		for (int i = 0; i < this.windows.length; i++) {
			this.windows[i].take(this.tariff.taken(entry, this.dimensions[i]));
		}
		this.hearing.sent(entry, this.windows, this.dimensions);
	}

	/** A call is sent for which nothing is taken. */
	public void sentOutside(LedgerEntry entry, long nowNanos) {
		entry.taken(nowNanos, null);
		this.hearing.sentOutside(entry, this.windows, this.dimensions);
	}

	/** A call has ended: what it held comes back. */
	public void ended(LedgerEntry entry) {
		this.held.hold(entry.cost(), -1);
		this.tariff.ended(entry.cost());
		this.hearing.ended(entry);
	}

	/** Gives back what a call took, with or without its request. */
	public void giveBack(LedgerEntry entry, boolean request) {
		this.hearing.uncounted(entry, this.windows);
		for (int i = 0; i < this.windows.length; i++) {
			if (request || this.dimensions[i] != Dimension.REQUESTS) {
				this.windows[i].correct(entry.takenAtNanos(), -this.tariff.taken(entry, this.dimensions[i]));
			}
		}
	}

	/** Nobody knows what a call used: all that it may have stays taken. */
	public void keep(LedgerEntry entry) {
		this.hearing.used(entry, null, this.windows, this.dimensions);
		for (int i = 0; entry.ratios() != null && i < this.windows.length; i++) {
			long taken = this.tariff.taken(entry, this.dimensions[i]);
			long estimate = this.tariff.estimate(entry.cost(), this.dimensions[i]);
			this.windows[i].correct(entry.takenAtNanos(), Math.max(0, estimate - taken));
		}
	}

	/**
	 * Corrects what a call took to what it used. Where the provider books estimates
	 * nothing comes back, so only what was used beyond the cost is added.
	 */
	public void settle(LedgerEntry entry, Usage usage) {
		this.hearing.used(entry, usage, this.windows, this.dimensions);
		for (int i = 0; i < this.windows.length; i++) {
			if (this.tariff.isUncertain(this.dimensions[i]) && this.windows[i].isNearlyFull()) {
				this.tariff.spread(this.dimensions[i]).fitted();
			}
			if (this.dimensions[i] != Dimension.REQUESTS) {
				this.windows[i].correct(entry.takenAtNanos(), this.tariff.correction(entry, usage, this.dimensions[i]));
			}
		}
	}

	/** A call told what it used, and nothing comes back for that. */
	public void used(LedgerEntry entry, Usage usage, long nowNanos) {
		this.hearing.usedOnly(entry, usage, this.windows, this.dimensions, nowNanos);
	}

	/** Takes from now on what a call took before. */
	public void takeLater(LedgerEntry entry, long nowNanos) {
		giveBack(entry, true);
		entry.taken(nowNanos, entry.ratios());
		takeAgain(entry);
	}

	/**
	 * The windows that a refusal can mean.
	 * @param meant the dimensions refused; empty if the provider did not say
	 * @param longest windows longer than this are not meant
	 */
	public RefusedWindows refused(List<Dimension> meant, Duration longest) {
		this.room.close();
		return new RefusedWindows(Arrays.stream(this.windows)
			.filter((window) -> meant.isEmpty() || meant.contains(window.limit().dimension()))
			.filter((window) -> window.windowNanos() <= Ticks.nanos(longest))
			.toList(), this.tariff);
	}

	/** Whether answers may let calls start before our ledger does, or later. */
	public boolean isJudged() {
		return Arrays.stream(this.windows).anyMatch(RollingWindow::isJudged);
	}

	/** A provider says that calls come too fast. */
	public void heed(Caution caution, long nowNanos) {
		this.hearing.heed(caution, this.windows, this.dimensions, nowNanos);
	}

	/**
	 * A call was answered.
	 * @return what that changed
	 */
	public List<LimitChange> hear(LedgerEntry entry, ProviderSignal signal, long nowNanos) {
		List<LimitChange> changes = this.hearing.untoldOf(signal, this.windows, this.dimensions);
		for (LimitChange found : changes) {
			RollingWindow window = UntoldLimits.begin(found.to(), nowNanos, this.windows, this.dimensions,
					this.factory);
			this.windows = Arrays.copyOf(this.windows, this.windows.length + 1);
			this.windows[this.windows.length - 1] = window;
			this.dimensions = Arrays.copyOf(this.dimensions, this.windows.length);
			this.dimensions[this.windows.length - 1] = found.to().dimension();
		}
		return this.hearing.hear(entry, signal, this.windows, this.dimensions, changes);
	}

	public @Nullable Booking suggestedBooking(long nowNanos) {
		return this.hearing.suggestedBooking(nowNanos);
	}

	/**
	 * When a cost will fit into all windows, if nothing else is taken until then. What is
	 * held while calls run comes back when they end, which nobody knows.
	 */
	public long fitsAt(long nowNanos, Cost cost) {
		long latest = nowNanos;
		for (int i = 0; i < this.windows.length; i++) {
			latest = Ticks.latest(latest, this.windows[i].fitsAt(nowNanos, need(i, cost)));
		}
		return latest;
	}

	/**
	 * When a cost will fit that stands behind others.
	 * @param ahead what they need, by dimension
	 */
	public long fitsBehind(long nowNanos, long[] ahead, Cost cost) {
		long latest = nowNanos;
		for (int i = 0; i < this.windows.length; i++) {
			long instant = this.windows[i].fitsBehind(nowNanos, ahead[this.dimensions[i].ordinal()], need(i, cost));
			latest = Ticks.latest(latest, instant);
		}
		return latest;
	}

	/**
	 * What may be taken now of each window without keeping a cost from starting at a
	 * later instant.
	 */
	public long[] slackAt(long instantNanos, Cost cost) {
		long[] slack = new long[this.windows.length];
		for (int i = 0; i < slack.length; i++) {
			slack[i] = this.windows[i].slackAt(instantNanos, need(i, cost));
		}
		return slack;
	}

	/**
	 * Whether a cost is within a slack, in which the margin for what is uncertain is
	 * already held once.
	 */
	public boolean isWithin(long[] slack, Cost cost) {
		return IntStream.range(0, slack.length)
			.allMatch((i) -> this.tariff.expected(cost, this.dimensions[i]) <= slack[i]);
	}

	/** The limit that keeps a cost waiting longest, or {@code null} if it fits. */
	public @Nullable Limit binding(long nowNanos, Cost cost) {
		long latest = nowNanos;
		Limit binding = null;
		for (int i = 0; i < this.windows.length; i++) {
			long instant = this.windows[i].fitsAt(nowNanos, need(i, cost));
			if (instant - latest > 0) {
				latest = instant;
				binding = this.windows[i].limit();
			}
		}
		return (binding != null) ? binding : this.held.binding(cost);
	}

	/** The limit that a cost exceeds as a whole, or {@code null} if it can fit. */
	public @Nullable Limit exceeded(Cost cost) {
		for (int i = 0; i < this.windows.length; i++) {
			if (this.tariff.estimate(cost, this.dimensions[i]) > this.windows[i].limit().amount()) {
				return this.windows[i].limit();
			}
		}
		return this.held.exceeded(cost);
	}

	/**
	 * Changes the amount of one limit.
	 * @return whether there is such a limit
	 */
	public boolean changeLimit(Limit limit) {
		for (RollingWindow window : this.windows) {
			if (window.limit().dimension() == limit.dimension() && Objects.equals(window.limit().per(), limit.per())) {
				window.limit(limit);
				UntoldLimits.follow(this.windows, this.dimensions);
				return true;
			}
		}
		return this.held.changeLimit(limit);
	}

	public List<Limit> limits() {
		return Stream.concat(Arrays.stream(this.windows).map(RollingWindow::limit), this.held.limits().stream())
			.toList();
	}

	/** Every limit with what is left of it. */
	public List<LimiterStatus.Window> windows() {
		List<LimiterStatus.Window> windows = new ArrayList<>();
		for (RollingWindow window : this.windows) {
			windows.add(new LimiterStatus.Window(window.limit(), Math.max(0, window.remaining())));
		}
		this.held.addTo(windows);
		return windows;
	}

}

package io.github.llmratelimit.engine.admission;

import java.util.Objects;

import io.github.llmratelimit.Usage;
import io.github.llmratelimit.engine.ledger.Ledger;
import io.github.llmratelimit.engine.ledger.SlotRoom;
import org.jspecify.annotations.Nullable;

/**
 * The pool's ledger and those of its tenants, which are written together: what a call
 * takes, it takes of both.
 */
final class Books {

	private final Ledger pool;

	private final Tenants tenants;

	private final FairQueue queue;

	Books(Ledger pool, Tenants tenants, FairQueue queue) {
		this.pool = pool;
		this.tenants = tenants;
		this.queue = queue;
	}

	/**
	 * The ledger of the tenant of a call, moved on to now, {@code null} if it has no
	 * limits of its own.
	 */
	@Nullable Ledger ownOf(@Nullable String tenant, long nowNanos) {
		Tenant limited = limitedTenant(tenant, nowNanos);
		return (limited != null) ? limited.ledger : null;
	}

	/**
	 * The tenant of a call, its ledger moved on to now, {@code null} if it has no limits
	 * of its own.
	 */
	@Nullable Tenant limitedTenant(@Nullable String name, long nowNanos) {
		if (name == null || !this.tenants.haveLimits()) {
			return null;
		}
		Tenant tenant = this.tenants.find(name, nowNanos);
		return (tenant.ledger != null) ? tenant : null;
	}

	/** The same of a call that waits. */
	@Nullable Ledger ownOf(Waiter waiter, long nowNanos) {
		Ledger own = (waiter.line != null) ? waiter.line.tenant.ledger : null;
		if (own != null) {
			own.advance(nowNanos);
		}
		return own;
	}

	boolean fitsTenant(Waiter waiter, long nowNanos) {
		Ledger own = ownOf(waiter, nowNanos);
		return own == null || own.fits(waiter.cost());
	}

	/**
	 * Takes what a call needs that does not wait, whatever the limits say. Both ledgers
	 * have been moved on to now.
	 * @param limited its tenant, if that has limits of its own
	 */
	void take(Entry entry, @Nullable Tenant limited, long nowNanos) {
		this.pool.take(entry, nowNanos);
		if (limited != null && limited.ledger != null) {
			limited.ledger.takeBeside(entry);
			limited.usedNanos = nowNanos;
			if (limited.ledger.endsMatter()) {
				this.queue.startedAtOnce(limited, entry);
			}
			else {
				// its end changes nothing here, so most calls can end without the lock
				entry.heldBy(limited);
			}
		}
	}

	/**
	 * Takes what a call needs without a look at any window, if both ledgers have room.
	 * @return whether it was taken
	 */
	boolean takeOfRoom(Entry entry, long nowNanos) {
		SlotRoom room = this.pool.room();
		boolean taken = room.fits(entry.cost(), nowNanos) && takeOfTenant(entry, nowNanos);
		if (taken) {
			room.take(entry.cost());
			entry.taken(nowNanos, null);
			room.remember(entry);
		}
		return taken;
	}

	private boolean takeOfTenant(Entry entry, long nowNanos) {
		if (entry.tenant() == null || !this.tenants.haveLimits()) {
			return true;
		}
		Tenant tenant = this.tenants.known(entry.tenant());
		if (tenant == null || tenant.ledger == null) {
			return tenant != null;
		}
		SlotRoom room = tenant.ledger.room();
		boolean taken = room.fits(entry.cost(), nowNanos);
		if (taken) {
			room.take(entry.cost());
			tenant.usedNanos = nowNanos;
			entry.heldBy(tenant);
		}
		return taken;
	}

	/** Lets calls like one that has just been taken be added up until a slot ends. */
	void openRoom(Entry entry) {
		Tenant tenant = entry.holder();
		if (this.pool.openRoom() && tenant != null && tenant.ledger != null) {
			tenant.ledger.openRoom();
		}
	}

	/** Takes what a call needs that waited, and takes it out of the queue. */
	void start(Waiter waiter, long nowNanos) {
		this.pool.take(waiter.entry, nowNanos);
		Ledger own = ownOf(waiter, nowNanos);
		if (own != null) {
			own.takeBeside(waiter.entry);
		}
		this.queue.started(waiter, nowNanos);
	}

	/**
	 * A call has ended.
	 * @param usage what it used, where that is known
	 */
	void end(Entry entry, Ending ending, @Nullable Usage usage, long nowNanos) {
		this.pool.advance(nowNanos);
		end(this.pool, entry, ending, usage);
		if (usage != null) {
			this.pool.tariff().observe(entry.cost(), usage);
		}
		Tenant tenant = entry.holder();
		if (tenant != null) {
			if (tenant.ledger != null) {
				tenant.ledger.advance(nowNanos);
				end(tenant.ledger, entry, ending, usage);
				this.queue.heldBack().release(tenant);
			}
			if (entry.isCounted()) {
				this.queue.ended(tenant, nowNanos);
			}
		}
	}

	private static void end(Ledger books, Entry entry, Ending ending, @Nullable Usage usage) {
		switch (ending) {
			case SETTLED -> books.settle(entry, Objects.requireNonNull(usage));
			case KEPT -> books.keep(entry);
			case GIVEN_BACK -> books.giveBack(entry, true);
			case REFUSED -> books.giveBack(entry, false);
		}
		books.ended(entry);
	}

	/** A call leaves only now: what it took is held from now on. */
	void takeLater(Entry entry, long nowNanos) {
		long takenAt = entry.takenAtNanos();
		// one that is not counted may have been forgotten meanwhile
		Tenant tenant = entry.isCounted() ? entry.holder() : limitedTenant(entry.tenant(), nowNanos);
		if (tenant != null && tenant.ledger != null) {
			tenant.ledger.advance(nowNanos);
			tenant.ledger.takeLater(entry, nowNanos);
			tenant.usedNanos = nowNanos;
			entry.taken(takenAt, entry.ratios());
			entry.heldBy(tenant);
		}
		this.pool.advance(nowNanos);
		this.pool.takeLater(entry, nowNanos);
	}

}

package io.github.llmratelimit.engine.admission;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.github.llmratelimit.Booking;
import io.github.llmratelimit.CostRule;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.engine.ledger.Tariff;
import io.github.llmratelimit.engine.settings.TenantPolicy;
import io.github.llmratelimit.engine.settings.TenantSettings;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for how long {@link Tenants} are known.
 */
class TenantsTests {

	/** A clock that reads less than zero: only differences mean something. */
	private static final long START = -Duration.ofDays(1000).toNanos();

	private static final long MINUTE = Duration.ofMinutes(1).toNanos();

	/** A tenant's window with a slot on either side, and a little more. */
	private static final long PASSED = MINUTE + MINUTE / 30;

	private final Tariff tariff = new Tariff(CostRule.PLAIN, Booking.ESTIMATE);

	private final Limit limit = Limit.perMinute(Dimension.TOKENS, 100);

	private Tenants tenants = new Tenants(new TenantSettings(limited(), Map.of()), this.tariff);

	@Test
	void findWhenAskedAgainWithinTheWindowIsTheSame() {
		Tenant tenant = use("acme", START);
		come(MINUTE, 10);
		assertThat(this.tenants.find("acme", START + MINUTE)).isSameAs(tenant);
	}

	@Test
	void findWhenWindowHasPassedAndOthersComeHasForgotten() {
		use("acme", START);
		use("other", START + PASSED);
		assertThat(this.tenants.known("acme")).isNull();
	}

	@Test
	void findWhenWindowHasNotPassedAndOthersComeStillKnows() {
		use("acme", START);
		use("other", START + MINUTE);
		assertThat(this.tenants.known("acme")).isNotNull();
	}

	@Test
	void findWhenTenantIsActiveNeverForgets() {
		Tenant tenant = this.tenants.find("acme", START);
		tenant.inFlight++;
		come(10 * PASSED, 10);
		assertThat(this.tenants.known("acme")).isSameAs(tenant);
	}

	@Test
	void findWhenSomeTenantsAreActiveForLongForgetsTheOthers() {
		for (int i = 0; i < 5; i++) {
			this.tenants.find("busy " + i, START).inFlight++;
		}
		come(0, 100);
		come(PASSED, 200);
		come(2 * PASSED, 400);
		assertThat(this.tenants.known()).isLessThanOrEqualTo(5 + 400);
	}

	@Test
	void findWhenTenantNeverTookAnythingForgetsItToo() {
		for (int i = 0; i < 100; i++) {
			this.tenants.find("only asked " + i, START);
		}
		come(PASSED, 200);
		assertThat(this.tenants.known()).isEqualTo(200);
	}

	@Test
	void findWhenTenantHasNoLimitsForgetsItToo() {
		this.tenants = new Tenants(new TenantSettings(TenantPolicy.FAIR, Map.of("acme", limited())), this.tariff);
		for (int i = 0; i < 100; i++) {
			this.tenants.find("only asked " + i, START);
		}
		come(PASSED, 200);
		assertThat(this.tenants.known()).isLessThanOrEqualTo(200);
	}

	@Test
	void becameIdleWhenTenantHasNoLimitsForgetsAtOnce() {
		this.tenants = new Tenants(TenantSettings.FAIR, this.tariff);
		use("acme", START);
		assertThat(this.tenants.known()).isZero();
	}

	@Test
	void findWhenNobodyIsNamedIsNobodyForAll() {
		assertThat(this.tenants.find(null, START)).isSameAs(this.tenants.find(null, START + 1));
		assertThat(this.tenants.known()).isZero();
	}

	@Test
	void findWhenTenantHasItsOwnPolicyGetsItsWeight() {
		TenantPolicy heavy = new TenantPolicy(7, List.of());
		this.tenants = new Tenants(new TenantSettings(TenantPolicy.FAIR, Map.of("acme", heavy)), this.tariff);
		assertThat(this.tenants.find("acme", START).weight).isEqualTo(7);
	}

	private TenantPolicy limited() {
		return new TenantPolicy(1, List.of(this.limit));
	}

	/** Others come and go. */
	private void come(long sinceStart, int howMany) {
		for (int i = 0; i < howMany; i++) {
			use("at " + sinceStart + " came " + i, START + sinceStart);
		}
	}

	private Tenant use(String name, long now) {
		Tenant tenant = this.tenants.find(name, now);
		tenant.inFlight++;
		tenant.inFlight--;
		this.tenants.becameIdle(tenant, now);
		return tenant;
	}

}

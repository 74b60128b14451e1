package io.github.llmratelimit.simulation;

import java.util.function.UnaryOperator;

import io.github.llmratelimit.Booking;

/**
 * What is simulated.
 *
 * @param name for the table
 * @param account what the provider grants, and how it enforces and books it
 * @param load what users want
 * @param trouble what the client doesn't know
 * @param minutes length, after {@value #WARM_UP_MINUTES} minutes that are not measured
 */
record Scenario(String name, Account account, Load load, Trouble trouble, int minutes) {

	static final int WARM_UP_MINUTES = 3;

	/** The standard load: 200 users, more than the limit allows. */
	static Scenario big(Enforcement enforcement, Booking booking) {
		Account account = new Account(1_000, 2_000_000, enforcement, booking, false);
		return new Scenario("big", account, new Load(200, 0, 0, false, 0.2, 3, false), Trouble.NONE, 30);
	}

	/** Few users, and a limit of which one call may need a fifth. */
	static Scenario small(Enforcement enforcement, Booking booking) {
		Account account = new Account(1_000, 100_000, enforcement, booking, false);
		return new Scenario("small", account, new Load(30, 0, 0, false, 0.2, 2, false), Trouble.NONE, 60);
	}

	Scenario named(String newName) {
		return new Scenario(newName, this.account, this.load, this.trouble, this.minutes);
	}

	Scenario with(UnaryOperator<Load> change) {
		return new Scenario(this.name, this.account, change.apply(this.load), this.trouble, this.minutes);
	}

	Scenario with(Trouble newTrouble, int newMinutes) {
		return new Scenario(this.name, this.account, this.load, newTrouble, newMinutes);
	}

	Scenario countingOutputAsProduced() {
		Account produced = new Account(this.account.rpm, this.account.tpm, this.account.enforcement,
				this.account.booking, true);
		return new Scenario(this.name, produced, this.load, this.trouble, this.minutes);
	}

	/** Largest estimate of a call. */
	long largestEstimate() {
		return (long) (this.load.largestShare * this.account.tpm * this.account.enforcement.windowNanos
				/ 60_000_000_000L);
	}

	/** Requests per minute that the client believes in. */
	long configuredRpm() {
		return (long) (this.account.rpm * this.trouble.configuredFactor);
	}

	/** Tokens per minute that the client believes in. */
	long configuredTpm() {
		return (long) (this.account.tpm * this.trouble.configuredFactor);
	}

	/**
	 * What the provider grants.
	 *
	 * @param rpm requests per minute
	 * @param tpm tokens per minute
	 * @param enforcement how it enforces them
	 * @param booking how it books a call
	 * @param outputAsProduced whether {@link Booking#ACTUAL} takes the output while it is
	 * produced. If not, it takes all of the real tokens at arrival, which is what the
	 * bound is made for: whoever counts output late lets in more than fits.
	 */
	record Account(long rpm, long tpm, Enforcement enforcement, Booking booking, boolean outputAsProduced) {
	}

	/**
	 * What users want.
	 *
	 * @param users how many there are, each a tenant
	 * @param offered calls that come whatever happened to those before (open loop), as a
	 * part of the limit; 0 if every user waits for the answer before the next call
	 * (closed loop)
	 * @param noisyShare part of the calls that the first user makes in an open loop; 0 if
	 * all make as many
	 * @param classes whether a tenth of the users has high priority and half of them
	 * batch priority; if not, all are normal
	 * @param largestShare largest estimate of a call, as a part of what a window of the
	 * provider grants
	 * @param estimateFactor estimates are between once and this many times the real
	 * tokens
	 * @param shortAnswers whether short latencies are more frequent than long ones,
	 * evenly by their logarithm; if not, all between 0.5 and 20 s are equally frequent
	 */
	record Load(int users, double offered, double noisyShare, boolean classes, double largestShare,
			double estimateFactor, boolean shortAnswers) {

		Load offering(double part) {
			return new Load(this.users, part, this.noisyShare, this.classes, this.largestShare, this.estimateFactor,
					this.shortAnswers);
		}

		Load withNoisy(double part) {
			return new Load(this.users, this.offered, part, this.classes, this.largestShare, this.estimateFactor,
					this.shortAnswers);
		}

		Load withShortAnswers() {
			return new Load(this.users, this.offered, this.noisyShare, this.classes, this.largestShare,
					this.estimateFactor, true);
		}

		Load withClasses() {
			return new Load(this.users, this.offered, this.noisyShare, true, this.largestShare, this.estimateFactor,
					this.shortAnswers);
		}

	}

	/**
	 * What the client doesn't know.
	 *
	 * @param configuredFactor its limits, as a multiple of the true ones
	 * @param foreignShare part of the limit that another user of the key wants for
	 * {@value World#FOREIGN_MINUTES} minutes in the middle
	 * @param behaviourKnown whether it knows how the provider enforces and books
	 */
	record Trouble(double configuredFactor, double foreignShare, boolean behaviourKnown) {

		static final Trouble NONE = new Trouble(1, 0, true);

		static final Trouble DOUBLED = new Trouble(2, 0, true);

		static final Trouble SHARED_KEY = new Trouble(1, 0.3, true);

		static final Trouble UNKNOWN = new Trouble(1, 0, false);

	}

}

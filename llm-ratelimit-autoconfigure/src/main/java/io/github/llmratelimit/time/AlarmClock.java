package io.github.llmratelimit.time;

/**
 * A monotonic clock that can call back at an instant. Reading time and waiting for it go
 * through this one seam, so that a test or a simulation can move both.
 */
public interface AlarmClock extends Ticker {

	/**
	 * Creates an alarm, not set.
	 * @param task what to do when it goes off; must be quick and must not throw
	 * @return the alarm
	 */
	Alarm newAlarm(Runnable task);

	/**
	 * Calls back at one instant at a time.
	 */
	interface Alarm {

		/**
		 * Sets the alarm, in place of what it was set to before. May go off at once, on
		 * another thread, if the instant has passed.
		 * @param atNanos the reading of the clock at which to go off
		 */
		void set(long atNanos);

	}

}

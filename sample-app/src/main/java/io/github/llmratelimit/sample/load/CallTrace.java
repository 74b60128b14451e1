package io.github.llmratelimit.sample.load;

import java.io.IOException;
import java.io.InterruptedIOException;

import org.jspecify.annotations.Nullable;

/**
 * Where the current call of one user stands.
 */
final class CallTrace {

	/*
	 * Why a trace.
	 *
	 * When a load ends, some of its calls still wait for budget, others have been sent.
	 * The latter must be let finish, since they have been charged. The former would wait
	 * for up to a minute more, so they are interrupted; but a call must never be
	 * interrupted in the instant in which it is sent. Only the HTTP client knows that
	 * instant, and only the user's thread belongs to the call. So the thread carries this
	 * trace, the client's interceptor marks it, and one lock decides which comes first.
	 */

	private static final ThreadLocal<@Nullable CallTrace> CURRENT = new ThreadLocal<>();

	private @Nullable Thread thread;

	private State state = State.IDLE;

	private boolean ended;

	private long sentAt;

	/**
	 * Makes the calling thread carry this trace.
	 */
	synchronized void attach() {
		this.thread = Thread.currentThread();
		CURRENT.set(this);
	}

	/**
	 * Returns the trace of the calling thread.
	 * @return the trace, or {@code null} if the thread belongs to no load
	 */
	static @Nullable CallTrace current() {
		return CURRENT.get();
	}

	/**
	 * The user begins a call.
	 * @return whether he still may
	 */
	synchronized boolean begin() {
		if (this.ended) {
			return false;
		}
		this.state = State.WAITING;
		return true;
	}

	/**
	 * The call is about to be sent.
	 * @param now the current tick
	 * @throws IOException if the load has ended before
	 */
	synchronized void sending(long now) throws IOException {
		if (this.state == State.CUT_OFF) {
			throw new InterruptedIOException("The load has ended");
		}
		this.state = State.SENT;
		this.sentAt = now;
	}

	/**
	 * The provider refused or failed: if somebody tries again, he waits.
	 */
	synchronized void failed() {
		this.state = State.WAITING;
	}

	/**
	 * The user's call is over.
	 * @return whether it was cut off, because the load ended before it was sent
	 */
	synchronized boolean finish() {
		boolean cutOff = (this.state == State.CUT_OFF);
		this.state = State.IDLE;
		return cutOff;
	}

	/**
	 * The load is over: a call that waits is interrupted, one that was sent is not. To be
	 * called again from time to time, for a call that was sent may fail and wait again.
	 */
	synchronized void end() {
		this.ended = true;
		if (this.state == State.WAITING && this.thread != null) {
			this.state = State.CUT_OFF;
			this.thread.interrupt();
		}
	}

	/**
	 * Returns when the call was sent, the last time if there were several.
	 * @return a tick
	 */
	synchronized long sentAt() {
		return this.sentAt;
	}

	synchronized State state() {
		return this.state;
	}

	enum State {

		/**
		 * The user thinks.
		 */
		IDLE,

		/**
		 * The call hasn't been sent yet, or waits to be sent again.
		 */
		WAITING,

		/**
		 * The provider works on it.
		 */
		SENT,

		/**
		 * It was interrupted before it was sent.
		 */
		CUT_OFF

	}

}

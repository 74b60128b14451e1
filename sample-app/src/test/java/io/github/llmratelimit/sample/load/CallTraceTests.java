package io.github.llmratelimit.sample.load;

import java.io.IOException;
import java.io.InterruptedIOException;

import io.github.llmratelimit.sample.load.CallTrace.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link CallTrace}.
 */
class CallTraceTests {

	private final CallTrace trace = new CallTrace();

	@BeforeEach
	void attach() {
		this.trace.attach();
	}

	@AfterEach
	void clearInterrupt() {
		Thread.interrupted();
	}

	@Test
	void currentIsTheAttachedOne() {
		assertThat(CallTrace.current()).isSameAs(this.trace);
	}

	@Test
	void endWhenCallWaitsInterruptsIt() {
		this.trace.begin();
		this.trace.end();
		assertThat(Thread.interrupted()).isTrue();
		assertThatExceptionOfType(InterruptedIOException.class).isThrownBy(() -> this.trace.sending(1));
		assertThat(this.trace.finish()).isTrue();
	}

	@Test
	void endWhenCallIsSentLetsItFinish() throws IOException {
		this.trace.begin();
		this.trace.sending(7);
		this.trace.end();
		assertThat(Thread.interrupted()).isFalse();
		assertThat(this.trace.finish()).isFalse();
		assertThat(this.trace.sentAt()).isEqualTo(7);
	}

	@Test
	void endWhenUserThinksLetsHimBeginNoMore() {
		this.trace.end();
		assertThat(Thread.interrupted()).isFalse();
		assertThat(this.trace.begin()).isFalse();
	}

	@Test
	void failedLetsTheCallWaitForItsNextAttempt() throws IOException {
		this.trace.begin();
		this.trace.sending(1);
		this.trace.failed();
		assertThat(this.trace.state()).isEqualTo(State.WAITING);
		this.trace.sending(5);
		assertThat(this.trace.sentAt()).isEqualTo(5);
		assertThat(this.trace.finish()).isFalse();
	}

	@Test
	void failedWhenLoadHasEndedAllowsNoNextAttempt() throws IOException {
		this.trace.begin();
		this.trace.sending(1);
		this.trace.end();
		this.trace.failed();
		this.trace.end();
		assertThat(Thread.interrupted()).isTrue();
		assertThat(this.trace.finish()).isTrue();
	}

}

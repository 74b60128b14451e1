package io.github.llmratelimit.sample.provider;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.github.llmratelimit.sample.provider.LimitWindow.Taken;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AdmissionLog}.
 */
class AdmissionLogTests {

	private final AdmissionLog log = new AdmissionLog(60);

	@Test
	void tokensBetweenCountsFirstTickAndNotLast() {
		this.log.add(0, 1, 1);
		this.log.add(10, 1, 2);
		this.log.add(20, 1, 4);
		assertThat(this.log.tokensBetween(0, 20)).isEqualTo(3);
		assertThat(this.log.tokensBetween(1, 21)).isEqualTo(6);
	}

	@Test
	void tokensBetweenForgetsWhatIsOlderThanItsRetention() {
		long retention = AdmissionLog.RETENTION.toNanos();
		this.log.add(0, 1, 1);
		this.log.add(retention + 1, 1, 2);
		assertThat(this.log.tokensBetween(0, retention + 2)).isEqualTo(2);
	}

	@Test
	void tokensInWindowWhenAdmissionIsOneWindowOldLeavesItOut() {
		this.log.add(0, 1, 5);
		assertThat(this.log.tokensInWindow(59)).isEqualTo(5);
		assertThat(this.log.tokensInWindow(60)).isZero();
	}

	@Test
	void correctChangesWhatTheIntervalHolds() {
		Taken entry = this.log.add(0, 1, 5);
		this.log.correct(10, entry, 2);
		assertThat(this.log.tokensInWindow(59)).isEqualTo(2);
		assertThat(this.log.tokensBetween(0, 1)).isEqualTo(2);
		assertThat(this.log.maxTokens()).isEqualTo(5);
	}

	@Test
	void maxTokensIsTheMostOfAnyIntervalOnRandomAdmissions() {
		Random random = new Random(7);
		List<long[]> admissions = new ArrayList<>();
		long now = Long.MAX_VALUE - 500;
		for (int i = 0; i < 2_000; i++) {
			now += random.nextInt(20);
			long tokens = random.nextInt(100);
			this.log.add(now, 1, tokens);
			admissions.add(new long[] { now, tokens });
		}
		long maxTokens = 0;
		int maxRequests = 0;
		for (long[] first : admissions) {
			List<long[]> interval = admissions.stream()
				.filter((admission) -> admission[0] - first[0] >= 0 && admission[0] - first[0] < 60)
				.toList();
			maxTokens = Math.max(maxTokens, interval.stream().mapToLong((admission) -> admission[1]).sum());
			maxRequests = Math.max(maxRequests, interval.size());
		}
		assertThat(this.log.maxTokens()).isEqualTo(maxTokens);
		assertThat(this.log.maxRequests()).isEqualTo(maxRequests);
	}

}

package io.github.llmratelimit.tokens;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TextCounters}.
 */
class TextCountersTests {

	private final Queue<Runnable> tasks = new ArrayDeque<>();

	private final Failures failures = new Failures();

	private final TextCounters counters = new TextCounters((vocabulary) -> String::length, this.tasks::add,
			this.failures);

	@Test
	void getIfLoadedWhenFirstAskedLoadsOnAnotherThread() {
		assertThat(this.counters.getIfLoaded(Vocabulary.O200K)).isNull();
		assertThat(this.tasks).hasSize(1);
		this.tasks.remove().run();
		assertThat(this.counters.getIfLoaded(Vocabulary.O200K)).isNotNull();
	}

	@Test
	void getIfLoadedWhenAskedAgainLoadsOnce() {
		this.counters.getIfLoaded(Vocabulary.O200K);
		this.counters.getIfLoaded(Vocabulary.O200K);
		assertThat(this.tasks).hasSize(1);
	}

	@Test
	void getIfLoadedWhenOtherVocabularyIsLoadedIsNull() {
		this.counters.load(Vocabulary.O200K);
		assertThat(this.counters.getIfLoaded(Vocabulary.CL100K)).isNull();
	}

	@Test
	void loadWhenLoadedKeepsTheCounter() {
		this.counters.load(Vocabulary.O200K);
		TextCounter counter = this.counters.getIfLoaded(Vocabulary.O200K);
		this.counters.load(Vocabulary.O200K);
		assertThat(this.counters.getIfLoaded(Vocabulary.O200K)).isSameAs(counter);
		assertThat(this.tasks).isEmpty();
	}

	@Test
	void loadWhenVocabularyIsBrokenCountsTheFailure() {
		TextCounters broken = new TextCounters((vocabulary) -> {
			throw new IllegalStateException("broken");
		}, Runnable::run, this.failures);
		assertThat(broken.getIfLoaded(Vocabulary.O200K)).isNull();
		assertThat(broken.getIfLoaded(Vocabulary.O200K)).isNull();
		assertThat(this.failures.count()).isOne();
	}

	@Test
	void getIfLoadedWhenNoThreadCanBeHadCountsTheFailure() {
		TextCounters refused = new TextCounters((vocabulary) -> String::length, (task) -> {
			throw new RejectedExecutionException();
		}, this.failures);
		assertThat(refused.getIfLoaded(Vocabulary.O200K)).isNull();
		assertThat(this.failures.count()).isOne();
	}

}

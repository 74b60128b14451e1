package io.github.llmratelimit.sample.load;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link LoadRequest}.
 */
class LoadRequestTests {

	@Test
	void limitsThemselvesAreValid() {
		assertThatNoException().isThrownBy(() -> new LoadRequest(1, 1, true, false, 0));
		assertThatNoException().isThrownBy(() -> new LoadRequest(500, 900, false, true, 0));
	}

	@Test
	void usersWhenOutOfRangeAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> new LoadRequest(0, 1, true, false, 0))
			.withMessage("Invalid users (0): must be between 1 and 500");
		assertThatIllegalArgumentException().isThrownBy(() -> new LoadRequest(501, 1, true, false, 0));
	}

	@Test
	void secondsWhenOutOfRangeAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> new LoadRequest(1, 901, true, false, 0))
			.withMessage("Invalid seconds (901): must be between 1 and 900");
	}

	@Test
	void retryWithLimiterIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> new LoadRequest(1, 1, true, true, 0))
			.withMessage("Invalid retry (true): must be false with limiter=true, which retries by itself");
	}

}

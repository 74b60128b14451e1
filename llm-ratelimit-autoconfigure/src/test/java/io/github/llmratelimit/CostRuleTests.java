package io.github.llmratelimit;

import java.util.Random;

import io.github.llmratelimit.CostRule.Formula;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link CostRule}.
 */
class CostRuleTests {

	@Test
	void coversWhenUsageIsWithinBothPartsIsTrue() {
		assertThat(CostRule.PLAIN.covers(Cost.of(400, 100), Usage.of(400, 100))).isTrue();
	}

	@Test
	void coversWhenAnyRuleSaysSoNoDimensionTakesMore() {
		Random random = new Random(11);
		int covered = 0;
		for (int i = 0; i < 100_000; i++) {
			CostRule rule = new CostRule(Formula.values()[random.nextInt(3)], random.nextInt(4),
					random.nextInt(4) / 2d);
			Cost cost = random.nextInt(5) == 0 ? Cost.ofTotal(random.nextInt(100))
					: Cost.of(random.nextInt(100), random.nextInt(100));
			int input = random.nextInt(100);
			Usage usage = new Usage(input, random.nextInt(100), random.nextInt(input + 1));
			if (rule.covers(cost, usage)) {
				covered++;
				for (Dimension dimension : new Dimension[] { Dimension.TOKENS, Dimension.INPUT_TOKENS,
						Dimension.OUTPUT_TOKENS }) {
					assertThat(rule.amount(usage, dimension)).as("%s %s %s %s", rule, cost, usage, dimension)
						.isLessThanOrEqualTo(rule.amount(cost, dimension));
				}
			}
		}
		assertThat(covered).isGreaterThan(10_000);
	}

}

package io.github.llmratelimit.aop;

import java.util.concurrent.atomic.AtomicInteger;

import io.github.llmratelimit.LlmRateLimited;
import io.github.llmratelimit.TenantResolver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests for {@link TenantSource} and who asks it. */
@ExtendWith(OutputCaptureExtension.class)
class TenantSourceTests {

	private final LimitedBeans beans = new LimitedBeans();

	@Test
	void callThatNamesNoTenantIsTheResolvers() {
		AtomicInteger number = new AtomicInteger();
		this.beans.withBean("tenants", (TenantResolver) () -> "tenant-" + number.incrementAndGet());
		Chat chat = this.beans.proxy(new Chat());
		chat.ask();
		chat.ask();
		assertThat(this.beans.limiter().requests()).extracting((request) -> request.tenant())
			.containsExactly("tenant-1", "tenant-2");
	}

	@Test
	void callThatNamesItsTenantIsItsOwn() {
		this.beans.withBean("tenants", (TenantResolver) () -> "resolved");
		this.beans.proxy(new Chat()).askFor("acme");
		assertThat(this.beans.limiter().request().tenant()).isEqualTo("acme");
	}

	@Test
	void callWithoutAnyResolverIsNobodys() {
		this.beans.proxy(new Chat()).ask();
		assertThat(this.beans.limiter().request().tenant()).isNull();
	}

	@Test
	void callWhenTheResolverFailsIsNobodysAndSaysSoOnce(CapturedOutput output) {
		this.beans.withBean("tenants", (TenantResolver) () -> {
			throw new IllegalStateException("no session");
		});
		Chat chat = this.beans.proxy(new Chat());
		chat.ask();
		chat.ask();
		assertThat(this.beans.limiter().requests()).allMatch((request) -> request.tenant() == null);
		assertThat(output).containsOnlyOnce("The TenantResolver failed");
	}

	static class Chat {

		@LlmRateLimited(model = "gpt-4o", tokens = "10")
		public void ask() {
		}

		@LlmRateLimited(model = "gpt-4o", tokens = "10", tenant = "#tenant")
		public void askFor(String tenant) {
		}

	}

}

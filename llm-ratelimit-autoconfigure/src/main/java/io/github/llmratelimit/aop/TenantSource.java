package io.github.llmratelimit.aop;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import io.github.llmratelimit.TenantResolver;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Whom calls are made for that do not say so themselves. The application's resolver is
 * asked for by the first of them, and its mistakes fail none.
 */
final class TenantSource {

	private static final Log logger = LogFactory.getLog(TenantSource.class);

	private final Supplier<TenantResolver> supplier;

	private final AtomicBoolean failed = new AtomicBoolean();

	private volatile @Nullable TenantResolver resolver;

	TenantSource(Supplier<TenantResolver> supplier) {
		this.supplier = supplier;
	}

	@Nullable String currentTenant() {
		try {
			TenantResolver known = this.resolver;
			if (known == null) {
				known = this.supplier.get();
				this.resolver = known;
			}
			return known.currentTenant();
		}
		catch (RuntimeException ex) {
			if (this.failed.compareAndSet(false, true)) {
				logger.warn("The TenantResolver failed: the call counts as nobody's; further failures are not logged",
						ex);
			}
			return null;
		}
	}

}

package io.github.llmratelimit.aop;

import java.util.List;

import io.github.llmratelimit.TenantResolver;
import io.github.llmratelimit.engine.ReturnTypeAdapter;
import io.github.llmratelimit.learning.InputRatios;
import io.github.llmratelimit.learning.OutputEstimates;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;

/**
 * Beans of the application that limited methods may use and need not have. None is
 * created before it is asked for.
 */
final class Surroundings {

	private final BeanFactory beanFactory;

	Surroundings(BeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	List<ReturnTypeAdapter> adapters() {
		return this.beanFactory.getBeanProvider(ReturnTypeAdapter.class).orderedStream().toList();
	}

	/** What calls taught, as far as the application learns. */
	Learned learned() {
		return new Learned(this.beanFactory.getBeanProvider(OutputEstimates.class).getIfAvailable(),
				this.beanFactory.getBeanProvider(InputRatios.class).getIfAvailable());
	}

	/** Whom calls are for that do not say it, {@code null} if nobody knows. */
	@Nullable TenantSource tenants() {
		boolean known = !(this.beanFactory instanceof ListableBeanFactory listable)
				|| listable.getBeanNamesForType(TenantResolver.class, true, false).length != 0;
		return known ? new TenantSource(() -> this.beanFactory.getBean(TenantResolver.class)) : null;
	}

}

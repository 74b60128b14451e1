package io.github.llmratelimit.broken;

import com.knuddels.jtokkit.api.Encoding;
import io.github.resilience4j.retry.Retry;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import org.aopalliance.intercept.MethodInterceptor;
import org.assertj.core.api.Assert;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.micrometer.metrics.autoconfigure.MeterRegistryCustomizer;
import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.core.io.Resource;
import org.springframework.expression.Expression;
import org.springframework.http.HttpHeaders;

/**
 * Sees every library, which no package may.
 */
public class BrokenRoot {

	private Encoding jtokkit;

	private JsonNode jackson;

	private Retry[] resilience;

	private MeterRegistry micrometer;

	private HttpHeaders springWeb;

	private HttpServletRequest servlet;

	private MethodInterceptor springAop;

	private Expression springExpression;

	private Health bootHealth;

	private MeterRegistryCustomizer<?> bootMetrics;

	private RestClientCustomizer bootClients;

	private SpringApplication boot;

	private Resource spring;

	private Assert<?, ?> unlisted;

}

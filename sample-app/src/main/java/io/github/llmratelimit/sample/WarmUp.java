package io.github.llmratelimit.sample;

import io.github.llmratelimit.sample.chat.ChatService;
import io.github.llmratelimit.sample.provider.SimulatedProvider;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.stereotype.Component;

/**
 * Makes one call, of the smallest size, before others do.
 */
@Component
class WarmUp implements ApplicationRunner {

	/*
	 * In a fresh JVM the first calls of a load were up to 500 ms late: admitted, but
	 * still on their way through classes that had to be loaded. A provider counts a call
	 * when it arrives, so a minute later the limiter lets calls go while the provider
	 * still counts the late ones. A limiter's guard covers the usual spread of latencies
	 * (60 ms), not a cold start. After one call they were 20 to 40 ms late. A service
	 * that meets real load should do the same, best before it reports that it is ready.
	 * It goes through the limiter, since the provider counts it as well.
	 */

	private static final Logger logger = LoggerFactory.getLogger(WarmUp.class);

	private final ChatService chat;

	private final @Nullable SimulatedProvider provider;

	WarmUp(ChatService chat, ObjectProvider<SimulatedProvider> provider) {
		this.chat = chat;
		this.provider = provider.getIfAvailable();
	}

	@Override
	public void run(ApplicationArguments args) {
		if (this.provider == null) {
			return; // a real provider wants money for it
		}
		try {
			this.chat.chat("Hello", 1);
		}
		catch (RuntimeException ex) {
			logger.warn("The built-in provider didn't answer the first call", ex);
		}
	}

}

package io.github.llmratelimit.broken.redis;

import io.github.llmratelimit.broken.engine.BrokenEngine;

public class BrokenRedis {

	private BrokenEngine downwards;

}

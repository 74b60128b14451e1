package io.github.llmratelimit.broken.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

@AutoConfiguration
class BrokenAutoConfiguration {

	@Bean
	@ConditionalOnClass(name = "absent.Type")
	public String openBean() {
		return "";
	}

}

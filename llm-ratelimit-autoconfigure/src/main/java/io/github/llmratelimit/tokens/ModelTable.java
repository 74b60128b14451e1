package io.github.llmratelimit.tokens;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * Which vocabulary a model uses, by the longest known prefix of its name.
 */
final class ModelTable {

	/*
	 * Names come in many coats: "gpt-4o-2024-11-20", "ft:gpt-4o-mini:acme::id",
	 * "openai/gpt-oss-120b", "us.anthropic.claude-sonnet-4-20250514-v1:0",
	 * "accounts/fireworks/models/deepseek-v3". So the whole name is tried first, then
	 * what follows each separator, and the first of these that has a known prefix
	 * decides. A prefix that ends in a letter must end a word: "phi" isn't meant by
	 * "philosopher".
	 *
	 * jtokkit's own table isn't used: it has gpt-4.1 on cl100k and knows nothing newer
	 * than gpt-4o. Ours follows tiktoken/model.py of github.com/openai/tiktoken (2025).
	 *
	 * What no prefix knows, such as an Azure deployment with a name of its own, is taken
	 * for a current OpenAI model.
	 */

	private static final int CACHED_NAMES = 1_024;

	private static final Map<String, TokenModel> PREFIXES = new HashMap<>();

	static {
		// o200k_harmony of gpt-oss differs from o200k_base in special tokens only
		add(new TokenModel(Vocabulary.O200K), "gpt-4o", "gpt-4.", "gpt-41", "gpt-45", "gpt-5", "gpt-6", "gpt-oss",
				"chatgpt", "codex", "o1", "o3", "o4");
		add(new TokenModel(Vocabulary.CL100K), "gpt-4", "gpt-3.5", "gpt-35", "text-embedding-", "davinci-002",
				"babbage-002");
		add(new TokenModel(Vocabulary.P50K), "text-davinci-002", "text-davinci-003", "text-davinci-edit",
				"code-davinci", "code-cushman", "davinci-codex", "cushman-codex");
		add(new TokenModel(Vocabulary.R50K), "text-davinci", "text-curie", "text-babbage", "text-ada", "davinci",
				"curie", "babbage", "ada", "text-similarity-", "text-search-", "code-search-", "gpt2", "gpt-2");
		add(TokenModel.WITHOUT_VOCABULARY, "claude", "gemini", "gemma", "palm", "text-bison", "chat-bison",
				"text-embedding-00", "text-multilingual-embedding", "mistral", "mixtral", "ministral", "magistral",
				"codestral", "devstral", "pixtral", "voxtral", "open-mistral", "open-mixtral", "llama", "meta-llama",
				"codellama", "deepseek", "qwen", "qwq", "command", "c4ai", "aya", "embed", "rerank", "grok", "nova",
				"titan", "jamba", "ai21", "phi", "yi", "glm", "chatglm", "kimi", "moonshot", "minimax", "abab", "ernie",
				"doubao", "hunyuan", "sonar", "granite", "nemotron", "falcon", "solar", "dbrx", "olmo", "hermes",
				"voyage");
	}

	private final Map<String, TokenModel> names = new ConcurrentHashMap<>();

	private static void add(TokenModel model, String... prefixes) {
		for (String prefix : prefixes) {
			PREFIXES.put(prefix, model);
		}
	}

	/**
	 * Find how tokens of a model are counted.
	 * @param name the provider's name of the model
	 * @return what is known of it
	 */
	TokenModel find(String name) {
		TokenModel known = this.names.get(name);
		if (known != null) {
			return known;
		}
		TokenModel model = search(name.toLowerCase(Locale.ROOT));
		if (this.names.size() < CACHED_NAMES) { // names may come from outside
			this.names.put(name, model);
		}
		return model;
	}

	private static TokenModel search(String name) {
		for (int from = 0; from < name.length(); from++) {
			if (from == 0 || isSeparator(name.charAt(from - 1))) {
				TokenModel model = longestPrefix(name, from);
				if (model != null) {
					return model;
				}
			}
		}
		return TokenModel.UNKNOWN;
	}

	private static boolean isSeparator(char character) {
		return character == '/' || character == ':' || character == '.' || character == '@';
	}

	private static @Nullable TokenModel longestPrefix(String name, int from) {
		for (int to = name.length(); to > from; to--) {
			boolean insideWord = to < name.length() && Character.isLetter(name.charAt(to - 1))
					&& Character.isLetter(name.charAt(to));
			TokenModel model = insideWord ? null : PREFIXES.get(name.substring(from, to));
			if (model != null) {
				return model;
			}
		}
		return null;
	}

}

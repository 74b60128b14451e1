package io.github.llmratelimit.usage;

import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the trees of Jackson 3. The only class here that needs the library.
 */
final class JacksonAccess extends MemberAccess {

	private static final JsonMapper MAPPER = new JsonMapper();

	/** Returns the tree of a text, {@code null} if the text is not JSON. */
	static @Nullable JsonNode parse(String text) {
		try {
			return MAPPER.readTree(text);
		}
		catch (JacksonException ex) {
			return null;
		}
	}

	static boolean supports(Class<?> type) {
		return JsonNode.class.isAssignableFrom(type);
	}

	@Override
	@Nullable Object member(Object holder, Member member) {
		JsonNode node = (JsonNode) holder;
		List<String> names = member.names();
		Object value = value(node.get(names.get(0)));
		return (value != null || names.size() == 1) ? value : value(node.get(names.get(1)));
	}

	@Override
	int wrappedCount() {
		return Member.WRAPPERS.size();
	}

	@Override
	int size(Object list) {
		JsonNode node = (JsonNode) list;
		return node.isArray() ? node.size() : 0;
	}

	@Override
	@Nullable Object element(Object list, int index) {
		return value(((JsonNode) list).get(index));
	}

	private static @Nullable Object value(@Nullable JsonNode node) {
		if (node == null || node.isNull()) {
			return null;
		}
		return node.isNumber() ? node.numberValue() : node;
	}

}

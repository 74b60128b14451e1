package io.github.llmratelimit.tokens;

import java.awt.Label;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ContentAccess}.
 */
class ContentAccessTests {

	@Test
	void contentWhenRecordIsPackagePrivateIsRead() throws Throwable {
		assertThat(content(new Turn("user", "hello"))).isEqualTo("hello");
	}

	@Test
	void contentWhenClassIsHiddenIsReadThroughItsInterface() throws Throwable {
		Message message = () -> "hello";
		assertThat(content(message)).isEqualTo("hello");
	}

	@Test
	void contentWhenProxyOfAnInterfaceIsRead() throws Throwable {
		Object proxy = Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Message.class },
				(self, method, args) -> "hello");
		assertThat(content(proxy)).isEqualTo("hello");
	}

	@Test
	void contentWhenFirstAccessorAnswersNullIsThatOfTheNext() throws Throwable {
		assertThat(content(new TextOrContent(null, "content"))).isEqualTo("content");
	}

	@Test
	void conversationWhenAccessorAnswersACollectionIsRead() throws Throwable {
		Request request = new Request(List.of("a", "b"));
		assertThat(ContentAccess.of(Request.class).conversation(request)).isEqualTo(List.of("a", "b"));
	}

	@Test
	void conversationWhenAccessorAnswersSomethingElseIsNone() throws Throwable {
		assertThat(ContentAccess.of(MessageSource.class).conversation(new MessageSource())).isNull();
	}

	@ParameterizedTest
	@ValueSource(classes = { URL.class, Label.class, String.class, Integer.class, Object.class, Thread.State.class,
			int[].class, Loader.class, Counter.class, Helper.class, Runnable.class })
	void hasContentWhenForeignOrWithoutPlainAccessorIsFalse(Class<?> type) {
		assertThat(ContentAccess.of(type).hasContent()).isFalse();
	}

	private static Object content(Object value) throws Throwable {
		return ContentAccess.of(value.getClass()).content(value);
	}

	record Turn(String role, String content) {
	}

	record TextOrContent(String text, String content) {
	}

	record Request(List<String> messages) {
	}

	interface Message {

		String getText();

	}

	static class MessageSource {

		public String getMessages() {
			return "no list";
		}

	}

	static class Loader {

		public String getContent() throws IOException {
			throw new IOException("must not be called");
		}

	}

	static class Counter {

		public int getContent() {
			return 1;
		}

		public String getText(String language) {
			return language;
		}

	}

	static class Helper {

		public static String getText() {
			return "static";
		}

		String getContent() {
			return "not public";
		}

	}

}

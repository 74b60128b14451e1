package io.github.llmratelimit.provider;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/*
 * A body may be a JSON object, an array around it (Gemini), a stream of events in which
 * the error is one of the last (after HTTP 200 at that), blank lines before any of them
 * (DeepSeek keeps connections alive so), HTML of a proxy, plain text, cut off, huge, or
 * nothing. Only the first ProviderResponse.READ_LIMIT characters are looked at, of event
 * streams also as many of the last.
 *
 * Successes are most of the traffic and rarely hold an error, so they are searched for
 * the word before anything is parsed. In a text of the model the quotation marks around
 * the word are escaped.
 */
/**
 * What the body of a response tells about an error.
 *
 * @param isError whether there is an error object with a code or type, which counts even
 * on HTTP 200
 * @param message the sentence for humans, at most {@link #MAX_MESSAGE} characters; empty
 * if there is none
 * @param type {@code error.type}, or empty
 * @param codes everything that is a name or number of the error, most specific first, as
 * {@link #toCode} returns it
 * @param limitedBy {@code error_type} of Together
 * @param quotas quotas that Google lists as violated
 * @param retryDelay {@code google.rpc.RetryInfo.retryDelay}, or {@code null}
 * @param fields headers that OpenRouter sends inside the body
 */
record ErrorBody(boolean isError, String message, String type, List<String> codes, String limitedBy,
		GoogleQuotas quotas, @Nullable Duration retryDelay, HttpFields fields) {

	static final int MAX_MESSAGE = 4_096;

	static final ErrorBody NONE = ofText("");

	private static final String ERROR = "\"error\"";

	private static final int MAX_CODE = 100;

	/**
	 * Read the body of a response. Of a success only an explicit error counts; what is
	 * neither success nor failure isn't read.
	 */
	static ErrorBody read(ProviderResponse response) {
		String body = response.body();
		boolean failure = response.status() >= 400;
		if (body == null || !(failure || response.isSuccess())) {
			return NONE;
		}
		String head = withoutBlanksBefore(ErrorText.shortened(body, ProviderResponse.READ_LIMIT));
		if (head.isEmpty()) {
			return NONE;
		}
		ErrorBody error = failure ? readFailure(head) : readSuccess(head, body);
		return (error != null) ? error : NONE;
	}

	private static @Nullable ErrorBody readSuccess(String head, String body) {
		if (isJson(head)) {
			return readIfError(head);
		}
		if (!EventStream.begins(head)) {
			return null;
		}
		ErrorBody error = readEvents(head);
		return (error != null) ? error : readEvents(tail(body));
	}

	private static @Nullable ErrorBody readEvents(String text) {
		if (text.contains(ERROR)) {
			for (String data : EventStream.data(text)) {
				ErrorBody error = readIfError(data);
				if (error != null) {
					return error;
				}
			}
		}
		return null;
	}

	private static @Nullable ErrorBody readIfError(String json) {
		ErrorBody error = mayHoldError(json) ? ErrorJson.read(JsonReader.read(json)) : null;
		return (error != null && error.isError) ? error : null;
	}

	/**
	 * Return whether there is {@code "error": {} or {@code "type": "error"}. Every answer
	 * of OpenAI's Responses API has {@code "error": null}, which must not cost a parse.
	 */
	private static boolean mayHoldError(String json) {
		for (int at = json.indexOf(ERROR); at >= 0; at = json.indexOf(ERROR, at + 1)) {
			TextCursor cursor = new TextCursor(json, at + ERROR.length());
			cursor.skipBlanks();
			boolean isKey = cursor.skip(':');
			cursor.skipBlanks();
			if (!isKey || cursor.peek() == '{') {
				return true;
			}
		}
		return false;
	}

	private static @Nullable ErrorBody readFailure(String head) {
		if (isJson(head)) {
			ErrorBody error = ErrorJson.read(JsonReader.read(head));
			return (error != null) ? error : ofText(head);
		}
		if (EventStream.begins(head)) {
			return readFirstEvent(head);
		}
		// pages of proxies say nothing about the provider's limits
		return head.startsWith("<") ? null : ofText(head);
	}

	private static @Nullable ErrorBody readFirstEvent(String text) {
		for (String data : EventStream.data(text)) {
			ErrorBody error = ErrorJson.read(JsonReader.read(data));
			if (error != null) {
				return error;
			}
		}
		return null;
	}

	private static String withoutBlanksBefore(String text) {
		TextCursor cursor = new TextCursor(text);
		cursor.skip('\uFEFF');
		cursor.skipBlanks();
		return text.substring(cursor.position());
	}

	private static boolean isJson(String text) {
		return text.startsWith("{") || text.startsWith("[");
	}

	private static String tail(String body) {
		int limit = ProviderResponse.READ_LIMIT;
		return (body.length() > limit) ? body.substring(Math.max(limit, body.length() - limit)) : "";
	}

	static ErrorBody ofText(String text) {
		return new ErrorBody(false, ErrorText.shortened(text, MAX_MESSAGE), "", List.of(), "", GoogleQuotas.NONE, null,
				HttpFields.EMPTY);
	}

	/**
	 * Bring a code into one spelling: {@code ns#Throttling-Exception:http://…} becomes
	 * {@code throttling_exception}.
	 */
	static String toCode(String text) {
		String name = text.substring(text.lastIndexOf('#') + 1);
		int colon = name.indexOf(':');
		name = (colon >= 0) ? name.substring(0, colon) : name;
		return ErrorText.lowerCase(ErrorText.shortened(name.trim(), MAX_CODE)).replace('-', '_').replace(' ', '_');
	}

}

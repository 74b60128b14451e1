package io.github.llmratelimit.autoconfigure.web;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * A server on the loopback interface that answers as it was told to, one answer after the
 * other.
 */
final class ScriptedServer implements AutoCloseable {

	private final HttpServer server;

	private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();

	ScriptedServer() {
		try {
			this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.server.createContext("/", this::answer);
		this.server.start();
	}

	String uri() {
		return "http://127.0.0.1:" + this.server.getAddress().getPort() + "/v1/chat/completions";
	}

	ScriptedServer answers(int status, String body, Map<String, String> headers) {
		this.answers.add(new Answer(status, body.getBytes(StandardCharsets.UTF_8), headers, 0));
		return this;
	}

	/** Announces more bytes than it sends, then hangs up. */
	ScriptedServer breaksOff(int status, String body, int missing) {
		this.answers.add(new Answer(status, body.getBytes(StandardCharsets.UTF_8), Map.of(), missing));
		return this;
	}

	private void answer(HttpExchange exchange) throws IOException {
		try (exchange) {
			exchange.getRequestBody().readAllBytes();
			Answer answer = this.answers.remove();
			answer.headers.forEach(exchange.getResponseHeaders()::add);
			exchange.sendResponseHeaders(answer.status, answer.body.length + answer.missing);
			OutputStream out = exchange.getResponseBody();
			out.write(answer.body);
			out.flush();
		}
	}

	@Override
	public void close() {
		this.server.stop(0);
	}

	private record Answer(int status, byte[] body, Map<String, String> headers, int missing) {

	}

}

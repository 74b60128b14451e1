package io.github.llmratelimit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * A provider on a real port of this machine that answers what a test tells it to, and
 * {@code fine} beyond that.
 */
public final class StubProvider implements AutoCloseable {

	private final ExecutorService threads = Executors.newCachedThreadPool((task) -> {
		Thread thread = new Thread(task, "stub-provider");
		thread.setDaemon(true);
		return thread;
	});

	private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();

	private final AtomicInteger requests = new AtomicInteger();

	private final HttpServer server;

	private volatile String received = "";

	public StubProvider() {
		try {
			this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.server.setExecutor(this.threads);
		this.server.createContext("/", this::handle);
		this.server.start();
	}

	public StubProvider answer(int status, Map<String, String> headers, byte[] body) {
		this.answers.add(new Answer(status, headers, body));
		return this;
	}

	public StubProvider answer(int status, Map<String, String> headers, String body) {
		return answer(status, headers, body.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Counts requests.
	 * @return how many were received
	 */
	public int requests() {
		return this.requests.get();
	}

	/**
	 * Returns the body of the latest request.
	 * @return the body
	 */
	public String received() {
		return this.received;
	}

	/**
	 * Returns the address.
	 * @return a URL without a slash at the end, on host {@code localhost}
	 */
	public String url() {
		return "http://localhost:" + this.server.getAddress().getPort();
	}

	private void handle(HttpExchange exchange) throws IOException {
		this.requests.incrementAndGet();
		this.received = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
		Answer next = this.answers.poll();
		Answer answer = (next != null) ? next : new Answer(200, Map.of(), "fine".getBytes(StandardCharsets.UTF_8));
		answer.headers().forEach(exchange.getResponseHeaders()::add);
		exchange.sendResponseHeaders(answer.status(), (answer.body().length > 0) ? answer.body().length : -1);
		if (answer.body().length > 0) {
			exchange.getResponseBody().write(answer.body());
		}
		exchange.close();
	}

	@Override
	public void close() {
		this.server.stop(0);
		this.threads.shutdownNow();
	}

	private record Answer(int status, Map<String, String> headers, byte[] body) {
	}

}

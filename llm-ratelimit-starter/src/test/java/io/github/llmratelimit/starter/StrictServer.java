package io.github.llmratelimit.starter;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * A provider that admits so many requests in every interval of a length, and not one
 * more.
 */
final class StrictServer implements AutoCloseable {

	private final int limit;

	private final long windowNanos;

	private final Deque<Long> arrivals = new ArrayDeque<>();

	private final ExecutorService executor = Executors.newCachedThreadPool();

	private final HttpServer server;

	private int answered;

	private int refused;

	StrictServer(int limit, Duration window) throws IOException {
		this.limit = limit;
		this.windowNanos = window.toNanos();
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.createContext("/v1/chat/completions", this::answer);
		this.server.setExecutor(this.executor);
		this.server.start();
	}

	String url() {
		return "http://localhost:" + this.server.getAddress().getPort();
	}

	synchronized int answered() {
		return this.answered;
	}

	synchronized int refused() {
		return this.refused;
	}

	private void answer(HttpExchange exchange) throws IOException {
		boolean admitted = admit(System.nanoTime());
		exchange.getRequestBody().readAllBytes();
		exchange.sendResponseHeaders(admitted ? 200 : 429, -1);
		exchange.close();
	}

	private synchronized boolean admit(long now) {
		while (!this.arrivals.isEmpty() && now - this.arrivals.peek() >= this.windowNanos) {
			this.arrivals.remove();
		}
		if (this.arrivals.size() == this.limit) {
			this.refused++;
			return false;
		}
		this.arrivals.add(now);
		this.answered++;
		return true;
	}

	@Override
	public void close() {
		this.server.stop(0);
		this.executor.shutdownNow();
	}

}

package io.github.llmratelimit.sample.provider;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.net.httpserver.HttpExchange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends replies, at once or over the time that a model takes, and ends their exchanges.
 */
final class ReplySender implements AutoCloseable {

	/*
	 * How hundreds of slow calls are answered at once.
	 *
	 * A model takes seconds to answer. A thread for each open call would do, but 500 of
	 * them for nothing but waiting is a poor guest inside the service's own process. So
	 * whoever has judged a request lets go of its exchange, and a timer writes the answer
	 * when it is due. Tried with 500 open calls: 10 threads, those of the readers
	 * included.
	 *
	 * Every response closes its connection. Over loopback a new one costs less than the
	 * 40 ms that this server loses on a kept one (it doesn't switch off Nagle's
	 * algorithm), and no client ever writes to a connection that the server has just
	 * given up as idle.
	 */

	private static final Logger logger = LoggerFactory.getLogger(ReplySender.class);

	private static final int WRITERS = 2;

	private final ScheduledExecutorService writers = Executors.newScheduledThreadPool(WRITERS,
			new DaemonThreads("provider-writer-"));

	private final Delays delays;

	private final AtomicInteger inFlight = new AtomicInteger();

	/**
	 * Creates a sender.
	 * @param delays makes replies wait; {@code null} for real time
	 */
	ReplySender(@Nullable Delays delays) {
		this.delays = (delays != null) ? delays
				: (nanos, task) -> this.writers.schedule(task, nanos, TimeUnit.NANOSECONDS);
	}

	/** How many replies of {@link #sendOver} are not sent to their end. */
	int inFlight() {
		return this.inFlight.get();
	}

	/** Sends a reply at once. */
	void send(HttpExchange exchange, Reply reply) {
		try (exchange) {
			putHeaders(exchange, reply, "application/json");
			exchange.sendResponseHeaders(reply.status(), reply.body().length);
			exchange.getResponseBody().write(reply.body());
		}
		catch (IOException ex) {
			logger.debug("The client went away", ex);
		}
	}

	/** Sends a reply after some time, or, if it is streamed, over that time. */
	void sendOver(Duration latency, HttpExchange exchange, Reply reply) {
		this.inFlight.incrementAndGet();
		if (reply.isStreamed()) {
			stream(exchange, reply, latency);
			return;
		}
		this.delays.after(latency.toNanos(), () -> {
			this.inFlight.decrementAndGet();
			send(exchange, reply);
		});
	}

	/** Sends the headers at once, and the events one after the other. */
	private void stream(HttpExchange exchange, Reply reply, Duration latency) {
		try {
			putHeaders(exchange, reply, "text/event-stream");
			exchange.sendResponseHeaders(reply.status(), 0);
			exchange.getResponseBody().flush();
			write(exchange, reply, 0, latency.toNanos() / reply.events().size());
		}
		catch (IOException ex) {
			hangUp(exchange, ex);
		}
	}

	private void write(HttpExchange exchange, Reply reply, int event, long nanosBetween) {
		this.delays.after(nanosBetween, () -> {
			try {
				exchange.getResponseBody().write(reply.events().get(event));
				exchange.getResponseBody().flush();
				if (event + 1 < reply.events().size()) {
					write(exchange, reply, event + 1, nanosBetween);
				}
				else {
					this.inFlight.decrementAndGet();
					exchange.close();
				}
			}
			catch (IOException ex) {
				hangUp(exchange, ex);
			}
		});
	}

	private void hangUp(HttpExchange exchange, IOException ex) {
		logger.debug("The client went away", ex);
		this.inFlight.decrementAndGet();
		exchange.close();
	}

	private static void putHeaders(HttpExchange exchange, Reply reply, String contentType) {
		exchange.getResponseHeaders().set("Content-Type", contentType);
		exchange.getResponseHeaders().set("Connection", "close");
		reply.headers().forEach(exchange.getResponseHeaders()::set);
	}

	@Override
	public void close() {
		this.writers.shutdownNow();
	}

}

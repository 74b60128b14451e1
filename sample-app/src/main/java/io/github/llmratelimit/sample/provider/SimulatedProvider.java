package io.github.llmratelimit.sample.provider;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.llmratelimit.sample.provider.ModelBudget.Arrival;
import io.github.llmratelimit.sample.provider.ProviderStats.ModelStats;
import io.github.llmratelimit.sample.provider.Verdict.Outcome;
import io.github.llmratelimit.time.Ticker;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * A simulated LLM provider that speaks a real provider's wire format over HTTP, enforces
 * its limits strictly and counts what it refuses. It listens on the loopback address
 * only.
 * <p>
 * {@code GET /stats} answers its counters.
 */
public final class SimulatedProvider implements AutoCloseable {

	/*
	 * A small pool reads requests and judges them, which takes a millisecond each, and
	 * leaves the exchange to ReplySender, which answers when it is due.
	 */

	private static final Logger logger = LoggerFactory.getLogger(SimulatedProvider.class);

	private static final String STATS_PATH = "/stats";

	private static final int MAX_BODY_BYTES = 4 * 1024 * 1024;

	/** How much of a body that is too large is read, to be forgotten. */
	private static final int MAX_FORGOTTEN_BYTES = 64 * 1024 * 1024;

	private static final int BACKLOG = 1024;

	private static final int READERS = 8;

	private final JsonMapper json = new JsonMapper();

	private final InstantSource clock = InstantSource.system();

	private final Map<DialectName, Dialect> dialects = new EnumMap<>(DialectName.class);

	private final ProviderProperties properties;

	private final SimulatedModel model;

	private final Map<String, ModelBudget> budgets = new TreeMap<>();

	private final HttpServer server;

	private final ExecutorService readers;

	private final ReplySender sender;

	private final AtomicLong invalid = new AtomicLong();

	private final AtomicLong overloaded = new AtomicLong();

	private final AtomicLong unpaid = new AtomicLong();

	private final Random luck;

	private volatile Behaviour behaviour;

	/**
	 * Creates a provider and binds its port. It serves once {@link #start()} was called.
	 * @param properties what it serves
	 * @param behaviour how it counts, speaks and lies at first
	 * @param ticker the clock of its limits
	 * @throws ProviderPortException if the port is taken
	 */
	public SimulatedProvider(ProviderProperties properties, Behaviour behaviour, Ticker ticker) {
		this(properties, behaviour, ticker, null);
	}

	/**
	 * Creates a provider whose answers take time by another clock than the real one, and
	 * binds its port.
	 * @param properties what it serves
	 * @param behaviour how it counts, speaks and lies at first
	 * @param ticker the clock of its limits
	 * @param delays makes answers wait, by the same clock; {@code null} for real time
	 * @throws ProviderPortException if the port is taken
	 */
	public SimulatedProvider(ProviderProperties properties, Behaviour behaviour, Ticker ticker,
			@Nullable Delays delays) {
		this.properties = properties;
		this.behaviour = behaviour;
		this.luck = new Random(properties.seed());
		for (DialectName name : DialectName.values()) {
			this.dialects.put(name, name.create(this.clock));
		}
		this.model = new SimulatedModel(properties.seed(), properties.latencyScale());
		properties.models()
			.forEach((name, limits) -> this.budgets.put(name,
					new ModelBudget(ticker, limits, properties.window(), behaviour)));
		this.server = bind(properties.port());
		this.readers = Executors.newFixedThreadPool(READERS, new DaemonThreads("provider-reader-"));
		this.sender = new ReplySender(delays);
		this.server.setExecutor(this.readers);
		this.server.createContext("/", this::handle);
	}

	/**
	 * Begins to serve.
	 */
	public void start() {
		this.server.start();
	}

	@Override
	public void close() {
		this.server.stop(0);
		this.readers.shutdownNow();
		this.sender.close();
	}

	/**
	 * Returns the port it listens on.
	 * @return the port, never 0
	 */
	public int port() {
		return this.server.getAddress().getPort();
	}

	/**
	 * Returns how it behaves now.
	 * @return the behaviour
	 */
	public Behaviour behaviour() {
		return this.behaviour;
	}

	/**
	 * Changes how it behaves, from the next call on. What it counted so far goes on to
	 * count unless dialect, enforcement or booking change.
	 * @param change makes the new behaviour from the present one; may refuse by an
	 * exception
	 */
	public synchronized void behave(UnaryOperator<Behaviour> change) {
		Behaviour next = change.apply(this.behaviour);
		this.behaviour = next;
		this.budgets.values().forEach((budget) -> budget.behave(next));
	}

	/**
	 * Returns the counters.
	 * @return what was counted since the start
	 */
	public ProviderStats stats() {
		Map<String, ModelStats> models = new TreeMap<>();
		this.budgets.forEach((name, budget) -> models.put(name, budget.stats()));
		return new ProviderStats(this.properties.window().toString(), this.sender.inFlight(), this.invalid.get(),
				this.overloaded.get(), this.unpaid.get(), models);
	}

	/**
	 * Returns the counters of one model.
	 * @param model name of the model
	 * @return what was counted since the start
	 * @throws IllegalArgumentException if there is no such model
	 */
	public ModelStats stats(String model) {
		return require(model).stats();
	}

	/**
	 * Returns the length of the limits' windows.
	 * @return a minute, unless configured otherwise
	 */
	public Duration window() {
		return this.properties.window();
	}

	/**
	 * Returns the tokens that a model admitted in an interval of the last 20 minutes.
	 * @param model name of the model
	 * @param from first tick of the interval
	 * @param to first tick after it
	 * @return the sum of the admitted tokens
	 * @throws IllegalArgumentException if there is no such model
	 */
	public long tokensAdmitted(String model, long from, long to) {
		return require(model).tokensBetween(from, to);
	}

	private ModelBudget require(String model) {
		ModelBudget budget = this.budgets.get(model);
		if (budget == null) {
			throw new IllegalArgumentException(
					"Invalid model (%s): must be one of %s".formatted(model, this.budgets.keySet()));
		}
		return budget;
	}

	private void handle(HttpExchange exchange) {
		try {
			route(exchange);
		}
		catch (InvalidCallException ex) {
			this.invalid.incrementAndGet();
			this.sender.send(exchange, ex.reply());
		}
		catch (IOException ex) {
			logger.debug("The client went away", ex);
			exchange.close();
		}
		catch (RuntimeException ex) {
			logger.warn("Could not handle {} {}", exchange.getRequestMethod(), exchange.getRequestURI(), ex);
			this.sender.send(exchange, dialect().internalError());
		}
	}

	private Dialect dialect() {
		return Objects.requireNonNull(this.dialects.get(this.behaviour.dialect()));
	}

	private void route(HttpExchange exchange) throws IOException, InvalidCallException {
		String method = exchange.getRequestMethod();
		String path = exchange.getRequestURI().getPath();
		byte[] body = readBody(exchange.getRequestBody());
		if (method.equals("GET") && path.equals(STATS_PATH)) {
			this.sender.send(exchange, new Reply(200, Map.of(), this.json.writeValueAsBytes(stats())));
			return;
		}
		Dialect dialect = dialect();
		dialect.authenticate((name) -> exchange.getRequestHeaders().getFirst(name));
		if (method.equals("GET") && path.equals(dialect.modelsPath())) {
			this.sender.send(exchange, dialect.models(this.budgets.keySet()));
		}
		else if (method.equals("POST") && dialect.isCallPath(path)) {
			if (body.length > MAX_BODY_BYTES) {
				throw new InvalidCallException(dialect.bodyTooLarge(MAX_BODY_BYTES));
			}
			call(exchange, dialect, dialect.read(path, body));
		}
		else {
			throw new InvalidCallException(dialect.unknownPath(method, path));
		}
	}

	/**
	 * Reads a body, or a byte more than is accepted. The rest is read as well, since a
	 * connection that is closed with something unread is reset: the client, still busy
	 * with sending, would never see the answer.
	 */
	private static byte[] readBody(InputStream body) throws IOException {
		byte[] read = body.readNBytes(MAX_BODY_BYTES + 1);
		byte[] forgotten = new byte[8192];
		for (int left = MAX_FORGOTTEN_BYTES; left > 0;) {
			int count = body.read(forgotten);
			if (count < 0) {
				break;
			}
			left -= count;
		}
		return read;
	}

	private void call(HttpExchange exchange, Dialect dialect, ChatCall call) throws InvalidCallException {
		ModelBudget budget = this.budgets.get(call.model());
		if (budget == null) {
			throw new InvalidCallException(dialect.unknownModel(call.model()));
		}
		if (this.behaviour.quotaExhausted()) {
			this.unpaid.incrementAndGet();
			this.sender.send(exchange, dialect.quotaExhausted());
			return;
		}
		if (isOverloaded()) {
			this.overloaded.incrementAndGet();
			this.sender.send(exchange, dialect.overloaded());
			return;
		}
		Arrival arrival = budget.arrive(call);
		Verdict verdict = arrival.verdict();
		if (verdict.outcome() != Outcome.ADMITTED) {
			this.sender.send(exchange, lying(dialect.refusal(call, verdict), verdict));
			return;
		}
		Completion completion = this.model.complete(call);
		budget.answer(call, arrival, completion);
		Reply reply = lying(dialect.answer(call, completion, verdict), verdict);
		this.sender.sendOver(completion.latency(), exchange, reply);
	}

	private boolean isOverloaded() {
		double part = this.behaviour.overload();
		return part > 0 && this.luck.nextDouble() < part;
	}

	private Reply lying(Reply reply, Verdict verdict) {
		this.behaviour.retryAfter().rewrite(reply.headers(), verdict.retryAfter(), this.clock.instant());
		this.behaviour.headers().rewrite(reply.headers());
		return reply;
	}

	private static HttpServer bind(int port) {
		try {
			return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
		}
		catch (BindException ex) {
			throw new ProviderPortException(port, ex);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Could not open port %d for the built-in provider".formatted(port), ex);
		}
	}

}

package io.github.llmratelimit.sample.provider;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import com.knuddels.jtokkit.api.IntArrayList;

/**
 * Answers with a text of the right length after the time that a model would take.
 */
final class SimulatedModel {

	/*
	 * How it answers, and why so.
	 *
	 * A limiter is tested by calls that overlap, so the time that an answer takes matters
	 * more than its words. It is a start (350 ms and 50 us for each prompt token, as the
	 * prompt is read) and 12 ms for each token written, times a lognormal jitter, kept
	 * within 0.5 and 20 s. Answers are shorter than their maximum, as real ones are: the
	 * median uses 45 % of it. The n-th call of a seed always gets the same draw.
	 */

	private static final String TEXT = """
			Here is a short answer. The main point is that the work arrives in bursts while the budget refills \
			evenly, so whoever waits in order gets through sooner than whoever tries again and again. First, \
			measure what each call costs before it is sent. Second, keep the order of arrival, because fairness \
			is cheaper than speed for one. Third, look at the slowest calls and not at the average. If the text \
			above names a number, check it against the source; if it names a date, mind the time zone. Some \
			details remain open: the document does not say who decides, and the table on the second page \
			contradicts the summary. A reasonable next step is a small trial with clear limits, followed by a \
			review after two weeks. Nothing here is urgent, but the earlier it is done the less it costs.""";

	private static final double JITTER = 0.35;

	private static final double SPREAD = 0.6;

	private static final double MEDIAN_SHARE = 0.45;

	private static final double SHORTEST_SECONDS = 0.5;

	private static final double LONGEST_SECONDS = 20;

	private static final int CACHE_BLOCK = 128;

	private static final int CACHE_MINIMUM = 1024;

	private static final int CACHE_ENTRIES = 1000;

	private final List<IntArrayList> sentences = Stream.of(TEXT.split("(?<=\\.) "))
		.map((sentence) -> PromptTokens.encode(" " + sentence))
		.toList();

	private final AtomicLong calls = new AtomicLong();

	private final Map<Long, Boolean> seen = new LinkedHashMap<>(16, 0.75f, true) {

		@Override
		protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
			return size() > CACHE_ENTRIES;
		}

	};

	private final long seed;

	private final double latencyScale;

	/**
	 * Creates a model.
	 * @param seed makes the answers repeatable
	 * @param latencyScale factor for all latencies, zero for none
	 */
	SimulatedModel(long seed, double latencyScale) {
		this.seed = seed;
		this.latencyScale = latencyScale;
	}

	Completion complete(ChatCall call) {
		SplittableRandom random = new SplittableRandom(this.seed + this.calls.getAndIncrement());
		double share = MEDIAN_SHARE * Math.exp(SPREAD * random.nextGaussian());
		int tokens = (int) Math.max(1, Math.min(call.maxTokens(), Math.round(share * call.maxTokens())));
		double seconds = (0.35 + 50e-6 * call.promptTokens() + 12e-3 * tokens)
				* Math.exp(JITTER * random.nextGaussian());
		double kept = Math.max(SHORTEST_SECONDS, Math.min(LONGEST_SECONDS, seconds)) * this.latencyScale;
		return new Completion(text(tokens, random), tokens, cachedTokens(call), Duration.ofNanos((long) (kept * 1e9)));
	}

	private String text(int tokens, SplittableRandom random) {
		IntArrayList chosen = new IntArrayList(tokens);
		int next = random.nextInt(this.sentences.size());
		while (chosen.size() < tokens) {
			IntArrayList sentence = this.sentences.get(next++ % this.sentences.size());
			for (int i = 0; i < sentence.size() && chosen.size() < tokens; i++) {
				chosen.add(sentence.get(i));
			}
		}
		return PromptTokens.decode(chosen).strip();
	}

	private int cachedTokens(ChatCall call) {
		if (call.promptTokens() < CACHE_MINIMUM) {
			return 0;
		}
		long key = ((long) call.contents().hashCode() << 32) | call.promptTokens();
		synchronized (this.seen) {
			boolean known = this.seen.put(key, true) != null;
			return known ? call.promptTokens() / CACHE_BLOCK * CACHE_BLOCK : 0;
		}
	}

}

package io.github.llmratelimit.tokens;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Prints what estimates cost, in CPU time of the calling thread, and how far they are
 * off. Run it after {@code mvn test-compile} with the test class path:
 * {@code java -cp … io.github.llmratelimit.tokens.TokenEstimateBenchmark [O200K] [200000]}.
 */
final class TokenEstimateBenchmark {

	private static final ThreadMXBean THREAD = ManagementFactory.getThreadMXBean();

	private static final int WARM_UPS = 3;

	private static final int ROUNDS = 15;

	private static final int NEW_TEXTS = 20_000;

	private TokenEstimateBenchmark() {
	}

	public static void main(String[] args) {
		Vocabulary vocabulary = Vocabulary.valueOf((args.length > 0) ? args[0] : "O200K");
		int length = (args.length > 1) ? Integer.parseInt(args[1]) : 200_000;
		Map<String, String> texts = new LinkedHashMap<>(SampleTexts.longNatural(length, 1));
		texts.putAll(SampleTexts.hostile(length, 1));
		printLongTexts(vocabulary, texts);
		printShortTexts(vocabulary);
	}

	private static void printLongTexts(Vocabulary vocabulary, Map<String, String> texts) {
		TextTokenizer tokenizer = vocabulary.open();
		long[] given = new long[1];
		TextTokenizer watched = (text) -> {
			given[0] += text.length();
			return tokenizer.count(text);
		};
		for (int i = 0; i < WARM_UPS; i++) {
			texts.values().forEach((text) -> measure(() -> new TextCounter(watched).count(text)));
		}
		print("%-28s %9s %9s %7s %8s %9s %9s%n", "text", "exact", "estimate", "error", "counted", "median ms",
				"exact ms");
		texts.forEach((name, text) -> {
			double exactMillis = millis(() -> tokenizer.count(text));
			double median = measure(() -> new TextCounter(watched).count(text));
			int exact = tokenizer.count(text);
			given[0] = 0;
			long estimate = new TextCounter(watched).count(text);
			print("%-28s %9d %9d %+6.1f%% %8d %9.2f %9.1f%n", name, exact, estimate, 100.0 * (estimate - exact) / exact,
					given[0], median, exactMillis);
		});
	}

	private static void printShortTexts(Vocabulary vocabulary) {
		String model = (vocabulary == Vocabulary.O200K) ? "gpt-4o" : "gpt-4";
		TokenEstimator estimator = new TokenEstimator(List.of());
		estimator.warmUp(model);
		String text = SampleTexts.languages().get("English").repeat(3).substring(0, 1_000);
		int calls = 1_000_000;
		String[] fresh = new String[NEW_TEXTS];
		for (int i = 0; i < NEW_TEXTS; i++) {
			fresh[i] = i + text.substring(6);
		}
		double remembered = 0;
		double copied = 0;
		for (int i = 0; i < WARM_UPS; i++) {
			remembered = nanosPerCall(calls, (call) -> estimator.estimate(model, text));
			copied = nanosPerCall(calls, (call) -> estimator.estimate(model, new String(text)));
		}
		print("%n1 KB, remembered: %.0f ns; an equal copy: %.0f ns; new: %.0f ns; without vocabulary: %.0f ns%n",
				remembered, copied, nanosPerCall(NEW_TEXTS, (call) -> estimator.estimate(model, fresh[call])),
				nanosPerCall(calls, (call) -> estimator.estimate("claude-sonnet", text)));
	}

	private static double measure(LongSupplier action) {
		double[] millis = new double[ROUNDS];
		for (int i = 0; i < ROUNDS; i++) {
			millis[i] = millis(action);
		}
		Arrays.sort(millis);
		return millis[ROUNDS / 2];
	}

	private static double millis(LongSupplier action) {
		long start = THREAD.getCurrentThreadCpuTime();
		action.getAsLong();
		return (THREAD.getCurrentThreadCpuTime() - start) / 1e6;
	}

	private static double nanosPerCall(int calls, Call call) {
		long start = THREAD.getCurrentThreadCpuTime();
		long sum = 0;
		for (int i = 0; i < calls; i++) {
			sum += call.run(i);
		}
		return (sum > 0) ? (double) (THREAD.getCurrentThreadCpuTime() - start) / calls : Double.NaN;
	}

	private static void print(String format, Object... values) {
		System.out.printf(Locale.ROOT, format, values);
	}

	private interface Call {

		long run(int call);

	}

}

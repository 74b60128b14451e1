package io.github.llmratelimit.sample.load;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Progress and report as text for a terminal.
 */
final class LoadText {

	private LoadText() {
	}

	static String header(LoadRun run) {
		LoadRequest request = run.request();
		LoadReport.Limits limits = run.limits();
		return format("""
				%d users for %d s on %s, %s
				The provider allows %,d requests and %,d tokens in any %s s.

				  time   calls      ok  given up    429s  waiting  running     tokens in window
				""", request.users(), request.seconds(), run.model(), mode(request), limits.requests(), limits.tokens(),
				number(limits.windowSeconds()));
	}

	static String line(LoadProgress progress) {
		return format("%4d s  %6d  %6d    %6d  %6d   %6d   %6d  %,11d  %5.1f %%%n", progress.seconds(),
				progress.calls(), progress.succeeded(), progress.givenUp(), progress.refused(), progress.waiting(),
				progress.running(), progress.tokensInWindow(),
				100.0 * progress.tokensInWindow() / progress.tokenLimit());
	}

	static String table(LoadReport report) {
		String window = number(report.limits().windowSeconds()) + " s";
		StringBuilder text = new StringBuilder("\n");
		row(text, "calls", "%,d", report.calls());
		row(text, "  answered", "%,d", report.succeeded());
		row(text, "  given up", "%,d%s", sum(report.givenUp()), reasons(report.givenUp()));
		row(text, "  not sent when the load ended", "%,d", report.cutOff());
		LoadReport.Refused refused = report.refused();
		row(text, "429s, counted by the provider", "%,d  = %,.1f per 1,000 calls", refused.total(),
				refused.per1000Calls());
		row(text, "  requests / tokens / too large", "%,d / %,d / %,d", refused.byRequests(), refused.byTokens(),
				refused.tooLarge());
		row(text, "goodput", "%s", goodput(report, window));
		row(text, "most tokens in any " + window, "%,d of %,d", report.maxTokensInAnyWindow(),
				report.limits().tokens());
		row(text, "wait until sent", "p50 %.1f s, p99 %.1f s, max %.1f s", report.waitSeconds().p50(),
				report.waitSeconds().p99(), report.waitSeconds().max());
		row(text, "elapsed", "%.1f s", report.elapsedSeconds());
		return text.toString();
	}

	private static String goodput(LoadReport report, String window) {
		Goodput goodput = report.goodput();
		if (goodput == null) {
			return "not measured: the load must last longer than one window of " + window;
		}
		return format("%.1f %% of the token limit, measured from %s s to %s s", goodput.percent(),
				number(goodput.fromSeconds()), number(goodput.toSeconds()));
	}

	private static String mode(LoadRequest request) {
		if (request.limiter()) {
			return "with the limiter";
		}
		return request.retry() ? "without the limiter, retries with exponential backoff"
				: "without the limiter, no retries";
	}

	private static void row(StringBuilder text, String name, String format, Object... values) {
		text.append(format("%-33s", name)).append(format(format, values)).append('\n');
	}

	private static String reasons(Map<String, Long> reasons) {
		if (reasons.isEmpty()) {
			return "";
		}
		return reasons.entrySet()
			.stream()
			.map((entry) -> format("%s %,d", entry.getKey(), entry.getValue()))
			.collect(Collectors.joining(", ", "  (", ")"));
	}

	private static long sum(Map<String, Long> counts) {
		return counts.values().stream().mapToLong(Long::longValue).sum();
	}

	private static String number(double value) {
		return (value == Math.rint(value)) ? Long.toString((long) value) : Double.toString(value);
	}

	private static String format(String format, Object... values) {
		return String.format(Locale.ROOT, format, values);
	}

}

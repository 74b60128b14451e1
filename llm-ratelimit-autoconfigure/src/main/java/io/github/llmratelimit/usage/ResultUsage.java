package io.github.llmratelimit.usage;

import java.util.Optional;

import io.github.llmratelimit.Usage;
import org.jspecify.annotations.Nullable;

/**
 * Finds the usage of OpenAI's and Anthropic's responses in any object.
 */
final class ResultUsage implements UsageExtractor {

	/*
	 * How far it looks
	 *
	 * Methods return the response, a part of it, or their own object around it. To look
	 * everywhere would find it always, and would load lazy objects, walk huge ones and
	 * never end on cyclic ones. So the number of steps is bounded by construction and
	 * needs no memory of what was seen: two objects deep, at most eight objects wide, one
	 * list on each path, and of a list only its ends: chunks of a stream have the usage
	 * in the last ones, Anthropic's its input in the first.
	 *
	 * Classes without anything of interest are known after the first look, so that a
	 * result without usage costs some nanoseconds and no garbage.
	 */

	private static final int DEEPEST = 2;

	private static final int LAST_ELEMENTS = 8;

	private static final int FIRST_ELEMENTS = 4;

	@Override
	public @Nullable Usage extract(Object result) {
		Object value = (result instanceof Optional<?> optional) ? optional.orElse(null) : result;
		UsageReport report = (value != null) ? search(value, 0, true) : null;
		return (report != null) ? report.toUsage() : null;
	}

	private @Nullable UsageReport search(Object found, int depth, boolean listsToo) {
		Object value = (found instanceof String text) ? ResponseJson.parse(text) : found;
		if (value == null) {
			return null;
		}
		MemberAccess access = MemberAccess.of(value.getClass());
		if (access == MemberAccess.NONE) {
			return null;
		}
		int size = access.readSize(value);
		if (size > 0) {
			return listsToo ? searchList(value, access, size, depth) : null;
		}
		UsageReport report = read(value, access);
		for (int i = 0; report == null && depth < DEEPEST && i < access.wrappedCount(); i++) {
			Object wrapped = access.readWrapped(value, i);
			report = (wrapped != null) ? search(wrapped, depth + 1, listsToo) : null;
		}
		return report;
	}

	private static @Nullable UsageReport read(Object value, MemberAccess access) {
		Object usage = access.read(value, Member.USAGE);
		UsageReport report = (usage != null) ? UsageReport.read(usage) : null;
		if (report == null) {
			report = UsageReport.read(value);
			// one name alone may mean something else in an object of the application
			report = (report != null && report.isComplete()) ? report : null;
		}
		return report;
	}

	private @Nullable UsageReport searchList(Object list, MemberAccess access, int size, int depth) {
		int lastToSee = Math.max(0, size - LAST_ELEMENTS);
		UsageReport found = null;
		for (int i = size - 1; i >= lastToSee && !isComplete(found); i--) {
			found = add(found, access.readElement(list, i), depth);
		}
		for (int i = 0; i < Math.min(FIRST_ELEMENTS, lastToSee) && !isComplete(found); i++) {
			found = add(found, access.readElement(list, i), depth);
		}
		return found;
	}

	private @Nullable UsageReport add(@Nullable UsageReport found, @Nullable Object element, int depth) {
		UsageReport report = (element != null) ? search(element, depth, false) : null;
		return (found != null && report != null) ? found.completedBy(report) : (found != null) ? found : report;
	}

	private static boolean isComplete(@Nullable UsageReport report) {
		return report != null && report.isComplete();
	}

}

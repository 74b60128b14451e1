package io.github.llmratelimit.taskqueue;

import java.util.TreeSet;

/**
 * Tasks of one model that no worker has taken, and how many workers it has. Guarded by
 * the queue's lock.
 */
final class TaskLine {

	final TreeSet<Task<?>> waiting = new TreeSet<>(Task::compare);

	int workers;

}

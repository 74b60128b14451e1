package io.github.llmratelimit.aop;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.github.llmratelimit.engine.ReturnTypeAdapter;
import org.jspecify.annotations.Nullable;

/**
 * Limits methods that return a {@link CompletionStage} or {@link CompletableFuture}.
 */
final class StageAdapter implements ReturnTypeAdapter {

	@Override
	public boolean supports(Class<?> type) {
		return type == CompletionStage.class || type == CompletableFuture.class;
	}

	@Override
	public Object adapt(Class<?> type, Call call) {
		CompletableFuture<@Nullable Object> limited;
		try {
			limited = call.limiter().get().callAsync(call.request(), () -> stage(call));
		}
		catch (RuntimeException ex) { // e.g. no such model
			limited = CompletableFuture.failedFuture(ex);
		}
		return (call.fallback() != null) ? orElse(limited, call.fallback()) : limited;
	}

	@SuppressWarnings("unchecked")
	private static CompletionStage<@Nullable Object> stage(Call call) {
		try {
			return (CompletionStage<@Nullable Object>) call.body().call();
		}
		catch (Exception ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	private static CompletableFuture<@Nullable Object> orElse(CompletableFuture<@Nullable Object> limited,
			Fallback fallback) {
		CompletableFuture<@Nullable Object> answer = new CompletableFuture<>();
		limited.whenComplete((result, failure) -> {
			if (failure == null) {
				answer.complete(result);
			}
			else if (!answer.isDone()) {
				answerInstead(answer, fallback, failure);
			}
		});
		// whoever gives up the answer gives up the call
		answer.whenComplete((result, failure) -> limited.cancel(true));
		return answer;
	}

	@SuppressWarnings("unchecked")
	private static void answerInstead(CompletableFuture<@Nullable Object> answer, Fallback fallback,
			Throwable failure) {
		try {
			CompletionStage<@Nullable Object> stage = (CompletionStage<@Nullable Object>) fallback.answer(failure);
			if (stage == null) {
				answer.complete(null);
				return;
			}
			stage.whenComplete((result, ex) -> {
				if (ex != null) {
					answer.completeExceptionally(ex);
				}
				else {
					answer.complete(result);
				}
			});
		}
		catch (Throwable ex) { // whatever it is, somebody waits for the answer
			answer.completeExceptionally(ex);
		}
	}

}

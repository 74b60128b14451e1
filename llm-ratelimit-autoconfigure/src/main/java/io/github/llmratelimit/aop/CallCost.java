package io.github.llmratelimit.aop;

import java.lang.reflect.Method;
import java.time.temporal.Temporal;
import java.time.temporal.TemporalAmount;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

import io.github.llmratelimit.Cost;
import io.github.llmratelimit.Dimension;
import io.github.llmratelimit.Limit;
import io.github.llmratelimit.LlmRateLimiter;
import io.github.llmratelimit.ModelLimits;
import io.github.llmratelimit.aop.AttributeValue.Argument;
import io.github.llmratelimit.aop.AttributeValue.Constant;
import io.github.llmratelimit.tokens.TokenEstimate;
import io.github.llmratelimit.tokens.TokenEstimator;
import org.jspecify.annotations.Nullable;

/**
 * What a call of one method is expected to take, from {@code tokens} and
 * {@code maxOutputTokens}.
 */
final class CallCost {

	/*
	 * What a call costs
	 *
	 * A number without maxOutputTokens is the total, and nothing is added. A number with
	 * it is the input. Anything else is input to be counted. Nothing stated: all
	 * arguments that are prompts, but for those that say which model, for whom, or how
	 * urgent. The output is maxOutputTokens, or what this method's answers taught of the
	 * model, at first the model's default.
	 *
	 * What a user states is taken as it is, though the limiter may refuse it. What we
	 * assume must never be the reason for a refusal: the default output is cut to what
	 * the limits leave beside the input. Where the input can't be told at all, because an
	 * expression broke or a number is absurd, it is guessed from the bytes of the
	 * arguments, 3 to a token, which errs upwards for all scripts but the rarest; at
	 * least 1, since 0 would let everything pass, and at most half of the smallest limit,
	 * since a guess must neither fail a call nor take the limit from all others.
	 */

	private static final String GUESSED = "they are guessed from the size of the arguments";

	private static final int GUESSED_BYTES_PER_TOKEN = 3;

	private final @Nullable AttributeValue tokens;

	private final Attribute<Long> maxOutputTokens;

	private final boolean inputApart;

	/** Positions of the arguments that may be prompts. */
	private final int[] prompts;

	private final TokenEstimator estimator;

	private final AttributeFailures failures;

	private final @Nullable Cost constant;

	private final String method;

	private final Learned learned;

	/** The model of the call before, which mostly is that of all calls. */
	private volatile Learned.@Nullable Answers answers;

	CallCost(MethodAttributes attributes, TokenEstimator estimator, Learned learned) {
		this.method = attributes.method().toString();
		this.learned = learned;
		this.tokens = attributes.value(MethodAttributes.TOKENS);
		this.maxOutputTokens = Attribute.read(attributes, MethodAttributes.MAX_OUTPUT_TOKENS, Conversions::tokens);
		this.inputApart = attributes.value(MethodAttributes.MAX_OUTPUT_TOKENS) != null;
		this.prompts = prompts(attributes);
		this.estimator = estimator;
		this.failures = attributes.failures();
		this.constant = constant(attributes);
	}

	private @Nullable Cost constant(MethodAttributes attributes) {
		if (!(this.tokens instanceof Constant)) {
			return null;
		}
		Long number = Attribute.<Long>read(attributes, MethodAttributes.TOKENS, Conversions::tokens).constant();
		Long output = this.maxOutputTokens.constant();
		if (number == null || (this.inputApart && output == null)) {
			return null;
		}
		return (output != null) ? Cost.of(number, output) : Cost.ofTotal(number);
	}

	private static int[] prompts(MethodAttributes attributes) {
		Method method = attributes.method().method();
		return IntStream.range(0, method.getParameterCount())
			.filter((position) -> mayBePrompt(method.getParameterTypes()[position]))
			.filter((position) -> !isTaken(attributes, position, method.getParameterTypes()[position]))
			.toArray();
	}

	private static boolean mayBePrompt(Class<?> type) {
		return !(type.isPrimitive() || type.isEnum() || Number.class.isAssignableFrom(type) || type == Boolean.class
				|| type == Class.class || Temporal.class.isAssignableFrom(type)
				|| TemporalAmount.class.isAssignableFrom(type));
	}

	/**
	 * Whether an argument serves another attribute. A message that the user's id is taken
	 * from is still the prompt; a text that an expression reads is not.
	 */
	private static boolean isTaken(MethodAttributes attributes, int position, Class<?> type) {
		boolean text = CharSequence.class.isAssignableFrom(type);
		for (String name : List.of(MethodAttributes.MODEL, MethodAttributes.TENANT, MethodAttributes.PRIORITY)) {
			AttributeValue value = attributes.value(name);
			if (value != null && value.uses(position) && (text || value instanceof Argument)) {
				return true;
			}
		}
		return false;
	}

	/** The cost of every call, {@code null} if it depends on the arguments. */
	@Nullable Cost constant() {
		return this.constant;
	}

	/** Whether no call can have anything that is counted. */
	boolean countsNothing() {
		return this.tokens == null && this.prompts.length == 0;
	}

	/** The cost of one call; never throws. */
	ExpectedCost of(LlmRateLimiter limiter, @Nullable Object[] arguments) {
		if (this.constant != null) {
			return ExpectedCost.stated(this.constant);
		}
		Long output = this.maxOutputTokens.of(arguments);
		try {
			return read(limiter, arguments, output);
		}
		catch (Throwable ex) { // design: a broken expression never fails the call
			AttributeFailures.throwIfFatal(ex);
			this.failures.add(MethodAttributes.TOKENS, Objects.toString(ex.getMessage(), ex.getClass().getName()),
					GUESSED, ex);
			ModelLimits limits = limiter.limits();
			return withOutput(guess(arguments, limits), output, limits);
		}
	}

	private ExpectedCost read(LlmRateLimiter limiter, @Nullable Object[] arguments, @Nullable Long output) {
		Object value = (this.tokens != null) ? Conversions.unwrap(this.tokens.of(arguments)) : all(arguments);
		if (value instanceof Number || (value != null && this.tokens instanceof Constant)) {
			long stated = Conversions.tokens(value);
			if (!this.inputApart) {
				return ExpectedCost.stated(Cost.ofTotal(stated));
			}
			return withOutput(stated, output, limiter.limits());
		}
		ModelLimits limits = limiter.limits();
		boolean missing = value == null && (this.tokens == null || !(this.tokens instanceof Argument));
		if (missing && this.prompts.length != 0) {
			this.failures.add(MethodAttributes.TOKENS, (this.tokens != null) ? "is null" : "no argument is a prompt",
					GUESSED, null);
			return withOutput(guess(arguments, limits), output, limits);
		}
		TokenEstimate prompt = this.estimator.measure(limits.providerModel(), value);
		ExpectedCost expected = withOutput(prompt.tokens(), output, limits);
		if (prompt.profiled() < 1 || this.learned.inputs() == null) {
			return expected;
		}
		return new ExpectedCost(expected.cost(), new Learned.Prompt(limits.model(), limits.providerModel(), prompt,
				this.learned.inputs(), expected.listener()));
	}

	/** All arguments that are prompts, {@code null} if none is. */
	private @Nullable Object all(@Nullable Object[] arguments) {
		Object first = null;
		List<Object> several = null;
		for (int position : this.prompts) {
			Object argument = arguments[position];
			if (argument == null || !this.estimator.supports(argument)) {
				continue;
			}
			if (first == null) {
				first = argument;
				continue;
			}
			if (several == null) {
				several = new ArrayList<>();
				several.add(first);
			}
			several.add(argument);
		}
		return (several != null) ? several : first;
	}

	private ExpectedCost withOutput(long input, @Nullable Long output, ModelLimits limits) {
		if (output != null) {
			return ExpectedCost.stated(Cost.of(input, output));
		}
		Learned.Answers known = answers(limits);
		long assumed = (known != null && known.estimate().calls() > 0) ? known.estimate().tokens(Limit.LARGEST_AMOUNT)
				: limits.defaultOutputTokens();
		for (Limit limit : limits.limits()) {
			if (limit.dimension() == Dimension.OUTPUT_TOKENS) {
				assumed = Math.min(assumed, limit.amount());
			}
			else if (limit.dimension() == Dimension.TOKENS || limit.dimension() == Dimension.ENQUEUED_TOKENS) {
				assumed = Math.min(assumed, limit.amount() - input);
			}
		}
		return new ExpectedCost(Cost.of(input, Math.max(0, assumed)), known);
	}

	private Learned.@Nullable Answers answers(ModelLimits limits) {
		if (this.learned.outputs() == null) {
			return null;
		}
		Learned.Answers last = this.answers;
		if (last == null || !last.estimate().model().equals(limits.model())) {
			last = new Learned.Answers(
					this.learned.outputs().of(limits.model(), this.method, limits.defaultOutputTokens()));
			this.answers = last;
		}
		return last;
	}

	private long guess(@Nullable Object[] arguments, ModelLimits limits) {
		long bytes = 0;
		for (int position : this.prompts) {
			Object argument = arguments[position];
			if (this.estimator.supports(argument)) {
				bytes += PromptSize.bytes(argument);
			}
		}
		long most = Limit.LARGEST_AMOUNT;
		for (Limit limit : limits.limits()) {
			if (limit.dimension() != Dimension.REQUESTS && limit.dimension() != Dimension.CONCURRENT
					&& limit.dimension() != Dimension.OUTPUT_TOKENS) {
				most = Math.min(most, limit.amount() / 2);
			}
		}
		return Math.max(1, Math.min(most, bytes / GUESSED_BYTES_PER_TOKEN));
	}

}

package io.github.llmratelimit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Keeps calls of a method, or of all methods of a type, inside the limits of an LLM
 * model. Before the method runs, one request and the estimated tokens are taken off the
 * model's budget; while there is none, the call waits.
 * <p>
 * Every attribute is one of: a literal; a <code>${property}</code>; a SpEL expression
 * that starts with {@code #} or {@code @} or is wrapped in <code>#{…}</code>. Expressions
 * see the parameters by name, {@code #p0} or {@code #a0}, {@code #root.methodName},
 * {@code #root.args}, and beans as {@code @name}. Mistakes that can be seen at start-up
 * fail there, with class, method and attribute.
 * <p>
 * A method's own annotation wins over its type's. Annotations on interfaces count.
 * <p>
 * Limits apply to calls that come from other beans: a method that calls another one of
 * its own object isn't limited, and cannot be seen to do so. Private, static and final
 * methods stop the start.
 * <p>
 * Methods that return a {@code CompletionStage}, a {@code CompletableFuture}, or what
 * Spring's {@code ReactiveAdapterRegistry} adapts ({@code Mono}, {@code Flux} and others)
 * never block their caller. A stage waits in the background, and the method is called
 * when there is budget. A publisher waits when it is subscribed to: then the method is
 * called, once for each attempt, and the call is in the Reactor context under the key
 * {@code LlmCall.class}. A stream settles when it ends, and is repeated only before its
 * first element. Cancelled before its start, a call leaves nothing behind; after it, its
 * tokens stay taken. Suspend functions of Kotlin and other futures stop the start.
 * <p>
 * A limited method that is called inside another one of the same model is part of that
 * call: see {@link LlmRateLimiter}. Arguments never fail a call: where an expression
 * breaks on them, the tokens are guessed from the size of the arguments, other attributes
 * take their defaults, and only a {@code model} that names nothing known throws.
 */
@Target({ ElementType.METHOD, ElementType.TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
public @interface LlmRateLimited {

	/**
	 * Short form of {@link #model()}.
	 * @return the model's name
	 */
	String value() default "";

	/**
	 * Name of the model, as in {@code llm.ratelimit.models} or in a tier table. Required,
	 * here or as {@link #value()}.
	 * @return the model's name
	 */
	String model() default "";

	/**
	 * Tokens that the call takes. A number without {@link #maxOutputTokens()} is the
	 * total of the call; a number with it is the input, and the output is added; text, a
	 * list or messages are input to be counted. Absent: every text and message among the
	 * arguments is counted, except those that {@code model}, {@code tenant} or
	 * {@code priority} use.
	 * @return a number, or an expression for a number, text or messages
	 */
	String tokens() default "";

	/**
	 * Most tokens that the answer may have. Absent: what {@code tokens} says, or the
	 * model's {@code default-output-tokens}.
	 * @return a number, or an expression for one
	 */
	String maxOutputTokens() default "";

	/**
	 * On whose behalf the call is made. Absent: what a {@link TenantResolver} bean says,
	 * on the thread of the caller, else nobody in particular.
	 * @return the tenant's id, or an expression for it
	 */
	String tenant() default "";

	/**
	 * How urgent the call is: {@code HIGH}, {@code NORMAL} or {@code BATCH}. Absent:
	 * {@code NORMAL}.
	 * @return a {@link Priority}, or an expression for one
	 */
	String priority() default "";

	/**
	 * Longest time that the call may wait for budget, all attempts together, e.g.
	 * {@code 30s}; {@code 0s} never waits. Absent: {@code llm.ratelimit.queue.max-wait}.
	 * @return a duration, or an expression for one
	 */
	String maxWait() default "";

	/**
	 * Models to try, in order, when this one would make the call wait longer than
	 * {@link #fallbackAfter()}.
	 * @return names of models, or expressions for them
	 */
	String[] fallbackModels() default {};

	/**
	 * How long a call may wait before a fallback model is preferred. Absent: the call's
	 * {@code maxWait}.
	 * @return a duration, or an expression for one
	 */
	String fallbackAfter() default "";

	/**
	 * Method of the same class that answers when the call fails or is refused: same
	 * arguments, optionally followed by the exception, same return type.
	 * @return the method's name
	 */
	String fallbackMethod() default "";

}

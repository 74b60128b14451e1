package io.github.llmratelimit;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.jspecify.annotations.NullMarked;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/*
 * The architecture as a table: which package of ours may see which, and which packages
 * own which library. The rules are built for a base package, so that the same rules run
 * against the product and against classes that break them on purpose.
 *
 * Packages are named relative to the base; "" is the base itself. A package that the
 * table lacks is a violation: whoever adds one adds its row.
 */
final class Architecture {

	/** What each package of ours may use, by level. */
	static final Map<String, Set<String>> PACKAGES = packages();

	/** First match wins, so the narrow ones come first. */
	static final List<Library> LIBRARIES = List.of(new Library("jtokkit", Set.of("com.knuddels"), Set.of("tokens")),
			new Library("jackson", Set.of("tools.jackson", "com.fasterxml.jackson"), Set.of("usage")),
			new Library("resilience4j", Set.of("io.github.resilience4j"), withWiring("resilience")),
			new Library("reactor", Set.of("reactor", "org.reactivestreams"),
					// a filter of WebClient and a handler of WebFlux are made of its
					// types
					withWiring("reactive", "web", "webserver")),
			new Library("micrometer", Set.of("io.micrometer"), withWiring("metrics")),
			new Library("spring-data-redis", Set.of("org.springframework.data"), withWiring("redis")),
			new Library("spring-web", Set.of("org.springframework.http", "org.springframework.web"),
					withWiring("web", "webserver")),
			new Library("servlet", Set.of("jakarta.servlet"), withWiring("webserver")),
			new Library("spring-aop", Set.of("org.springframework.aop", "org.aopalliance"), withWiring("aop")),
			new Library("spring-expression",
					Set.of("org.springframework.expression", "org.springframework.context.expression"), Set.of("aop")),
			new Library("boot health and actuator",
					Set.of("org.springframework.boot.health", "org.springframework.boot.actuate"),
					withWiring("health")),
			new Library("boot metrics", Set.of("org.springframework.boot.micrometer"), Set.of("autoconfigure.metrics")),
			new Library("boot clients",
					Set.of("org.springframework.boot.restclient", "org.springframework.boot.webclient"),
					Set.of("autoconfigure.web")),
			new Library("boot redis", Set.of("org.springframework.boot.data"), Set.of("autoconfigure.redis")),
			new Library("boot", Set.of("org.springframework.boot"), wiring()),
			new Library("spring", Set.of("org.springframework"), springPackages()));

	/** Neither features nor frameworks: annotations for the compiler, and the log. */
	private static final Set<String> NEUTRAL = Set.of("java", "org.jspecify.annotations", "org.apache.commons.logging");

	private final String base;

	Architecture(String base) {
		this.base = base;
	}

	ArchRule packagesHaveNoCycles() {
		// (**) doesn't match the base itself; that it sees nothing is in the table
		return slices().matching(this.base + ".(**)").should().beFreeOfCycles().allowEmptyShould(true);
	}

	ArchRule packagesAreInTheTable() {
		return rule("live in a package of the table", (type, events) -> {
			String own = relative(type);
			if (own == null || !PACKAGES.containsKey(own)) {
				violated(type, events, "%s lives in a package without a row".formatted(type.getName()));
			}
		});
	}

	ArchRule packageSeesOnlyItsRow(String name) {
		return rule("see only what the row of '" + name + "' lists", (type, events) -> {
			if (!name.equals(relative(type))) {
				return;
			}
			for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
				String target = relative(dependency.getTargetClass());
				if (target != null && !target.equals(name) && !PACKAGES.get(name).contains(target)) {
					violated(type, events, dependency.getDescription());
				}
			}
		});
	}

	ArchRule libraryIsSeenOnlyByItsOwners(Library library) {
		return rule("leave " + library.name() + " to " + library.owners(), (type, events) -> {
			if (library.owners().contains(relative(type))) {
				return;
			}
			for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
				if (library == libraryOf(dependency.getTargetClass())) {
					violated(type, events, dependency.getDescription());
				}
			}
		});
	}

	ArchRule librariesAreInTheTable() {
		return rule("use no library without a row", (type, events) -> {
			for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
				JavaClass target = dependency.getTargetClass().getBaseComponentType();
				boolean known = target.isPrimitive() || relative(target) != null || within(target, NEUTRAL)
						|| libraryOf(target) != null;
				if (!known) {
					violated(type, events, dependency.getDescription());
				}
			}
		});
	}

	ArchRule packagesAreNullMarked() {
		return rule("live in a package with a @NullMarked package-info", (type, events) -> {
			if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
				violated(type, events, "%s lives in a package without one".formatted(type.getName()));
			}
		});
	}

	ArchRule onlyTimeAsksTheSystemForTime() {
		return rule("leave clocks and sleeping to 'time'", (type, events) -> {
			if ("time".equals(relative(type))) {
				return;
			}
			for (JavaAccess<?> access : type.getAccessesFromSelf()) {
				if (asksTheSystemForTime(access)) {
					violated(type, events, access.getDescription());
				}
			}
		});
	}

	ArchRule autoConfigurationsArePublicAndFinal() {
		return rule("be public and final if an auto-configuration, with members that are not public",
				(type, events) -> {
					if (!type.isAnnotatedWith(AutoConfiguration.class)) {
						return;
					}
					if (!type.getModifiers().containsAll(Set.of(JavaModifier.PUBLIC, JavaModifier.FINAL))) {
						violated(type, events, "%s isn't public and final".formatted(type.getName()));
					}
					for (JavaMember member : type.getMembers()) {
						if (member.getModifiers().contains(JavaModifier.PUBLIC)) {
							violated(type, events, "%s is public".formatted(member.getFullName()));
						}
					}
				});
	}

	ArchRule classConditionsAreOnClasses() {
		// a method's signature is loaded before its condition is asked
		return methods().should().notBeAnnotatedWith(ConditionalOnClass.class).allowEmptyShould(true);
	}

	private static boolean asksTheSystemForTime(JavaAccess<?> access) {
		String owner = access.getTargetOwner().getName();
		String name = access.getName();
		return switch (owner) {
			case "java.lang.System" -> name.equals("nanoTime") || name.equals("currentTimeMillis");
			case "java.time.Clock" -> name.startsWith("system") || name.startsWith("tick");
			case "java.time.InstantSource" -> name.equals("system");
			case "java.lang.Thread", "java.util.concurrent.TimeUnit" -> name.equals("sleep");
			case "java.util.Date" -> name.equals("<init>") && access.getTarget().getFullName().endsWith("()");
			default -> owner.startsWith("java.time.") && name.equals("now");
		};
	}

	private static ArchRule rule(String description, BiConsumer<JavaClass, ConditionEvents> check) {
		return classes().should(new ArchCondition<>(description) {
			@Override
			public void check(JavaClass type, ConditionEvents events) {
				check.accept(type, events);
			}
		}).allowEmptyShould(true);
	}

	private static void violated(JavaClass type, ConditionEvents events, String message) {
		events.add(SimpleConditionEvent.violated(type, message));
	}

	private String relative(JavaClass type) {
		String name = type.getBaseComponentType().getPackageName();
		if (name.equals(this.base)) {
			return "";
		}
		return name.startsWith(this.base + ".") ? name.substring(this.base.length() + 1) : null;
	}

	private Library libraryOf(JavaClass type) {
		if (relative(type) != null) {
			return null;
		}
		JavaClass component = type.getBaseComponentType();
		return LIBRARIES.stream().filter((library) -> within(component, library.packages())).findFirst().orElse(null);
	}

	private static boolean within(JavaClass type, Set<String> packages) {
		String name = type.getPackageName() + ".";
		return packages.stream().anyMatch((prefix) -> name.startsWith(prefix + "."));
	}

	private static Map<String, Set<String>> packages() {
		Map<String, Set<String>> rows = new LinkedHashMap<>();
		// level 0
		rows.put("", Set.of());
		rows.put("time", Set.of());
		// level 1
		rows.put("tokens", Set.of(""));
		rows.put("provider", Set.of("", "time"));
		rows.put("usage", Set.of(""));
		rows.put("learning", Set.of("")); // pure arithmetic: instants and numbers are
											// handed in
		// level 2
		// the engine's own rooms, which nobody else enters but for its settings
		rows.put("engine.settings", Set.of(""));
		rows.put("engine.ledger", Set.of("", "time", "provider", "learning", "engine.settings"));
		rows.put("engine.admission", Set.of("", "time", "provider", "learning", "engine.settings", "engine.ledger"));
		rows.put("engine",
				Set.of("", "time", "provider", "learning", "engine.settings", "engine.ledger", "engine.admission"));
		// level 3
		Map<String, Set<String>> features = new LinkedHashMap<>();
		features.put("resilience", Set.of("", "time", "provider", "engine"));
		features.put("reactive", Set.of("", "engine"));
		features.put("taskqueue", Set.of("", "time"));
		features.put("webserver", Set.of(""));
		features.put("redis", Set.of("", "time", "engine"));
		// a method keeps what its calls taught
		features.put("aop", Set.of("", "tokens", "usage", "provider", "learning", "engine"));
		features.put("web", Set.of("", "provider", "engine"));
		// gauges appear with limits that are found
		features.put("metrics", Set.of("", "provider", "learning", "engine"));
		features.put("health", Set.of("", "engine"));
		// records that applications listen to, and what fills them; events tell of
		// learned
		// limits, and of instants
		features.put("events", Set.of("", "time", "learning", "engine"));
		rows.putAll(features);
		// level 4
		// rooms of the configuration; each is told what is in those before it
		rows.put("autoconfigure.properties", Set.of("", "engine"));
		rows.put("autoconfigure.diagnostics", Set.of("autoconfigure.properties"));
		rows.put("autoconfigure.tiers",
				Set.of("", "provider", "engine", "autoconfigure.properties", "autoconfigure.diagnostics"));
		rows.put("autoconfigure.configuration", Set.of("", "provider", "engine", "engine.settings",
				"autoconfigure.properties", "autoconfigure.diagnostics", "autoconfigure.tiers"));
		rows.put("autoconfigure",
				Set.of("", "time", "tokens", "usage", "provider", "learning", "engine", "engine.settings",
						"autoconfigure.properties", "autoconfigure.diagnostics", "autoconfigure.tiers",
						"autoconfigure.configuration"));
		features.forEach((feature, seen) -> {
			Set<String> row = new LinkedHashSet<>(seen);
			row.add(feature);
			row.add("autoconfigure.properties");
			rows.put("autoconfigure." + feature, row);
		});
		return rows;
	}

	private static Set<String> withWiring(String... features) {
		Set<String> owners = new LinkedHashSet<>();
		for (String feature : features) {
			owners.add(feature);
			owners.add("autoconfigure." + feature);
		}
		return owners;
	}

	private static Set<String> wiring() {
		Set<String> wiring = new LinkedHashSet<>(PACKAGES.keySet());
		wiring.removeIf((name) -> !name.startsWith("autoconfigure"));
		return wiring;
	}

	private static Set<String> springPackages() {
		Set<String> packages = wiring();
		packages.addAll(Set.of("aop", "web", "webserver", "redis", "reactive", "health", "events"));
		return packages;
	}

	/**
	 * A third-party library and who may use it.
	 *
	 * @param name how a failure calls it
	 * @param packages its packages, those below included
	 * @param owners our packages that may use it
	 */
	record Library(String name, Set<String> packages, Set<String> owners) {

		@Override
		public String toString() {
			return this.name;
		}

	}

}

package io.mlops.backends.http.standin;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A mark of tests that need a real MLflow server, and are given it as a {@link RealServer} or {@link TestServer}: where
 * there is none they are skipped with one line that says so, or fail if {@code CI=true}.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsServer.Condition.class)
public @interface NeedsServer {
    /** Returns the version of the server. */
    Release value();

    /** Returns how it is started. */
    Setup setup() default Setup.PLAIN;

    /** Returns which answers a proxy before the server loses: each of this number; none if 0. */
    int losesEvery() default 0;

    /** The condition behind the mark, which gives tests their server, too. */
    final class Condition implements ExecutionCondition, ParameterResolver {
        private static final ExtensionContext.Namespace SAID = ExtensionContext.Namespace.create(NeedsServer.class);

        /** Returns the Python that has this version of MLflow, or an empty text. */
        static String python(Release release) {
            return System.getenv().getOrDefault(variable(release), "");
        }

        private static String variable(Release release) {
            return switch (release) {
                case V3_17 -> "MLOPS_PYTHON";
                case V2_22 -> "MLOPS_PYTHON_MLFLOW2";
                case V2_9 -> "MLOPS_PYTHON_MLFLOW29";
            };
        }

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return context.getElement()
                    .flatMap(test -> Optional.ofNullable(test.getAnnotation(NeedsServer.class)))
                    .map(needs -> needs.setup().present()
                            ? evaluated(needs.value(), context)
                            : disabled("no tests with PostgreSQL: it is not installed", context))
                    .orElse(ConditionEvaluationResult.enabled("needs no server"));
        }

        private static ConditionEvaluationResult evaluated(Release release, ExtensionContext context) {
            // A second run on another JDK would tell nothing more of the servers.
            if (!Boolean.parseBoolean(System.getProperty("mlops.test.servers", "true"))) {
                return ConditionEvaluationResult.disabled("real servers are tried in another run");
            }
            if (!python(release).isBlank()) {
                return ConditionEvaluationResult.enabled("there is a server");
            }
            String absence = "no tests with MLflow's server " + release.number() + ": " + variable(release)
                    + " does not name a Python that has it" + (release.required() ? " (.ci/run sets it up)" : "");
            if (release.required() && "true".equals(System.getenv("CI"))) {
                throw new IllegalStateException(absence);
            }
            return disabled(absence, context);
        }

        private static ConditionEvaluationResult disabled(String absence, ExtensionContext context) {
            Object unused = context.getRoot().getStore(SAID).getOrComputeIfAbsent(absence, each -> {
                System.out.println(absence);
                return each;
            });
            return ConditionEvaluationResult.disabled(absence);
        }

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            Class<?> type = parameter.getParameter().getType();
            return type == TestServer.class || type == RealServer.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            NeedsServer needs = needs(context);
            RealServers servers = RealServers.of(context);
            try {
                return needs.losesEvery() > 0
                        ? servers.losing(needs.value(), needs.losesEvery())
                        : servers.get(needs.value(), needs.setup());
            } catch (Exception e) {
                throw new IllegalStateException(
                        "MLflow's server " + needs.value().number() + " did not start", e);
            }
        }

        private static NeedsServer needs(ExtensionContext context) {
            ExtensionContext each = context;
            while (each != null) {
                NeedsServer needs = each.getElement()
                        .map(test -> test.getAnnotation(NeedsServer.class))
                        .orElse(null);
                if (needs != null) {
                    return needs;
                }
                each = each.getParent().orElse(null);
            }
            throw new IllegalStateException("a test that is given a server says which");
        }
    }
}

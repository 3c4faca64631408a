package io.mlops.backends.http;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Leaves the limits of runs, which take a real server minutes, to the profile {@code faults}: the stand-ins are held to
 * them in every run.
 */
final class LimitsInFaults implements ExecutionCondition {
    private static final int THOROUGH = 10;

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        boolean limits = context.getTestClass()
                .filter(suite -> suite.getSimpleName().equals("Limits"))
                .isPresent();
        return limits && Integer.getInteger("mlops.faults", 1) < THOROUGH
                ? ConditionEvaluationResult.disabled("takes minutes: in profile faults")
                : ConditionEvaluationResult.enabled("quick enough");
    }
}

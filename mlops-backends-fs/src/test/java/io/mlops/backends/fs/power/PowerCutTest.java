package io.mlops.backends.fs.power;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.backends.fs.quiet.QuietExtension;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests that acknowledged data survives a power cut, a kill or a failed operation, whichever operation that comes
 * before; everything else is there as a whole or not at all, and can be done again. More rounds with {@code
 * -Dmlops.faults=30}.
 */
@QuietExtension.Warned
final class PowerCutTest {
    private static final int ROUNDS = Integer.getInteger("mlops.faults", 1);

    static List<Scenario> scenarios() {
        return Scenarios.all();
    }

    private static Checker checker() {
        return new Checker(PowerDisk.Sync.HONEST, ROUNDS, true);
    }

    private static void check(Checker checker) {
        assertThat(checker.states())
                .as("a scenario in which nothing can go wrong")
                .isPositive();
        assertThat(checker.violations()).as("what goes wrong").isEmpty();
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void aPowerCutLosesNothingAcknowledged(Scenario scenario) throws Exception {
        Checker checker = checker();
        checker.cutPower(scenario);
        check(checker);
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void whoGoesOnAfterAKilledProcessMakesItsWorkDurable(Scenario scenario) throws Exception {
        Checker checker = checker();
        checker.kill(scenario);
        check(checker);
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void whatIsRepeatedAfterAFailureIsDurable(Scenario scenario) throws Exception {
        Checker checker = checker();
        checker.fail(scenario);
        check(checker);
    }
}

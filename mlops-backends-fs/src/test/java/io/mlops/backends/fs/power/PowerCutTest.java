package io.mlops.backends.fs.power;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.backends.fs.quiet.QuietExtension;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What was acknowledged is there after a power cut, a kill or a failed operation, whichever operation it comes before;
 * everything else is there as a whole or not at all, and can be done again. More rounds with {@code -Dmlops.faults=30}.
 */
@QuietExtension.Warned
final class PowerCutTest {
    private static final int ROUNDS = Integer.getInteger("mlops.faults", 1);

    static List<Scenario> scenarios() {
        return Scenarios.all();
    }

    private static Checker checker() {
        return new Checker(PowerDisk.Sync.HONEST, ROUNDS, true, Set.of());
    }

    /** Holes that are known are told by name; one that is closed must leave the list. */
    private static void check(Checker checker, Scenario scenario, String how) {
        assertThat(checker.states())
                .as("a scenario in which nothing can go wrong")
                .isPositive();
        assertThat(checker.violations().keySet())
                .as("what goes wrong, as KnownHoles says: %s", checker.violations())
                .isEqualTo(KnownHoles.of(scenario + " / " + how + " / "));
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void aPowerCutLosesNothingAcknowledged(Scenario scenario) throws Exception {
        Checker checker = checker();
        checker.cutPower(scenario);
        check(checker, scenario, "power cut");
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void whoGoesOnAfterAKilledProcessMakesItsWorkDurable(Scenario scenario) throws Exception {
        Checker checker = checker();
        checker.kill(scenario);
        check(checker, scenario, "kill");
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void whatIsRepeatedAfterAFailureIsDurable(Scenario scenario) throws Exception {
        Checker checker = checker();
        checker.fail(scenario);
        check(checker, scenario, "fault");
    }
}

package io.mlops.backends.fs.power;

import io.mlops.backends.fs.quiet.QuietExtension;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@QuietExtension.Warned
final class PowerCutTest {
    static List<Scenario> scenarios() {
        return Scenarios.all();
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void nothingAcknowledgedIsLost(Scenario scenario) throws Exception {
        for (boolean journal : new boolean[] {true, false}) {
            Checker checker = new Checker(PowerDisk.Sync.HONEST, journal, 4, false);
            long t = System.nanoTime();
            checker.cutPower(scenario);
            checker.kill(scenario);
            checker.fail(scenario);
            System.out.println("== " + scenario + " journal " + journal + " " + checker.states() + " states "
                    + (System.nanoTime() - t) / 1000000 + " ms");
            checker.violations().forEach((k, v) -> System.out.println("!! " + k + " => " + v));
        }
    }
}

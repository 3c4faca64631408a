package io.mlops.backends.fs.power;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.backends.fs.quiet.QuietExtension;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Tests that no sync of the backend is idle: each is left out in turn, and some scenario must lose something by that.
 */
@QuietExtension.Warned
final class SyncMutantTest {
    private static final int ROUNDS = Integer.getInteger("mlops.faults", 1);

    /** A way in which scenarios go wrong. */
    private interface Trial {
        void of(Checker checker, Scenario scenario) throws Exception;
    }

    private static final List<Trial> TRIALS = List.of(Checker::cutPower, Checker::kill, Checker::fail);

    /**
     * Runs all scenarios, and returns them by the sites of their syncs, those of processes that repeat the work
     * included.
     */
    private static Map<String, Set<Scenario>> sites() throws Exception {
        Map<String, Set<Scenario>> sites = new TreeMap<>();
        for (Scenario scenario : Scenarios.all()) {
            Set<String> seen = new TreeSet<>();
            Checker checker = new Checker(
                    path -> {
                        seen.add(SyncSite.current());
                        return true;
                    },
                    0,
                    true);
            checker.kill(scenario);
            seen.remove("");
            seen.forEach(site ->
                    sites.computeIfAbsent(site, key -> new LinkedHashSet<>()).add(scenario));
        }
        return sites;
    }

    private static Set<String> lostWithout(String site, Set<Scenario> scenarios) throws Exception {
        for (Scenario scenario : scenarios) {
            for (Trial trial : TRIALS) {
                Checker checker = new Checker(path -> !SyncSite.current().equals(site), ROUNDS, false);
                trial.of(checker, scenario);
                Set<String> lost = new TreeSet<>(checker.violations().keySet());
                if (!lost.isEmpty()) {
                    return lost;
                }
            }
        }
        return Set.of();
    }

    @TestFactory
    List<DynamicTest> somethingIsLostWithout() throws Exception {
        List<DynamicTest> tests = new ArrayList<>();
        sites().forEach((site, scenarios) -> tests.add(DynamicTest.dynamicTest(
                site,
                () -> assertThat(lostWithout(site, scenarios))
                        .as("what is lost without %s in any of %s", site, scenarios)
                        .isNotEmpty())));
        assertThat(tests).hasSizeGreaterThan(30);
        return tests;
    }
}

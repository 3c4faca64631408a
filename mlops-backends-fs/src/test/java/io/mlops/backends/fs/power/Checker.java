package io.mlops.backends.fs.power;

import com.github.valfirst.slf4jtest.LoggingEvent;
import com.github.valfirst.slf4jtest.TestLoggerFactory;
import io.mlops.api.common.MlopsException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Lets scenarios go wrong at every operation, and tells what was lost. */
final class Checker {
    private final PowerDisk.Sync sync;
    private final boolean renamesTogether;
    private final int rounds;
    private final boolean onlyFirst;
    /** By what went wrong where, with the first example. */
    private final Map<String, String> violations = new LinkedHashMap<>();

    private int states;

    Checker(PowerDisk.Sync sync, boolean renamesTogether, int rounds, boolean onlyFirst) {
        this.sync = sync;
        this.renamesTogether = renamesTogether;
        this.rounds = rounds;
        this.onlyFirst = onlyFirst;
    }

    Map<String, String> violations() {
        return violations;
    }

    /** How often something went wrong on purpose. */
    int states() {
        return states;
    }

    private boolean done() {
        return onlyFirst && !violations.isEmpty();
    }

    /** The power is cut before each operation, and after the last. */
    void cutPower(Scenario scenario) throws Exception {
        Recording recording = Recording.of(scenario, sync, renamesTogether);
        List<Recording.Moment> moments = recording.moments();
        for (int i = moments.size() - 1; i >= 0 && !done(); i--) {
            Recording.Moment moment = moments.get(i);
            for (Survival survival : survivals(moment, i)) {
                check("power cut", scenario, recording, moment, moment.disk().cut(survival), survival.toString());
            }
        }
    }

    private List<Survival> survivals(Recording.Moment moment, int number) {
        List<Survival> all = new ArrayList<>(List.of(Survival.NOTHING, Survival.EVERYTHING, Survival.NAMES));
        for (int lost = 0; lost < moment.disk().unsynced(); lost++) {
            all.add(Survival.without(lost));
        }
        for (int round = 0; round < rounds; round++) {
            all.add(Survival.of(number * 1000L + round));
        }
        return all;
    }

    /** The process is killed before each operation, another repeats its work, and then the power is cut. */
    void kill(Scenario scenario) throws Exception {
        Recording recording = Recording.of(scenario, sync, renamesTogether);
        List<Recording.Moment> moments = recording.moments();
        for (int i = moments.size() - 1; i >= 0 && !done(); i--) {
            Recording.Moment moment = moments.get(i);
            check("kill", scenario, recording, moment, moment.disk().copy(), "killed");
        }
    }

    private void check(
            String how, Scenario scenario, Recording recording, Recording.Moment moment, PowerDisk disk, String what) {
        if (done()) {
            return;
        }
        states++;
        TestLoggerFactory.clearAll();
        int acknowledged = scenario.acknowledged(moment.step());
        String where = what + ", before " + moment.next() + ": ";
        String phase = "at once";
        String wrong;
        try {
            wrong = recording.wrong(moment.step(), Sight.of(disk.copy()));
            if (wrong.isEmpty()) {
                phase = "repeated";
                World again = new World(disk.syncing(sync));
                scenario.repeat(again, acknowledged);
                wrong = ended(scenario, recording, disk.copy());
            }
            if (wrong.isEmpty()) {
                phase = "repeated, cut";
                wrong = ended(scenario, recording, disk.cut(Survival.NOTHING));
            }
            wrong = wrong.isEmpty() ? warnings() : wrong;
        } catch (Exception | AssertionError e) {
            wrong = e.toString();
        }
        if (!wrong.isEmpty()) {
            String step = moment.step() < scenario.steps().size()
                    ? scenario.steps().get(moment.step()).name()
                    : "end";
            violations.putIfAbsent(scenario + " / " + how + " / " + step + " / " + phase, where + wrong);
        }
    }

    private static String ended(Scenario scenario, Recording recording, PowerDisk disk) {
        return recording.wrong(scenario.steps().size(), Sight.of(disk));
    }

    private static String warnings() {
        return TestLoggerFactory.getAllLoggingEvents().stream()
                .map(LoggingEvent::getFormattedMessage)
                .filter(message -> message.contains("acknowledged data is missing"))
                .findFirst()
                .orElse("");
    }

    /** Each operation fails once, the process repeats its work, and then the power is cut. */
    void fail(Scenario scenario) throws Exception {
        Recording recording = Recording.of(scenario, sync, renamesTogether);
        for (int number = recording.moments().size() - 2; number >= 0 && !done(); number--) {
            states++;
            Fault fault = new Fault(number);
            try {
                String wrong = failAt(fault, scenario, recording);
                report(scenario, fault, wrong);
            } catch (Exception | AssertionError e) {
                report(scenario, fault, e.toString());
            }
        }
    }

    private void report(Scenario scenario, Fault fault, String wrong) {
        if (!wrong.isEmpty()) {
            violations.putIfAbsent(scenario + " / fault / " + fault.step, fault.operation + ": " + wrong);
        }
    }

    private String failAt(Fault fault, Scenario scenario, Recording recording) throws Exception {
        PowerDisk disk = World.emptyDisk(renamesTogether).syncing(sync).watchedBy(fault);
        World world = new World(disk);
        for (int i = 0; i < scenario.steps().size(); i++) {
            Scenario.Step step = scenario.steps().get(i);
            fault.counting = i >= scenario.firstStep();
            fault.step = step.name();
            try {
                step.action().in(world);
            } catch (MlopsException e) {
                String wrong = recording.wrong(i, Sight.of(disk.copy()));
                if (!wrong.isEmpty()) {
                    return "before it was repeated: " + wrong;
                }
                i = scenario.acknowledged(i) - 1;
            }
            if (fault.fired) {
                fault.counting = false;
            }
        }
        String wrong = ended(scenario, recording, disk.copy());
        return wrong.isEmpty() ? ended(scenario, recording, disk.cut(Survival.NOTHING)) : wrong;
    }

    /** Lets one operation fail. */
    private static final class Fault implements PowerDisk.Watcher {
        private int left;
        private boolean counting;
        private boolean fired;
        private String operation = "";
        private String step = "";

        Fault(int number) {
            this.left = number;
        }

        @Override
        public void before(String next, String path) throws IOException {
            if (counting && !fired && left-- == 0) {
                fired = true;
                operation = next + " " + path;
                throw new IOException("Input/output error");
            }
        }
    }
}

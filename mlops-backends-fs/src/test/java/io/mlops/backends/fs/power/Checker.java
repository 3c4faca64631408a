package io.mlops.backends.fs.power;

import io.mlops.api.common.MlopsException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A checker that lets scenarios go wrong at every operation, and collects what was lost by that. Not thread-safe. */
final class Checker {
    private final PowerDisk.Sync sync;
    private final int rounds;
    /** True to go on after the first violation. */
    private final boolean all;

    /** Messages about the first violation of each kind, by what went wrong where. */
    private final Map<String, String> violations = new LinkedHashMap<>();

    private int states;

    Checker(PowerDisk.Sync sync, int rounds, boolean all) {
        this.sync = sync;
        this.rounds = rounds;
        this.all = all;
    }

    Map<String, String> violations() {
        return violations;
    }

    /** Returns the number of states in which a store was checked. */
    int states() {
        return states;
    }

    private boolean done() {
        return !all && !violations.isEmpty();
    }

    /** Cuts the power before each operation of a scenario, and after the last. */
    void cutPower(Scenario scenario) throws Exception {
        Recording recording = Recording.of(scenario, sync);
        List<Recording.Moment> moments = recording.moments();
        Set<String> seen = new HashSet<>();
        for (int i = moments.size() - 1; i >= 0 && !done(); i--) {
            Recording.Moment moment = moments.get(i);
            for (Survival survival : survivals(moment, i)) {
                PowerDisk found = moment.disk().cut(survival);
                if (seen.add(moment.step() + found.fingerprint())) {
                    check("power cut", scenario, recording, moment, found, survival.toString());
                }
            }
        }
    }

    private List<Survival> survivals(Recording.Moment moment, int number) {
        List<Survival> all = new ArrayList<>(
                List.of(Survival.NOTHING, Survival.EVERYTHING, Survival.NAMES, Survival.HALVES, Survival.ZEROS));
        for (int lost = 0; lost < moment.disk().unsynced(); lost++) {
            all.add(Survival.without(lost));
        }
        for (int round = 0; round < rounds; round++) {
            all.add(Survival.of(number * 1000L + round));
        }
        return all;
    }

    /**
     * Kills the process before each operation of a scenario, lets another process repeat its work, and then cuts the
     * power.
     */
    void kill(Scenario scenario) throws Exception {
        Recording recording = Recording.of(scenario, sync);
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
        int acknowledged = scenario.acknowledged(moment.step());
        String where = what + " before " + moment.next() + ": ";
        String phase = "at once";
        String wrong;
        try {
            wrong = recording.wrong(moment.step(), StoreView.of(disk.copy()));
            if (wrong.isEmpty()) {
                phase = "repeated";
                Machine again = new Machine(disk.syncing(sync)).afterCrash();
                scenario.repeat(again, acknowledged);
                wrong = ended(scenario, recording, disk.copy());
            }
            if (wrong.isEmpty()) {
                phase = "repeated, cut";
                wrong = ended(scenario, recording, disk.cut(Survival.NOTHING));
            }
        } catch (Exception | AssertionError e) {
            wrong = e.toString();
        }
        if (!wrong.isEmpty()) {
            String step = moment.step() < scenario.steps().size()
                    ? scenario.steps().get(moment.step()).name()
                    : "end";
            violations.putIfAbsent(scenario + " / " + how + " / " + step, phase + ": " + where + wrong);
        }
    }

    private static String ended(Scenario scenario, Recording recording, PowerDisk disk) throws IOException {
        return recording.wrong(scenario.steps().size(), StoreView.of(disk));
    }

    /** Fails each operation of a scenario once, lets the process repeat its work, and then cuts the power. */
    void fail(Scenario scenario) throws Exception {
        Recording recording = Recording.of(scenario, sync);
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
        PowerDisk disk = Machine.emptyDisk().syncing(sync).watchedBy(fault);
        Machine machine = new Machine(disk);
        int failures = 0;
        for (int i = 0; i < scenario.steps().size(); i++) {
            Scenario.Step step = scenario.steps().get(i);
            fault.counting = i >= scenario.firstStep();
            fault.step = fault.fired ? fault.step : step.name();
            try {
                step.action().in(machine);
            } catch (MlopsException e) {
                if (++failures > 2) {
                    throw e;
                }
                String wrong = recording.wrong(i, StoreView.of(disk.copy()));
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

    /** A watcher that fails one operation. */
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

package io.mlops.backends.fs.power;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A recording of a scenario that went well, with a copy of the disk as it was before each operation. */
final class Recording {
    /**
     * A moment at which the power may be cut.
     *
     * @param step the index of the step in whose midst it is; the number of steps after the last
     * @param next the operation that would have come next
     */
    record Moment(PowerDisk disk, int step, String next) {}

    private final Scenario scenario;
    private final List<Moment> moments = new ArrayList<>();
    /** Views of the store before each step, and after the last. */
    private final List<SortedMap<String, String>> views = new ArrayList<>();

    private final AtomicInteger step = new AtomicInteger();

    private Recording(Scenario scenario) {
        this.scenario = scenario;
    }

    static Recording of(Scenario scenario, PowerDisk.Sync sync) throws Exception {
        Recording recording = new Recording(scenario);
        PowerDisk disk = Machine.emptyDisk().syncing(sync);
        disk.watchedBy((operation, path) -> recording.note(disk, operation + " " + path));
        Machine machine = new Machine(disk);
        recording.views.add(new TreeMap<>());
        for (Scenario.Step next : scenario.steps()) {
            next.action().in(machine);
            int unused = recording.step.incrementAndGet();
            recording.views.add(StoreView.of(disk.copy()));
        }
        recording.note(disk, "nothing");
        return recording;
    }

    private void note(PowerDisk disk, String next) {
        int now = step.get();
        if (now >= scenario.firstStep()) {
            moments.add(new Moment(disk.copy(), now, next));
        }
    }

    List<Moment> moments() {
        return moments;
    }

    /** Returns what is wrong with the view after an accident in the midst of this step; empty if nothing is. */
    String wrong(int at, SortedMap<String, String> seen) {
        int acknowledged = scenario.acknowledged(at);
        List<SortedMap<String, String>> allowed = views.subList(acknowledged, Math.min(at + 2, views.size()));
        Set<String> things = new HashSet<>(seen.keySet());
        allowed.forEach(view -> things.addAll(view.keySet()));
        for (String thing : things) {
            String found = seen.getOrDefault(thing, "");
            boolean fine = allowed.stream().anyMatch(view -> found.equals(view.getOrDefault(thing, "")))
                    || (thing.startsWith(StoreView.POINTS)
                            && found.startsWith(allowed.get(0).getOrDefault(thing, ""))
                            && allowed.stream()
                                    .anyMatch(
                                            view -> view.getOrDefault(thing, "").startsWith(found)));
            if (!fine) {
                return thing + " is '" + found + "' but was '" + allowed.get(0).getOrDefault(thing, "")
                        + "' when it was acknowledged";
            }
        }
        return "";
    }
}

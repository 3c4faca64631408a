package io.mlops.backends.fs.power;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A scenario that went well, with the disk as it was before each operation. */
final class Recording {
    /**
     * A moment at which the power may be cut.
     *
     * @param step the step in whose midst it is; as many as there are after the last
     * @param next what would have been done next
     */
    record Moment(PowerDisk disk, int step, String next) {}

    private final Scenario scenario;
    private final List<Moment> moments = new ArrayList<>();
    /** What was seen before each step, and after the last. */
    private final List<SortedMap<String, String>> sights = new ArrayList<>();

    private final AtomicInteger step = new AtomicInteger();

    private Recording(Scenario scenario) {
        this.scenario = scenario;
    }

    static Recording of(Scenario scenario, PowerDisk.Sync sync) throws Exception {
        Recording recording = new Recording(scenario);
        PowerDisk disk = World.emptyDisk().syncing(sync);
        disk.watchedBy((operation, path) -> recording.note(disk, operation + " " + path));
        World world = new World(disk);
        recording.sights.add(new TreeMap<>());
        for (Scenario.Step next : scenario.steps()) {
            next.action().in(world);
            int unused = recording.step.incrementAndGet();
            recording.sights.add(Sight.of(disk.copy()));
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

    /** What is wrong with what is seen after something happened in the midst of this step; empty if nothing is. */
    String wrong(int at, SortedMap<String, String> seen) {
        int acknowledged = scenario.acknowledged(at);
        List<SortedMap<String, String>> allowed = sights.subList(acknowledged, Math.min(at + 2, sights.size()));
        Set<String> things = new HashSet<>(seen.keySet());
        allowed.forEach(sight -> things.addAll(sight.keySet()));
        for (String thing : things) {
            String found = seen.getOrDefault(thing, "");
            boolean fine = allowed.stream().anyMatch(sight -> found.equals(sight.getOrDefault(thing, "")))
                    || (thing.startsWith(Sight.POINTS)
                            && found.startsWith(allowed.get(0).getOrDefault(thing, ""))
                            && allowed.stream()
                                    .anyMatch(sight ->
                                            sight.getOrDefault(thing, "").startsWith(found)));
            if (!fine) {
                return thing + " is '" + found + "' but was '" + allowed.get(0).getOrDefault(thing, "")
                        + "' when it was acknowledged";
            }
        }
        return "";
    }
}

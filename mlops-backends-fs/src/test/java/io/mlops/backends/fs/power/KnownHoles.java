package io.mlops.backends.fs.power;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What the backend is known to lose, each with where it shows: as scenario, what went wrong, and the step. */
final class KnownHoles {
    private static final Map<String, List<String>> PLACES = Map.ofEntries(
            Map.entry(
                    "Whoever opens a store that another made, but did not sync, must sync the folder above it.",
                    List.of("experiments / fault / make the store", "experiments / kill / make the store")),
            Map.entry(
                    "Whoever finds an experiment that another made, but did not sync, must sync its folder, too.",
                    List.of(
                            "experiments / fault / ensure another",
                            "experiments / kill / ensure another",
                            "renamed experiment / fault / make one of the old name",
                            "renamed experiment / kill / make one of the old name")),
            Map.entry(
                    "A change of an experiment that was done, but not synced, must be synced when it is repeated.",
                    List.of(
                            "deleted experiment / fault / delete again",
                            "deleted experiment / kill / delete again",
                            "experiments / fault / tag",
                            "experiments / kill / tag",
                            "renamed experiment / fault / rename",
                            "renamed experiment / kill / rename",
                            "restored experiment / fault / restore again",
                            "restored experiment / kill / restore again")),
            Map.entry(
                    "A run.json that was never synced may be torn or zeros after a power cut, not only empty.",
                    List.of(
                            "bare run / power cut / complete",
                            "bare run / power cut / create",
                            "run / power cut / append",
                            "run / power cut / create",
                            "run / power cut / first change")),
            Map.entry(
                    "An artifact is acknowledged while its run is not durable yet.",
                    List.of(
                            "artifact of a fresh run / fault / create",
                            "artifact of a fresh run / fault / put",
                            "artifact of a fresh run / kill / create",
                            "artifact of a fresh run / kill / end",
                            "artifact of a fresh run / kill / put",
                            "artifact of a fresh run / power cut / create",
                            "artifact of a fresh run / power cut / end",
                            "artifact of a fresh run / power cut / put")),
            Map.entry(
                    "The folder of artifacts, or one in it, is named before its own name is durable.",
                    List.of(
                            "artifacts / fault / put in folders",
                            "artifacts / kill / put in folders",
                            "artifacts / power cut / put",
                            "main job / power cut / store a file")),
            Map.entry(
                    "The file of a joined writer of another process is synced, but its folder is not.",
                    List.of(
                            "points of another process / fault / append as another",
                            "points of another process / fault / complete",
                            "points of another process / kill / append as another",
                            "points of another process / kill / complete",
                            "points of another process / kill / end",
                            "points of another process / power cut / append as another",
                            "points of another process / power cut / complete",
                            "points of another process / power cut / end")),
            Map.entry(
                    "A folder is moved into a trash whose own name is not durable yet.",
                    List.of("deleted experiment / power cut / delete", "deleted run / power cut / delete")),
            Map.entry(
                    "A purge that was not synced must be synced when it is repeated.",
                    List.of(
                            "purged experiment / fault / purge",
                            "purged experiment / kill / purge",
                            "purged run / fault / purge",
                            "purged run / kill / purge")),
            Map.entry(
                    "A version that is found by its key, or the model.json that is found, may not be durable yet.",
                    List.of(
                            "versions / fault / register",
                            "versions / fault / register another model",
                            "versions / fault / register one with folders",
                            "versions / kill / register",
                            "versions / kill / register another model",
                            "versions / kill / register one with folders")),
            Map.entry(
                    "A folder of changed versions that was made, but not synced, must be synced by whoever finds it.",
                    List.of("edited version / fault / tag a version", "edited version / kill / tag a version")));

    private KnownHoles() {}

    static Set<String> all() {
        return of("");
    }

    /** The places whose names begin like this. */
    static Set<String> of(String beginning) {
        return PLACES.values().stream()
                .flatMap(Collection::stream)
                .filter(place -> place.startsWith(beginning))
                .collect(Collectors.toUnmodifiableSet());
    }
}

package io.mlops.backends.fs.power;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What the backend is known to lose, each with where it shows: as scenario, what went wrong, and the step. */
enum KnownHoles {
    /** Whoever opens a store that another made, but did not sync, must sync the folder above it. */
    STORE(
            "experiments / fault / make the store",
            "experiments / kill / make the store"),

    /** Whoever finds an experiment that another made, but did not sync, must sync its folder, too. */
    EXPERIMENT(
            "experiments / fault / ensure another",
            "experiments / kill / ensure another",
            "renamed experiment / fault / make one of the old name",
            "renamed experiment / kill / make one of the old name"),

    /** A change of an experiment that was done, but not synced, must be synced when it is repeated. */
    EXPERIMENT_CHANGE(
            "experiments / fault / tag",
            "experiments / kill / tag",
            "renamed experiment / fault / rename",
            "renamed experiment / kill / rename",
            "restored experiment / fault / restore again",
            "restored experiment / kill / restore again"),

    /** A run that was made, but not synced, must be synced when its making is repeated. */
    RUN(
            "artifact of a fresh run / fault / create",
            "artifact of a fresh run / kill / create",
            "bare run / fault / create",
            "bare run / kill / create",
            "run / fault / create",
            "run / kill / create"),

    /** A run.json that was never synced may be torn or zeros after a power cut, not only empty. */
    TORN_RUN(
            "artifact of a fresh run / power cut / create",
            "bare run / power cut / complete",
            "bare run / power cut / create",
            "run / power cut / append",
            "run / power cut / create",
            "run / power cut / first change"),

    /** An artifact is acknowledged while its run is not durable yet. */
    FRESH_ARTIFACT(
            "artifact of a fresh run / fault / put",
            "artifact of a fresh run / kill / end",
            "artifact of a fresh run / kill / put",
            "artifact of a fresh run / power cut / end",
            "artifact of a fresh run / power cut / put"),

    /** A file that replaces an artifact has its name before the list knows it. */
    REPLACED_ARTIFACT(
            "artifacts / fault / replace",
            "artifacts / kill / replace",
            "artifacts / power cut / replace"),

    /** The folder of artifacts, or one in it, is named before its own name is durable. */
    ARTIFACT_FOLDER(
            "artifacts / fault / put in folders",
            "artifacts / kill / put in folders",
            "artifacts / power cut / put"),

    /** A staging folder whose making failed once is never made again. */
    STAGING(
            "joined writer / fault / flush the other",
            "resumed run / fault / resume"),

    /** The file of a joined writer of another process is synced, but its folder is not. */
    JOINED(
            "points of another process / fault / append as another",
            "points of another process / fault / complete",
            "points of another process / kill / append as another",
            "points of another process / kill / complete",
            "points of another process / kill / end",
            "points of another process / power cut / append as another",
            "points of another process / power cut / complete",
            "points of another process / power cut / end"),

    /** A folder is moved into a trash whose own name is not durable yet. */
    TRASH(
            "deleted experiment / power cut / delete",
            "deleted run / power cut / delete"),

    /** A purge that was not synced must be synced when it is repeated. */
    PURGE(
            "purged experiment / fault / purge",
            "purged experiment / kill / purge",
            "purged run / fault / purge",
            "purged run / kill / purge"),

    /** A version that is found by its key may not be durable yet. */
    VERSION(
            "versions / fault / register",
            "versions / fault / register another model",
            "versions / fault / register one with folders",
            "versions / kill / register",
            "versions / kill / register another model",
            "versions / kill / register one with folders"),

    /** A folder of changed versions that was made, but not synced, must be synced by whoever finds it. */
    CHANGED_VERSION(
            "edited version / fault / tag a version",
            "edited version / kill / tag a version");

    private final List<String> places;

    KnownHoles(String... places) {
        this.places = List.of(places);
    }

    static Set<String> all() {
        return of("");
    }

    /** The places whose names begin like this. */
    static Set<String> of(String beginning) {
        return Arrays.stream(values())
                .map(hole -> hole.places)
                .flatMap(Collection::stream)
                .filter(place -> place.startsWith(beginning))
                .collect(Collectors.toUnmodifiableSet());
    }
}

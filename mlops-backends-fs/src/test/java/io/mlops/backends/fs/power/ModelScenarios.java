package io.mlops.backends.fs.power;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.RelativePath;
import io.mlops.api.registry.ModelChange;
import io.mlops.api.spi.ModelDraft;
import io.mlops.api.spi.StoredContent;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Scenarios of what programs do with models. Every step may be done twice. */
final class ModelScenarios {
    private ModelScenarios() {}

    static List<Scenario> all() {
        return List.of(
                versions(),
                aliases(),
                aliasWithManyMoves(),
                aliasOfAnUnsyncedVersion(),
                versionOfArtifacts(),
                editedVersion(),
                editedModel());
    }

    private static Scenario.Action register(String key, String model, Map<String, String> files) {
        SortedMap<RelativePath, Content> contents = new TreeMap<>();
        files.forEach((path, text) -> contents.put(RelativePath.of(path), Content.text(text)));
        return register(key, model, contents);
    }

    private static Scenario.Action register(String key, String model, SortedMap<RelativePath, Content> contents) {
        ModelDraft draft = new ModelDraft(
                key, model, contents, null, List.of(), null, null, "made", Map.of(), "anna", Scenarios.NOON);
        return machine -> {
            var unused = machine.store().models().create(draft);
        };
    }

    private static Scenario.Action change(ModelChange change) {
        return machine -> {
            machine.store().models().change("churn", change);
        };
    }

    private static Scenario.Action move(int number) {
        return move(AliasMove.of("churn@champion", number));
    }

    private static Scenario.Action move(AliasMove move) {
        return machine -> {
            var unused = machine.store().models().move(move, "anna", Scenarios.NOON);
        };
    }

    private static Scenario.Action first() {
        return register("k1", "churn", Map.of("model.bin", "weights"));
    }

    private static Scenario.Action second() {
        return register("k2", "churn", Map.of("model.bin", "others", "code/lib/a.py", "print()", "code/b.py", "1"));
    }

    private static Scenario registered(String name) {
        return new Scenario(name).then("register", first()).given();
    }

    private static Scenario versions() {
        return Scenarios.prepared("versions")
                .then("register", first())
                .then("register one with folders", second())
                .then("register another model", register("k3", "Größe", Map.of("x/y/z.bin", "z")));
    }

    private static Scenario aliases() {
        return registered("aliases")
                .then("register another", second())
                .given()
                .then("move", move(1))
                .then("move on", move(2))
                .then("remove", move(AliasMove.remove("churn@champion")));
    }

    /** Makes the scenario in which older moves are put aside, the first time and then once more. */
    private static Scenario aliasWithManyMoves() {
        Scenario scenario = registered("alias with many moves").then("register another", second());
        for (int i = 1; i <= 15; i++) {
            scenario.then("move " + i, move(i % 2 + 1));
        }
        scenario.given().then("move, and put older ones aside", move(1));
        for (int i = 17; i <= 23; i++) {
            scenario.then("move " + i, move(i % 2 + 1));
        }
        return scenario.then("move, and put others aside", move(1)).then("move on", move(2));
    }

    /**
     * Makes the scenario in which a process registers and dies before its sync, and another one finds the version and
     * moves an alias to it.
     */
    private static Scenario aliasOfAnUnsyncedVersion() {
        return registered("alias of an unsynced version")
                .later("register in vain", machine -> {
                    machine.disk().failSync("/data/store/models/churn");
                    try {
                        second().in(machine);
                    } catch (BackendUnavailableException maybeDone) {
                        assertThat(maybeDone.maybeDone()).isTrue();
                    }
                    machine.disk().failSync("");
                })
                .given()
                .then("move", move(2));
    }

    /** Makes the scenario in which the files of a version are those of a run, under one more name. */
    private static Scenario versionOfArtifacts() {
        RelativePath path = RelativePath.of("model/weights.bin");
        return new Scenario("version of artifacts")
                .then("begin", Scenarios.create())
                .then("put", machine -> {
                    var unused = machine.store().artifacts().put(Scenarios.RUN, Map.of(path, Content.text("weights")));
                })
                .given()
                .then("register", machine -> {
                    ArtifactEntry entry = machine.store()
                            .artifacts()
                            .find(Scenarios.RUN, path)
                            .orElseThrow();
                    Content kept = new StoredContent(
                            Scenarios.RUN,
                            entry,
                            () -> machine.store()
                                    .artifacts()
                                    .open(Scenarios.RUN, path)
                                    .bytes());
                    register("k1", "churn", new TreeMap<>(Map.of(RelativePath.of("weights.bin"), kept)))
                            .in(machine);
                });
    }

    private static Scenario editedVersion() {
        return registered("edited version")
                .then("tag a version", change(new ModelChange.VersionTagged(1, "a", "b")))
                .then("describe a version", change(new ModelChange.VersionDescribed(1, "good")))
                .then("untag a version", change(new ModelChange.VersionUntagged(1, "a")));
    }

    private static Scenario editedModel() {
        return registered("edited model")
                .then("describe", change(new ModelChange.Described("predicts churn")))
                .then("tag", change(new ModelChange.Tagged("a", "b")));
    }
}

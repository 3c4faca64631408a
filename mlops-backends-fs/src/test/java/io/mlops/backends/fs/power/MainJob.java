package io.mlops.backends.fs.power;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.common.AliasMove;
import io.mlops.api.common.RunId;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunEnvironment;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunSpec;
import io.mlops.api.tracker.Tracker;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A training job: it records a run, registers the model that came of it, and moves an alias to that. */
final class MainJob {
    private static final Duration LONG = Duration.ofSeconds(20);

    /** A configuration under which a run records nothing by itself, so that each operation comes at a known time. */
    private static final MlopsConfig CONFIG = MlopsConfig.standard().records(Set.of());

    private static final RunEnvironment HERE = new RunEnvironment(Map.of("git.commit", "c0ffee"), List.of(), Map.of());

    private final String id;
    private final Path model;
    private @Nullable Mlops mlops;
    private @Nullable Run run;
    private @Nullable ModelVersion version;

    /**
     * Makes a job that has not begun.
     *
     * @param model the folder to register
     */
    MainJob(String id, Path model) {
        this.id = id;
        this.model = model;
    }

    private Mlops mlops(Machine machine) {
        Mlops open = mlops == null ? Mlops.using(machine.store(), CONFIG) : mlops;
        mlops = open;
        return open;
    }

    private Run run() {
        return requireNonNull(run, "started");
    }

    private void metrics(int count) {
        for (int i = 0; i < count; i++) {
            run().metric("loss", 1.0 / (i + 1));
        }
    }

    private void flush() {
        assertThat(run().flush(LONG)).isTrue();
    }

    Scenario steps() {
        return new Scenario("main job")
                .then("start", machine -> {
                    run = mlops(machine).tracker().start(RunSpec.of("churn").id(id));
                    flush();
                })
                .later("log", machine -> {
                    run().record(new RunFact.RanIn(HERE));
                    run().param("seed", 7);
                    metrics(2000);
                })
                .then("flush", machine -> flush())
                .later("log more", machine -> metrics(500))
                .then("flush again", machine -> flush())
                .then("store a file", machine -> {
                    var unused = run().artifacts().putText("notes/a.txt", "fine");
                })
                .then(
                        "register",
                        machine -> version = mlops(machine)
                                .registry()
                                .register(ModelSpec.of("churn", model)
                                        .run(run().id())
                                        .key(id)))
                .then("move", machine -> {
                    var unused = mlops(machine)
                            .registry()
                            .move(AliasMove.of(
                                    "churn@champion",
                                    requireNonNull(version, "registered").id()));
                })
                .later("log the last", machine -> metrics(100))
                .then("complete", machine -> run().complete());
    }

    /** Deletes and restores another run of the same process. */
    void deleteAndRestoreAnother(Machine machine) {
        Tracker tracker = mlops(machine).tracker();
        RunId other = tracker.run("churn", another -> another.metric("loss", 1));
        tracker.change(other, new RunChange.Deleted(Scenarios.NOON));
        tracker.change(other, new RunChange.Restored());
    }

    void close() {
        if (mlops != null) {
            mlops.close();
        }
    }
}

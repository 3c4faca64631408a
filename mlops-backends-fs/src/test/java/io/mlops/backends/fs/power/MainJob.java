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

/** What a training job does: it records a run, registers what came out of it, and lets an alias point to that. */
final class MainJob {
    private static final Duration LONG = Duration.ofSeconds(20);

    /** What a run records by itself comes at any time; here it comes when it is told to. */
    private static final MlopsConfig CONFIG = MlopsConfig.standard().records(Set.of());

    private static final RunEnvironment HERE = new RunEnvironment(Map.of("git.commit", "c0ffee"), List.of(), Map.of());

    private final String id;
    private final Path model;
    private @Nullable Mlops mlops;
    private @Nullable Run run;
    private @Nullable ModelVersion version;

    /**
     * Not begun.
     *
     * @param model a folder to register
     */
    MainJob(String id, Path model) {
        this.id = id;
        this.model = model;
    }

    private Mlops mlops(World world) {
        Mlops open = mlops == null ? Mlops.using(world.store(), CONFIG) : mlops;
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
                .then("start", world -> {
                    run = mlops(world).tracker().start(RunSpec.of("churn").id(id));
                    flush();
                })
                .later("log", world -> {
                    run().record(new RunFact.RanIn(HERE));
                    run().param("seed", 7);
                    metrics(2000);
                })
                .then("flush", world -> flush())
                .later("log more", world -> metrics(500))
                .then("flush again", world -> flush())
                .then("store a file", world -> {
                    var unused = run().artifacts().putText("notes/a.txt", "fine");
                })
                .then(
                        "register",
                        world -> version = mlops(world)
                                .registry()
                                .register(ModelSpec.of("churn", model)
                                        .run(run().id())
                                        .key(id)))
                .then("move", world -> {
                    var unused = mlops(world)
                            .registry()
                            .move(AliasMove.of(
                                    "churn@champion",
                                    requireNonNull(version, "registered").id()));
                })
                .later("log the last", world -> metrics(100))
                .then("complete", world -> run().complete());
    }

    /** Another run of the same process goes into the trash and out of it. */
    void deleteAndRestoreAnother(World world) {
        Tracker tracker = mlops(world).tracker();
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

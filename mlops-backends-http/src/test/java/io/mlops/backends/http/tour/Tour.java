package io.mlops.backends.http.tour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.artifact.Artifacts;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.DataReference;
import io.mlops.api.common.Digest;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RunId;
import io.mlops.api.registry.ModelHandle;
import io.mlops.api.registry.ModelRegistry;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.tracker.MetricInfo;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunInput;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.RunSpec;
import io.mlops.api.tracker.RunStatus;
import io.mlops.api.tracker.Tracker;
import io.mlops.api.tracker.Visibility;
import io.mlops.backends.http.HttpBackend;
import io.mlops.backends.http.config.HttpSettings;
import io.mlops.backends.http.standin.Straight;
import io.mlops.core.Mlops;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;

/**
 * All that programs do with a server, once, by one program that does it and another that looks at what is there then.
 * Its names are its own, so that any server will do, and what stands before it.
 */
final class Tour {
    private static final int POINTS = 2500;
    private static final String TEXT = "reports/größe 1%/a+b.txt";
    private static final DataReference DATA =
            DataReference.external("customers", new Digest("md5", "0123456789abcdef"), "s3://bucket/customers.csv");

    private final String address;
    private final HttpSettings settings;
    private final Path work;
    private final int bytes;

    /** Names that nobody else uses. */
    private final String experiment = "tour " + UUID.randomUUID();

    private final String model = "tour-" + UUID.randomUUID();

    /**
     * A tour of a server.
     *
     * @param work an empty folder
     * @param bytes of the longest file
     */
    private Tour(String address, HttpSettings settings, Path work, int bytes) {
        this.address = address;
        this.settings = settings;
        this.work = work;
        this.bytes = bytes;
    }

    /** What a program does, with the server opened as this program does it. */
    @FunctionalInterface
    private interface Stop {
        void visit(Mlops mlops) throws IOException;
    }

    /** Tells what it recorded, for whoever looks at it in another way. */
    record Visited(String experiment, String model, RunId run) {}

    /** Goes through everything, with files of some megabytes. */
    static Visited of(String address, HttpSettings settings, Path work) throws IOException {
        return of(address, settings, work, 3 << 20);
    }

    /** Goes through everything, with files of so many bytes at most. */
    static Visited of(String address, HttpSettings settings, Path work, int bytes) throws IOException {
        return new Tour(address, settings, Files.createDirectories(work), bytes).all();
    }

    private Visited all() throws IOException {
        RunId[] runs = new RunId[2];
        visit(mlops -> {
            runs[0] = record(mlops.tracker());
            runs[1] = recordFailure(mlops.tracker());
            register(mlops.registry(), runs[0]);
        });
        // What another program, with nothing in its memory, sees of it.
        visit(mlops -> {
            checkRun(mlops.tracker().get(runs[0]));
            checkPoints(mlops.tracker(), runs[0]);
            checkSearch(mlops.tracker(), runs[0], runs[1]);
            checkFiles(mlops.tracker().artifacts(runs[0]));
            checkModel(mlops, runs[0]);
            goOn(mlops.tracker(), runs[1]);
            deleteAndRestore(mlops.tracker(), runs[0], runs[1]);
            changeExperiments(mlops.tracker());
        });
        return new Visited(experiment, model, runs[0]);
    }

    /** Opens the server as a program does, and finds that nothing that was recorded there got lost. */
    private void visit(Stop stop) throws IOException {
        try (HttpBackend backend = HttpBackend.at(address, settings)) {
            Mlops mlops = Mlops.using(backend, Straight.CONFIG.closeWithin(Duration.ofMinutes(1)));
            try (mlops) {
                stop.visit(mlops);
            }
            assertThat(mlops.delivery().dropped()).as("lost").isEmpty();
            assertThat(mlops.delivery().durable())
                    .as("durable")
                    .isEqualTo(mlops.delivery().accepted());
        }
    }

    private RunId record(Tracker tracker) {
        RunSpec spec = RunSpec.of(experiment).name("größer 7").tag("team", "a b/ü \"quoted\"");
        return tracker.run(spec, run -> {
            run.params(new TreeMap<>(Map.of("rate", 0.1, "depth", 7, "text", "größe\n{\"a\": 1}")));
            for (int step = 0; step < POINTS; step++) {
                run.metric("loss", step == 3 ? Double.NaN : 1.0 / (step + 1), step);
            }
            run.metric("bound", Double.POSITIVE_INFINITY, 0);
            run.metric("auc", 0.75, 0);
            run.note("**better** than the last");
            run.uses(DATA, "training");
            run.uses(DATA, "test");
            run.child("fold 1", child -> child.metric("auc", 0.7, 0));
            run.artifacts().putText(TEXT, "größe");
            run.artifacts().put("weights.bin", Content.of(weights()));
        });
    }

    private RunId recordFailure(Tracker tracker) {
        Run run = tracker.start(RunSpec.of(experiment).name("fails"));
        run.metric("auc", 0.5, 0);
        run.fail(new IllegalStateException("no memory for größe"));
        return run.id();
    }

    private byte[] weights() {
        byte[] random = new byte[bytes];
        new Random(bytes).nextBytes(random);
        return random;
    }

    private void register(ModelRegistry registry, RunId run) throws IOException {
        Path folder = Files.createDirectories(work.resolve("model/sub"));
        Files.write(folder.resolve("weights.bin"), weights());
        Files.writeString(folder.resolveSibling("größe.txt"), "seven");
        ModelVersion first =
                registry.register(ModelSpec.of(model, work.resolve("model")).run(run));
        ModelVersion second = registry.register(ModelSpec.ofArtifacts(model, run, "reports")
                .description("the reports")
                .parent(1));
        assertThat(List.of(first.number(), second.number())).containsExactly(1, 2);
        registry.move(AliasMove.of(model + "@champion", first).expectingUnset().because("the first"));
        registry.move(AliasMove.of(model + "@champion", second).expecting(1).because("AUC +0.02"));
        registry.rollback(model + "@champion", "complaints");
        registry.tag(first.id(), "checked", "yes");
        assertThatThrownBy(() ->
                        registry.move(AliasMove.of(model + "@champion", second).expecting(2)))
                .isInstanceOf(ConflictException.class);
    }

    private void checkRun(RunInfo run) {
        assertThat(run.name()).isEqualTo("größer 7");
        assertThat(run.experiment()).isEqualTo(experiment);
        assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
        assertThat(run.outcome()).isEqualTo(new RunOutcome.Finished());
        assertThat(run.params())
                .containsExactlyInAnyOrderEntriesOf(Map.of("rate", "0.1", "depth", "7", "text", "größe\n{\"a\": 1}"));
        assertThat(run.tags())
                .containsEntry("team", "a b/ü \"quoted\"")
                .containsEntry(RunFact.NOTE, "**better** than the last");
        assertThat(run.metrics()).containsOnlyKeys("loss", "bound", "auc");
        assertThat(run.metric("loss")).isEqualTo(1.0 / POINTS);
        assertThat(run.metric("bound")).isEqualTo(Double.MAX_VALUE);
        assertThat(run.inputs()).containsExactly(RunInput.of(DATA, "training"), RunInput.of(DATA, "test"));
        assertThat(run.outputs()).extracting(version -> version.number()).containsExactly(1, 2);
        assertThat(run.ended()).isAfterOrEqualTo(run.started());
    }

    private static void checkPoints(Tracker tracker, RunId run) {
        List<MetricPoint> points = new ArrayList<>();
        tracker.history(run, "loss").forEach(points::add);
        points.sort(MetricPoint.BY_STEP);
        assertThat(points).hasSize(POINTS);
        for (int step = 0; step < POINTS; step++) {
            assertThat(points.get(step).step()).isEqualTo(step);
            assertThat(points.get(step).value()).isEqualTo((Double) (step == 3 ? Double.NaN : 1.0 / (step + 1)));
        }
        assertThat(tracker.environment(run)).as("environment").isPresent();
    }

    private void checkSearch(Tracker tracker, RunId run, RunId failed) {
        RunQuery all = RunQuery.of(experiment);
        RunInfo fold = tracker.search(RunQuery.childrenOf(run)).findFirst().orElseThrow();
        assertThat(fold.name()).isEqualTo("fold 1");
        assertThat(fold.parent()).isEqualTo(run);
        assertThat(ids(tracker, all.orderBy("metrics.auc DESC"))).containsExactly(run, fold.id(), failed);
        assertThat(ids(tracker, all.where("metrics.auc < 0.75 AND status = 'FAILED'")))
                .containsExactly(failed);
        assertThat(ids(tracker, all.where("params.depth = '7'").where("tags.team LIKE 'a b/%'")))
                .containsExactly(run);
        assertThat(ids(tracker, all.where("dataset.name = 'customers'"))).containsExactly(run);
        assertThat(tracker.get(failed).outcome())
                .isEqualTo(new RunOutcome.Failed(IllegalStateException.class.getName(), "no memory for größe"));
    }

    private static List<RunId> ids(Tracker tracker, RunQuery query) {
        return tracker.search(query).stream().map(RunInfo::id).toList();
    }

    private void checkFiles(Artifacts artifacts) throws IOException {
        assertThat(artifacts.list().stream().map(entry -> entry.path().value())).containsExactly(TEXT, "weights.bin");
        assertThat(artifacts.list("reports").findFirst().orElseThrow().bytes()).isEqualTo(7);
        assertThat(artifacts.find("weights.bin").orElseThrow().digest())
                .as("digest")
                .isNotNull();
        try (InputStream in = artifacts.open("weights.bin")) {
            assertThat(in.readAllBytes()).isEqualTo(weights());
        }
        Path copied = artifacts.download(Files.createDirectories(work.resolve("copied")));
        assertThat(copied.resolve(TEXT)).hasContent("größe");
        assertThat(copied.resolve("weights.bin")).hasBinaryContent(weights());
    }

    private void checkModel(Mlops mlops, RunId run) {
        ModelRegistry registry = mlops.registry();
        try (ModelHandle<byte[]> loaded =
                mlops.serving().load(model + "@champion", files -> Files.readAllBytes(files.path("sub/weights.bin")))) {
            assertThat(loaded.<byte[], RuntimeException>call(read -> read)).isEqualTo(weights());
            assertThat(loaded.version().run()).isEqualTo(run);
            assertThat(loaded.version().tags()).containsEntry("checked", "yes");
        }
        try (ModelHandle<String> loaded =
                mlops.serving().load(model + "/2", files -> Files.readString(files.path("größe 1%/a+b.txt")))) {
            assertThat(loaded.<String, RuntimeException>call(read -> read)).isEqualTo("größe");
            assertThat(loaded.version().description()).isEqualTo("the reports");
        }
        assertThat(registry.history(model).stream().map(event -> event.move().reason()))
                .containsExactly("complaints", "AUC +0.02", "the first");
        ModelVersion champion = registry.get(model + "@champion");
        assertThat(registry.find(model + "#" + champion.digest())).contains(champion);
        assertThat(registry.versions(model).stream().map(ModelVersion::number)).containsExactly(2, 1);
        assertThat(registry.models().stream().map(each -> each.name())).contains(model);
        assertThat(registry.find(model + "@nobody")).isEmpty();
    }

    private static void goOn(Tracker tracker, RunId failed) {
        Run run = tracker.resume(failed);
        run.metric("auc", 0.6);
        run.complete();
        assertThat(tracker.history(failed, "auc").stream().map(MetricPoint::step))
                .containsExactly(0L, 1L);
        assertThat(tracker.get(failed).status()).isEqualTo(RunStatus.FINISHED);
    }

    private void deleteAndRestore(Tracker tracker, RunId origin, RunId other) {
        RunQuery all = RunQuery.of(experiment);
        tracker.delete(other);
        assertThat(ids(tracker, all)).doesNotContain(other);
        assertThat(ids(tracker, all.visibility(Visibility.DELETED))).containsExactly(other);
        tracker.restore(other);
        assertThat(ids(tracker, all)).contains(other);
        assertThatThrownBy(() -> tracker.delete(origin)).isInstanceOf(ConflictException.class);
        assertThatThrownBy(() -> tracker.get(new RunId("nobody"))).isInstanceOf(NotFoundException.class);
    }

    private void changeExperiments(Tracker tracker) {
        MetricInfo auc = MetricInfo.of("auc").higherIsBetter().unit("share");
        tracker.experiments().describe(experiment, auc);
        assertThat(tracker.experiments().get(experiment).metric("auc")).isEqualTo(auc);
        assertThat(tracker.best(experiment, "auc").orElseThrow().metric("auc")).isEqualTo(0.75);
        String aside = experiment + " aside";
        tracker.experiments().ensure(aside);
        tracker.experiments().delete(aside);
        assertThat(tracker.experiments().list().stream().map(each -> each.name()))
                .contains(experiment)
                .doesNotContain(aside);
        tracker.experiments().restore(aside);
        tracker.experiments().rename(aside, aside + " renamed");
        assertThat(tracker.experiments().find(aside)).isEmpty();
        assertThat(tracker.experiments().find(aside + " renamed")).isPresent();
    }
}

package io.mlops.contract;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.DataReference;
import io.mlops.api.common.DatasetVersionId;
import io.mlops.api.common.Digest;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.registry.ModelChange;
import io.mlops.api.schema.Column;
import io.mlops.api.schema.ColumnType;
import io.mlops.api.schema.ModelSignature;
import io.mlops.api.schema.Schema;
import io.mlops.api.spi.Backend;
import io.mlops.api.spi.MetricColumns;
import io.mlops.api.spi.ModelDraft;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.tracker.ExperimentChange;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunEnvironment;
import io.mlops.api.tracker.RunEnvironment.Dependency;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInput;
import io.mlops.api.tracker.RunOutcome;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A small store with something of everything: nested, failed, killed, deleted and running runs, two writers, data, an
 * environment, artifacts, versions that came from one another, aliases. For tests that bring it elsewhere.
 */
public final class SampleStore {
    /** The time at which everything begins. */
    public static final Instant NOON = Instant.parse("2026-11-21T12:00:00.123Z");

    /** A run that has recorded everything that a run can, and finished; its name does not tell that it is a child. */
    public static final RunId WHOLE = new RunId("20261121-120000-aaaaaaaaaaaa");

    /** The run that others are part of, which began after one of them. */
    public static final RunId PARENT = new RunId("sweep");

    /** A run that is deleted by itself. */
    public static final RunId DELETED = new RunId("20261121-120000-dddddddddddd");

    /** A run that nobody has ended. */
    public static final RunId RUNNING = new RunId("20261121-120000-eeeeeeeeeeee");

    private static final String CHURN = "churn";
    private static final String MODEL = "churn-model";

    private final Backend backend;

    private SampleStore(Backend backend) {
        this.backend = backend;
    }

    /** Fills an empty backend. */
    public static void fill(Backend backend) {
        SampleStore store = new SampleStore(backend);
        store.fillExperiments();
        store.fillRuns();
        store.fillWhole();
        store.fillModels();
        backend.experiments().change("old", new ExperimentChange.Deleted(), NOON.plusSeconds(900));
    }

    private void fillExperiments() {
        for (String name : List.of(CHURN, "tuning/größe", "old", "nothing yet")) {
            var unused = backend.experiments().ensure(name, NOON);
        }
        backend.experiments().change(CHURN, new ExperimentChange.Tagged("team", "growth"), NOON.plusSeconds(1));
        backend.experiments()
                .change(CHURN, new ExperimentChange.Tagged(RunFact.NOTE, "who leaves,\nand why"), NOON.plusSeconds(2));
    }

    private void create(RunId run, String experiment, String name, long second, @Nullable RunId parent) {
        var unused =
                backend.runs().create(new RunDraft(run, experiment, name, NOON.plusSeconds(second), parent, Map.of()));
    }

    private void end(RunId run, RunOutcome outcome, long second) {
        backend.runs().change(run, List.of(new RunChange.Ended(outcome, NOON.plusSeconds(second))));
    }

    private void fillRuns() {
        create(PARENT, CHURN, "sweep", 5, null);
        create(WHOLE, CHURN, "forest", 3, PARENT);
        create(new RunId("20261121-120000-bbbbbbbbbbbb"), "tuning/größe", "elsewhere", 4, PARENT);
        create(new RunId("20261121-120000-cccccccccccc"), CHURN, "grandchild", 6, WHOLE);
        create(DELETED, CHURN, "in vain", 7, null);
        create(RUNNING, CHURN, "still running", 8, null);
        create(new RunId("20261121-120000-ffffffffffff"), "old", "of old", 9, null);
        end(PARENT, new RunOutcome.Finished(), 100);
        end(new RunId("20261121-120000-bbbbbbbbbbbb"), new RunOutcome.Failed("java.io.IOException", "disk full"), 60);
        end(new RunId("20261121-120000-cccccccccccc"), new RunOutcome.Killed("SIGTERM"), 61);
        end(DELETED, new RunOutcome.Finished(), 62);
        backend.runs().change(DELETED, List.of(new RunChange.Deleted(NOON.plusSeconds(63))));
        append(RUNNING, "w9", 0, 3);
        backend.runs().change(RUNNING, List.of(new RunFact.ParamSet("trees", "300")));
        end(new RunId("20261121-120000-ffffffffffff"), new RunOutcome.Finished(), 64);
    }

    private void fillWhole() {
        append(WHOLE, "w1", 0, 1200);
        append(WHOLE, "w2", 5000, 30);
        backend.runs()
                .change(
                        WHOLE,
                        List.of(
                                new RunFact.ParamSet("trees", "200"),
                                new RunFact.ParamSet("größe", "0.1"),
                                new RunFact.Tagged("team", "growth"),
                                new RunFact.Tagged(RunFact.NOTE, "deep\nforest"),
                                new RunFact.Used(new RunInput(
                                        "customers",
                                        Digest.sha256(new byte[32]),
                                        new DatasetVersionId("customers", 3),
                                        "s3://data/customers",
                                        "training")),
                                new RunFact.Used(RunInput.of(
                                        DataReference.external("rows", Digest.parse("md5:00"), "rows.csv"), "test")),
                                new RunFact.RanIn(environment())));
        SortedMap<RelativePath, Content> files = new TreeMap<>();
        files.put(RelativePath.of("report.html"), Content.text("<html>"));
        files.put(RelativePath.of("model/forest.bin"), Content.of(new byte[] {1, 2, 3}));
        files.put(RelativePath.of("model/größe/empty"), Content.of(new byte[0]));
        var unused = backend.artifacts().put(WHOLE, files);
        end(WHOLE, new RunOutcome.Finished(), 90);
    }

    private static RunEnvironment environment() {
        return new RunEnvironment(
                Map.of("java.version", "17.0.15", "git.commit", "c0ffee", "user", "anna"),
                List.of(new Dependency("org.example:b", "1.0", Digest.sha256(new byte[32]), "b-1.0.jar", null)),
                Map.of("git.changes", "something is not committed"));
    }

    /** Appends the points of a writer, of two metrics in turn, NaN among them. */
    private void append(RunId run, String writer, int firstStep, int count) {
        MetricColumns points = new MetricColumns();
        for (int i = firstStep; i < firstStep + count; i++) {
            long millis = NOON.toEpochMilli() + i;
            points.add(i % 2 == 0 ? "loss" : "auc of " + writer, i, millis, i == 4 ? Double.NaN : 1.0 / (i + 1));
        }
        long unused = backend.runs().append(run, points.batch(writer, 0));
    }

    private void fillModels() {
        ModelVersionId first = register(MODEL, "k1", WHOLE, null, "first", 200);
        ModelVersionId second = register(MODEL, "k2", WHOLE, first.number(), "", 201);
        ModelVersionId third = register(MODEL, "k3", null, null, "by hand", 202);
        ModelVersionId other = register("größe model", "k1", null, null, "", 203);
        backend.runs().change(WHOLE, List.of(new RunFact.Produced(first), new RunFact.Produced(second)));
        backend.models().change(MODEL, new ModelChange.Described("who leaves"));
        backend.models().change(MODEL, new ModelChange.Tagged("owner", "growth"));
        backend.models().change(MODEL, new ModelChange.VersionTagged(third.number(), "reviewed", "yes"));
        move(AliasMove.of(MODEL + "@champion", first).because("first"), 300);
        move(AliasMove.of(MODEL + "@champion", second).because("better"), 301);
        move(AliasMove.of(MODEL + "@challenger", third), 302);
        move(AliasMove.of("größe model@champion", other), 303);
    }

    private void move(AliasMove move, long second) {
        var unused = backend.models().move(move, "anna", NOON.plusSeconds(second));
    }

    private ModelVersionId register(
            String model, String key, @Nullable RunId run, @Nullable Integer parent, String description, long second) {
        SortedMap<RelativePath, Content> files = new TreeMap<>();
        files.put(RelativePath.of("MLmodel"), Content.text("flavors: {}\n# " + key));
        files.put(RelativePath.of("weights/forest.bin"), Content.text(model + key));
        Schema columns = new Schema(List.of(Column.required("age", ColumnType.Scalar.DOUBLE)));
        return backend.models()
                .create(new ModelDraft(
                        key,
                        model,
                        files,
                        run,
                        List.of(new DatasetVersionId("customers", 3)),
                        parent,
                        ModelSignature.of(columns, columns),
                        description,
                        Map.of("origin", "java"),
                        "anna",
                        NOON.plusSeconds(second)))
                .id();
    }
}

package io.mlops.backends.fs.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Artifacts;
import io.mlops.api.common.RunId;
import io.mlops.api.registry.Model;
import io.mlops.api.registry.ModelHandle;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.registry.VerifiedFiles;
import io.mlops.api.tracker.Experiment;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.RunStatus;
import io.mlops.api.tracker.Visibility;
import io.mlops.backends.fs.FsBackend;
import io.mlops.backends.fs.faults.StepJob.Step;
import io.mlops.core.Mlops;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** A check that a store holds all that a {@link StepJob} has acknowledged, and no half of anything. */
final class StepCheck {
    private final Path store;
    private final Mlops mlops;
    private final Set<Step> done;
    private final String when;

    private StepCheck(Path store, Mlops mlops, Set<Step> done, String when) {
        this.store = store;
        this.mlops = mlops;
        this.done = done;
        this.when = when;
    }

    /** Checks a store that no process has open, in the middle of a job. */
    static void acknowledged(Path store, Set<Step> done, String when) throws Exception {
        try (FsBackend backend = FsBackend.at(store);
                Mlops mlops = Mlops.using(backend)) {
            new StepCheck(store, mlops, done, when).all();
        }
    }

    /** Runs the job, or the rest of it, and checks that no leftovers stay. */
    static void goesOn(Path store, String when) throws Exception {
        try (FsBackend backend = FsBackend.at(store)) {
            StepJob job = new StepJob(backend);
            for (Step step : Step.values()) {
                job.run(step);
            }
        }
        acknowledged(store, Set.of(Step.values()), when + ", gone on");
        assertThat(files(store.resolve(".staging"))).as(when).isEmpty();
        // A process that died while it made its file may have been about to lock it: such a file stays for a while.
        assertThat(files(store.resolve(".live"))).as(when).allMatch(name -> name.endsWith(".new"));
        assertThat(files(store.resolve(".trash"))).as(when).isEmpty();
    }

    /** Lists what lies below a folder, but for the folders that are there in any case. */
    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(path ->
                            Files.isRegularFile(path) || path.getParent().endsWith(".staging"))
                    .map(Path::toString)
                    .toList();
        }
    }

    private void all() throws Exception {
        if (mlops.tracker().find(StepJob.RUN).isPresent()) {
            run();
            artifacts();
        } else {
            assertThat(done).as(when).doesNotContain(Step.START);
        }
        onlyVersionsAreVisible();
        models();
        experiments();
        deleted();
    }

    private boolean done(Step step) {
        return done.contains(step);
    }

    private void run() {
        RunInfo run = mlops.tracker().get(StepJob.RUN);
        List<Long> steps = mlops.tracker().history(StepJob.RUN, "n").stream()
                .map(MetricPoint::step)
                .toList();
        int least = done(Step.LOG_MORE) ? 2 * StepJob.POINTS : done(Step.LOG) ? StepJob.POINTS : 0;
        assertThat(steps)
                .as(when)
                .hasSizeGreaterThanOrEqualTo(least)
                .isEqualTo(LongStream.range(0, steps.size()).boxed().toList());
        if (!steps.isEmpty()) {
            assertThat(run.metrics().get("n").range().count()).as(when).isEqualTo(steps.size());
        }
        if (done(Step.LOG)) {
            assertThat(run.params()).as(when).containsKey("upTo0");
        }
        if (done(Step.LOG_MORE)) {
            assertThat(run.params()).as(when).containsKey("upTo" + StepJob.POINTS);
        }
        if (done(Step.COMPLETE)) {
            assertThat(run.status()).as(when).isEqualTo(RunStatus.FINISHED);
        }
    }

    private void artifacts() throws IOException {
        Artifacts artifacts = mlops.tracker().artifacts(StepJob.RUN);
        List<String> names =
                artifacts.list("").stream().map(entry -> entry.path().value()).toList();
        if (done(Step.STORE)) {
            assertThat(names).as(when).contains("a.txt");
        }
        if (done(Step.STORE_MORE)) {
            assertThat(names).as(when).containsExactlyInAnyOrder("a.txt", "b/c.txt");
        }
        for (ArtifactEntry entry : artifacts.list("")) {
            try (InputStream in = artifacts.open(entry.path().value())) {
                String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                String last = StepJob.SECOND.get(entry.path());
                String first = StepJob.FIRST.getOrDefault(entry.path(), last);
                assertThat(text).as("%s: %s", when, entry.path()).isIn(done(Step.STORE_MORE) ? last : first, last);
            }
        }
    }

    /**
     * Checks that only versions lie in a model's folder: Triton takes anything else there for a change of the model.
     */
    private void onlyVersionsAreVisible() throws IOException {
        Path models = store.resolve("models/churn");
        if (Files.isDirectory(models)) {
            try (Stream<Path> all = Files.list(models)) {
                assertThat(all.map(path -> path.getFileName().toString()))
                        .as(when)
                        .allMatch(name -> name.matches("[1-9][0-9]*"));
            }
        }
    }

    private void models() throws Exception {
        int least = done(Step.REGISTER_NEXT) ? 2 : done(Step.REGISTER) ? 1 : 0;
        Model model = mlops.registry().findModel("churn").orElse(null);
        if (model == null) {
            assertThat(least).as(when).isZero();
            assertThat(mlops.registry().models().stream()).as(when).isEmpty();
            return;
        }
        List<Integer> numbers = mlops.registry().versions("churn").stream()
                .map(ModelVersion::number)
                .sorted()
                .toList();
        assertThat(numbers)
                .as("%s: numbers without gaps, none twice for a key", when)
                .hasSizeBetween(least, 2)
                .isEqualTo(IntStream.rangeClosed(1, numbers.size()).boxed().toList());
        for (int number : numbers) {
            try (ModelHandle<VerifiedFiles> handle = mlops.serving().load("churn/" + number, files -> files)) {
                assertThat(handle.version().number()).as(when).isEqualTo(number);
            }
        }
        int champion = model.aliases().getOrDefault("champion", 0);
        assertThat(champion).as(when).isBetween(done(Step.MOVE_ON) ? 2 : done(Step.MOVE) ? 1 : 0, numbers.size());
        assertThat(mlops.registry().history("churn").stream()).as(when).hasSizeGreaterThanOrEqualTo(champion);
        if (done(Step.TAG)) {
            assertThat(mlops.registry().get("churn/1").tags()).as(when).containsEntry("stage", "old");
        }
    }

    private void experiments() {
        List<String> names = mlops.tracker().experiments().list().stream()
                .map(Experiment::name)
                .toList();
        if (done(Step.START)) {
            assertThat(names)
                    .as(when)
                    .containsAnyElementsOf(done(Step.RENAME) ? List.of("attrition") : List.of("churn", "attrition"));
        }
        if (done(Step.RENAME)) {
            assertThat(names).as(when).doesNotContain("churn");
        }
        if (done(Step.DELETE_EXPERIMENT)) {
            assertThat(names).as(when).doesNotContain("scrap");
        }
        for (String name : names) {
            assertThat(mlops.tracker().experiments().find(name)).as(when).isPresent();
        }
    }

    /** Checks that a deleted run is shown, or hidden as a whole, or gone. */
    private void deleted() {
        List<RunId> shown = ids(Visibility.ACTIVE);
        List<RunId> hidden = ids(Visibility.DELETED);
        assertThat(shown).as(when).noneMatch(hidden::contains);
        if (done(Step.START)) {
            assertThat(shown).as(when).contains(StepJob.RUN);
        }
        if (done(Step.DELETE_RUN)) {
            assertThat(shown).as(when).doesNotContain(StepJob.SCRAP);
        }
        if (done(Step.PURGE_RUN)) {
            assertThat(hidden).as(when).isEmpty();
        }
        if (hidden.contains(StepJob.SCRAP)) {
            assertThat(mlops.tracker().history(StepJob.SCRAP, "n").stream())
                    .as(when)
                    .hasSize(StepJob.POINTS);
        }
    }

    private List<RunId> ids(Visibility visibility) {
        return mlops.tracker().search(RunQuery.of().visibility(visibility)).stream()
                .map(RunInfo::id)
                .toList();
    }
}

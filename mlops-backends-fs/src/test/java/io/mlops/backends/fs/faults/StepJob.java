package io.mlops.backends.fs.faults;

import static java.util.Objects.requireNonNull;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.MlopsException;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.registry.ModelChange;
import io.mlops.api.spi.MetricBatch;
import io.mlops.api.spi.ModelDraft;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.tracker.Experiment;
import io.mlops.api.tracker.ExperimentChange;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.backends.fs.FsBackend;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * A program that uses all of a store once, on one thread, so that strace can count. Each step may be done again, by
 * this process or the next, and then leads to the same.
 */
final class StepJob {
    static final RunId RUN = new RunId("job-1");
    static final RunId SCRAP = new RunId("job-2");
    static final int POINTS = 300;
    static final Map<RelativePath, String> FIRST = Map.of(RelativePath.of("a.txt"), "one");
    static final Map<RelativePath, String> SECOND =
            Map.of(RelativePath.of("a.txt"), "two", RelativePath.of("b/c.txt"), "three");
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    /** The steps, in their order. */
    enum Step {
        START,
        LOG,
        STORE,
        LOG_MORE,
        STORE_MORE,
        REGISTER,
        MOVE,
        REGISTER_NEXT,
        MOVE_ON,
        TAG,
        COMPLETE,
        RENAME,
        DELETE_RUN,
        PURGE_RUN,
        DELETE_EXPERIMENT,
        PURGE_EXPERIMENT
    }

    private final FsBackend store;

    StepJob(FsBackend store) {
        this.store = store;
    }

    /** Takes the folder of the store, and how often a step that fails is tried again; prints what is done. */
    public static void main(String[] args) {
        int retries = Integer.parseInt(args[1]);
        FsBackend store = null;
        while (store == null) {
            try {
                store = FsBackend.at(Path.of(args[0]));
            } catch (MlopsException e) {
                retries = failed(e, retries);
            }
        }
        StepJob job = new StepJob(store);
        for (Step step : Step.values()) {
            boolean done = false;
            while (!done) {
                try {
                    job.run(step);
                    done = true;
                } catch (MlopsException e) {
                    retries = failed(e, retries);
                }
            }
            Answers.say("done " + step);
        }
        store.close();
        Answers.say("closed");
    }

    private static int failed(MlopsException e, int retries) {
        Answers.say("failed " + e.getClass().getSimpleName() + " " + e.getMessage());
        if (retries == 0) {
            throw e;
        }
        return retries - 1;
    }

    void run(Step step) {
        switch (step) {
            case START -> start(RUN, "churn");
            case LOG -> log(RUN, 0);
            case STORE -> put(FIRST);
            case LOG_MORE -> log(RUN, POINTS);
            case STORE_MORE -> put(SECOND);
            case REGISTER -> register(1);
            case MOVE -> move(1);
            case REGISTER_NEXT -> register(2);
            case MOVE_ON -> move(2);
            case TAG -> tag();
            case COMPLETE -> complete(RUN);
            case RENAME -> rename();
            case DELETE_RUN -> deleteRun();
            case DELETE_EXPERIMENT -> deleteExperiment();
            case PURGE_RUN, PURGE_EXPERIMENT -> purge();
        }
    }

    private void start(RunId id, String experiment) {
        RunInfo unused = store.runs().create(new RunDraft(id, experiment, "nightly", NOON, null, Map.of()));
    }

    private void log(RunId id, long from) {
        long[] steps = LongStream.range(from, from + POINTS).toArray();
        long[] times =
                Arrays.stream(steps).map(step -> NOON.toEpochMilli() + step).toArray();
        double[] values = Arrays.stream(steps).asDoubleStream().toArray();
        long unused = store.runs().append(id, MetricBatch.of("w" + id.value(), from, "n", steps, times, values));
        if (!ended(id)) {
            store.runs().change(id, List.of(new RunFact.ParamSet("upTo" + from, "yes")));
        }
    }

    private void put(Map<RelativePath, String> texts) {
        Map<RelativePath, Content> files = new TreeMap<>();
        texts.forEach((path, text) -> files.put(path, Content.text(text)));
        var unused = store.artifacts().put(RUN, files);
    }

    private void register(int number) {
        Map<RelativePath, Content> files = new TreeMap<>(Map.of(
                RelativePath.of("weights.bin"), Content.text("weights " + number),
                RelativePath.of("code/a.py"), Content.text("print()")));
        var unused = store.models()
                .create(new ModelDraft(
                        "key-" + number,
                        "churn",
                        new TreeMap<>(files),
                        RUN,
                        List.of(),
                        null,
                        null,
                        "",
                        Map.of(),
                        "anna",
                        NOON));
    }

    private void move(int number) {
        AliasMove move = AliasMove.of("churn@champion", new ModelVersionId("churn", number));
        var unused = store.models().move(move, "anna", NOON);
    }

    private void tag() {
        store.models().change("churn", new ModelChange.VersionTagged(1, "stage", "old"));
    }

    private boolean ended(RunId id) {
        return store.runs().find(id).orElseThrow().status().ended();
    }

    private void complete(RunId id) {
        if (!ended(id)) {
            store.runs().change(id, List.of(new RunChange.Ended(new RunOutcome.Finished(), NOON)));
        }
    }

    private void rename() {
        if (store.experiments().find("attrition").isEmpty()) {
            store.experiments().change("churn", new ExperimentChange.Renamed("attrition"), NOON);
        }
    }

    private void deleteRun() {
        if (store.runs().find(SCRAP).filter(RunInfo::deleted).isEmpty()) {
            start(SCRAP, "attrition");
            log(SCRAP, 0);
            complete(SCRAP);
        }
        store.runs().change(SCRAP, List.of(new RunChange.Deleted(NOON)));
    }

    private void deleteExperiment() {
        Experiment scrap = store.experiments().find("scrap").orElse(null);
        if (scrap == null) {
            scrap = store.experiments().ensure("scrap", NOON);
        }
        store.experiments().change(requireNonNull(scrap, "made").name(), new ExperimentChange.Deleted(), NOON);
    }

    private void purge() {
        long left = 1;
        while (left > 0) {
            left = store.experiments().purge(NOON.plusSeconds(60)).left();
        }
    }
}

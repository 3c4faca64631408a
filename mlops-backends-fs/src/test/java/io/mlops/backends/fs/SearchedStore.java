package io.mlops.backends.fs;

import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.MetricBatch;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.Visibility;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A store whose runs have ended long ago, so that an index keeps them, and what searches say of it. */
abstract class SearchedStore {
    static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    static final int RUNS = 60;
    static final List<RunQuery> QUERIES = List.of(
            RunQuery.of("churn"),
            RunQuery.of().orderBy("metrics.auc DESC"),
            RunQuery.of("churn").where("metrics.auc > 0.3 AND params.depth = '3'"),
            RunQuery.of("churn").where("status = 'FAILED'").orderBy("end_time"),
            RunQuery.of("churn").where("tags.team LIKE 'g%'").orderBy("params.depth DESC"),
            RunQuery.of("churn").visibility(Visibility.ALL).where("run_name ILIKE 'RUN%'"));

    @TempDir
    Path folder;

    Path experiment;
    FsBackend writer;

    @BeforeEach
    void makeRuns() throws IOException {
        writer = FsBackend.at(folder.resolve("store"));
        experiment = folder.resolve("store/experiments/churn");
        for (int i = 0; i < RUNS; i++) {
            RunId id = id(i);
            writer.runs().create(new RunDraft(id, "churn", "run " + i, NOON.plusSeconds(i), null, Map.of()));
            writer.runs().append(id, batch(i % 7 == 0 ? Double.NaN : i / (double) RUNS));
            writer.runs()
                    .change(
                            id,
                            List.of(
                                    new RunFact.ParamSet("depth", Integer.toString(i % 5)),
                                    new RunFact.Tagged("team", i % 2 == 0 ? "growth" : "core"),
                                    new RunChange.Ended(
                                            i % 9 == 0
                                                    ? new RunOutcome.Failed("Error", "no " + i)
                                                    : new RunOutcome.Finished(),
                                            NOON.plusSeconds(2L * i))));
        }
        age();
    }

    @AfterEach
    void close() {
        writer.close();
    }

    static RunId id(int number) {
        return new RunId("run-" + number);
    }

    static MetricBatch batch(double value) {
        return MetricBatch.of("w", 0, "auc", new long[1], new long[1], new double[] {value});
    }

    /** What changed within the last moments is not kept: its time may not tell it from the next change. */
    void age() throws IOException {
        try (Stream<Path> runs = Files.list(experiment)) {
            for (Path run : runs.filter(Files::isDirectory).toList()) {
                Files.setLastModifiedTime(run.resolve("run.json"), FileTime.from(NOON));
            }
        }
        Files.setLastModifiedTime(experiment, FileTime.from(NOON));
    }

    FsBackend open() {
        return FsBackend.at(folder.resolve("store"));
    }

    static List<List<RunInfo>> search(FsBackend store) {
        return QUERIES.stream()
                .map(query ->
                        store.runs().search(query, PageRequest.first(1000)).items())
                .toList();
    }

    List<List<RunInfo>> searchAnew() {
        try (FsBackend store = open()) {
            return search(store);
        }
    }

    static RunInfo seen(FsBackend store, int number) {
        return store.runs()
                .search(
                        RunQuery.of("churn")
                                .where("run_id = 'run-" + number + "'")
                                .visibility(Visibility.ALL),
                        PageRequest.first(2))
                .items()
                .get(0);
    }

    void change(int number, RunChange... changes) {
        writer.runs().change(id(number), List.of(changes));
    }
}

package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.common.Digest;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.Backend;
import io.mlops.api.spi.MetricBatch;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunInput;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.Visibility;
import io.mlops.core.memory.MemoryBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Searches of random runs by random queries find the same in memory and on files, whether an index has the runs or not. */
final class SearchAgreementTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final int RUNS = 60;
    private static final int QUERIES = 400;
    private static final List<String> TEXTS = List.of(
            "",
            "a",
            "A",
            "ab",
            "a_b",
            "a%",
            "\u00e4",
            "\u00c4",
            "\uff5e",
            "\ud83d\ude00",
            "a\ud83d\ude00b",
            "x y",
            "10",
            "9",
            "it's");
    private static final List<Double> NUMBERS = List.of(
            0.0,
            -0.0,
            1.0,
            -1.0,
            0.5,
            1e300,
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            Double.MIN_VALUE);
    private static final List<String> NUMERIC =
            List.of("metrics.m", "`metric`.`val loss`", "start_time", "attributes.end_time", "metrics.none");
    private static final List<String> TEXTUAL = List.of(
            "params.p",
            "tags.t",
            "tags.`mlflow.runName`",
            "tags.mlflow.parentRunId",
            "run_name",
            "run_id",
            "params.none",
            "`tags`.'odd key'");

    private final Random random = new Random(42);

    @TempDir
    private Path folder;

    @Test
    void memoryAndFilesFindTheSame() throws IOException {
        try (MemoryBackend memory = new MemoryBackend();
                FsBackend files = FsBackend.at(folder)) {
            for (int i = 0; i < RUNS; i++) {
                make(new RunId("run-" + i), i, List.of(memory, files));
            }
            List<RunQuery> queries = Stream.generate(this::query).limit(QUERIES).toList();
            assertAgree(queries, memory, files);
            age();
            try (FsBackend reopened = FsBackend.at(folder)) {
                assertAgree(queries, memory, reopened);
                assertAgree(queries, memory, reopened);
            }
        }
    }

    private static void assertAgree(List<RunQuery> queries, Backend memory, Backend files) {
        int found = 0;
        for (RunQuery query : queries) {
            List<String> inMemory = ids(memory, query);
            found += inMemory.size();
            assertThat(ids(files, query)).as(query.toString()).isEqualTo(inMemory);
        }
        assertThat(found).as("runs that were found at all").isGreaterThan(QUERIES);
    }

    private static List<String> ids(Backend backend, RunQuery query) {
        List<String> ids = new ArrayList<>();
        backend.runs()
                .searchAll(query)
                .forEachRemaining((RunInfo run) -> ids.add(run.id().value()));
        return ids;
    }

    private void make(RunId id, int number, List<Backend> backends) {
        RunId parent = number > 0 && random.nextInt(3) == 0 ? new RunId("run-" + random.nextInt(number)) : null;
        RunDraft draft = new RunDraft(
                id,
                random.nextBoolean() ? "churn" : "income",
                random.nextInt(4) == 0 ? id.value() : "n" + any(TEXTS),
                NOON.plusSeconds(random.nextInt(50)),
                parent,
                Map.of());
        List<RunChange> changes = new ArrayList<>();
        maybe(changes, new RunFact.ParamSet("p", any(TEXTS)));
        maybe(changes, new RunFact.Tagged("t", any(TEXTS)));
        maybe(changes, new RunFact.Tagged("odd key", any(TEXTS)));
        maybe(
                changes,
                new RunFact.Used(new RunInput(any(TEXTS) + "rows", new Digest("md5", "00ff"), null, "", "test")));
        if (random.nextInt(8) == 0) {
            changes.add(new RunFact.Tagged("mlflow.runName", "tagged"));
        }
        double[] values = new double[] {any(NUMBERS), any(NUMBERS), any(NUMBERS)};
        String key = random.nextBoolean() ? "m" : "val loss";
        boolean measured = random.nextInt(5) > 0;
        if (random.nextInt(3) > 0) {
            changes.add(new RunChange.Ended(
                    random.nextBoolean() ? new RunOutcome.Finished() : new RunOutcome.Failed("Error", "no"),
                    NOON.plusSeconds(60 + random.nextInt(5))));
            if (random.nextInt(5) == 0) {
                changes.add(new RunChange.Deleted(NOON));
            }
        }
        for (Backend backend : backends) {
            RunInfo made = backend.runs().create(draft);
            if (measured) {
                backend.runs()
                        .append(made.id(), MetricBatch.of("w", 0, key, new long[] {0, 1, 2}, new long[3], values));
            }
            backend.runs().change(made.id(), changes);
        }
    }

    private void maybe(List<RunChange> changes, RunChange change) {
        if (random.nextInt(3) > 0) {
            changes.add(change);
        }
    }

    private <T> T any(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }

    private RunQuery query() {
        RunQuery query = random.nextInt(3) == 0 ? RunQuery.of("churn") : RunQuery.of();
        query = query.visibility(any(List.of(Visibility.values())));
        for (int left = random.nextInt(3); left > 0; left--) {
            query = query.where(condition() + (random.nextInt(3) == 0 ? " AND " + condition() : ""));
        }
        for (int left = random.nextInt(3); left > 0; left--) {
            String field = any(random.nextBoolean() ? NUMERIC : TEXTUAL);
            String term = field.equals("metrics.m") && random.nextBoolean()
                    ? any(List.of("max", "min")) + "(" + field + ")"
                    : field;
            query = query.orderBy(term + any(List.of("", " ASC", " DESC")));
        }
        return query;
    }

    private String condition() {
        return switch (random.nextInt(5)) {
            case 0 ->
                any(NUMERIC)
                        + any(List.of(" > ", ">=", " < ", "<=", "=", "!="))
                        + any(List.of(
                                "0",
                                "-0.0",
                                "0.5",
                                "-1",
                                "1e300",
                                NOON.plusSeconds(25).toEpochMilli() + ""));
            case 1 -> any(TEXTUAL) + any(List.of(" LIKE ", " ILIKE ")) + quoted(pattern());
            case 2 -> any(List.of("params.p", "tags.t", "`tags`.'odd key'")) + any(List.of(" IS NULL", " IS NOT NULL"));
            case 3 -> any(List.of("dataset.name", "run_id")) + any(List.of(" IN (", " NOT IN (")) + "'arows', 'run-7')";
            default -> any(TEXTUAL) + any(List.of(" = ", " != ")) + quoted(any(TEXTS));
        };
    }

    private String pattern() {
        return any(List.of("%", "_", "_%", "a%", "%b", "%A%", "n_", "__", "%\ud83d\ude00%", "RUN-1_", ""));
    }

    private static String quoted(String text) {
        return text.contains("'") ? '"' + text + '"' : "'" + text + "'";
    }

    /** What changed within the last moments is not kept: its time may not tell it from the next change. */
    private void age() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(file -> file.endsWith("run.json")).toList()) {
                Files.setLastModifiedTime(file, FileTime.from(NOON));
            }
        }
    }
}

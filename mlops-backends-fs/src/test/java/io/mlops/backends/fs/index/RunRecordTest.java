package io.mlops.backends.fs.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.common.DatasetVersionId;
import io.mlops.api.common.Digest;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.RunId;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.MetricSummary;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunInput;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunStatus;
import io.mlops.core.disk.FileStamp;
import io.mlops.core.query.SearchedRun;
import io.mlops.core.query.WholeRun;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A record tells a search exactly what the run itself would. */
final class RunRecordTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final FileStamp STAMP = new FileStamp(null, FileTime.from(NOON), 1234);

    @TempDir
    private Path folder;

    private static RunInfo run(
            String id,
            String name,
            Instant started,
            RunStatus status,
            RunOutcome outcome,
            Map<String, String> texts,
            Map<String, MetricSummary> metrics) {
        boolean ended = outcome != null;
        return new RunInfo(
                new RunId(id),
                id,
                "",
                name,
                status,
                started,
                ended ? started.plusNanos(61_234_567_891L) : null,
                outcome,
                ended ? new RunId("parent-1") : null,
                texts,
                Map.of("team", "growth", "", ""),
                metrics,
                ended
                        ? List.of(
                                new RunInput("rows", new Digest("md5", "00ff"), null, "file:rows.csv", "training"),
                                new RunInput(
                                        "more", new Digest("md5", "ff"), new DatasetVersionId("more", 3), "", "test"))
                        : List.of(),
                ended ? List.of(new ModelVersionId("churn", 7), new ModelVersionId("größer", 1)) : List.of(),
                ended,
                !ended);
    }

    private static MetricSummary summary(double value, double min, double max, long step, Instant time) {
        return new MetricSummary(
                new MetricPoint(step, time, value), new MetricSummary.Range(min, max, Math.abs(step % 1000) + 1));
    }

    static List<RunInfo> runs() {
        Map<String, MetricSummary> odd = Map.of(
                "nan", summary(Double.NaN, Double.NaN, Double.NaN, 0, NOON),
                "minus zero", summary(-0.0, 0.0, 0.0, Long.MIN_VALUE, Instant.EPOCH),
                "wide", summary(1, Double.NEGATIVE_INFINITY, Double.MAX_VALUE, Long.MAX_VALUE, NOON.plusNanos(1)),
                "no range", new MetricSummary(new MetricPoint(3, NOON.minusMillis(1), Double.MIN_VALUE), null));
        return List.of(
                run("a", "a", NOON, RunStatus.RUNNING, null, Map.of(), Map.of()),
                run(
                        "20261121-120000-7f3a9c4e",
                        "Größe 🚀",
                        NOON.plusNanos(999_999_999),
                        RunStatus.FINISHED,
                        new RunOutcome.Finished(),
                        Map.of("depth", "7", "empty", "", "ü", "ß".repeat(3000)),
                        odd),
                run(
                        "b",
                        "b",
                        Instant.parse("-0001-01-01T00:00:00Z"),
                        RunStatus.FAILED,
                        new RunOutcome.Failed("java.lang.Error", ""),
                        Map.of("depth", "7"),
                        odd),
                run(
                        "c",
                        "other name",
                        Instant.EPOCH,
                        RunStatus.KILLED,
                        new RunOutcome.Killed("stopped"),
                        Map.of(),
                        Map.of()),
                run("d", "d", NOON, RunStatus.UNKNOWN, null, Map.of(), Map.of()));
    }

    @ParameterizedTest
    @MethodSource("runs")
    void everythingComesBack(RunInfo run) {
        RunRecord record = RunRecord.of("its folder", STAMP, run, new KeyTable(folder));

        assertThat(record.run()).isEqualTo(run);
        assertThat(record.folder()).isEqualTo("its folder");
        assertThat(record.deleted()).isEqualTo(run.deleted());
        assertThat(record.isOf(STAMP)).isTrue();
        assertThat(record.isOf(new FileStamp("another file", STAMP.modified(), 1234)))
                .isFalse();
        assertThat(record.isOf(new FileStamp(null, FileTime.from(NOON.plusNanos(1)), 1234)))
                .isFalse();
        assertThat(record.isOf(new FileStamp(null, STAMP.modified(), 1235))).isFalse();
    }

    @ParameterizedTest
    @MethodSource("runs")
    void aSearchSeesWhatItWouldSeeOfTheRun(RunInfo run) {
        SearchedRun record = RunRecord.of(run.id().value(), STAMP, run, new KeyTable(folder));
        SearchedRun whole = new WholeRun(run);

        assertThat(record.id()).isEqualTo(whole.id());
        assertThat(record.name()).isEqualTo(whole.name());
        assertThat(record.parent()).isEqualTo(whole.parent());
        assertThat(record.status()).isEqualTo(whole.status());
        assertThat(record.startedMillis()).isEqualTo(whole.startedMillis());
        assertThat(record.endedMillis()).isEqualTo(whole.endedMillis());
        for (String key : List.of("depth", "empty", "ü", "team", "", "nan", "minus zero", "wide", "no range", "none")) {
            assertThat(record.param(key)).as(key).isEqualTo(whole.param(key));
            assertThat(record.tag(key)).as(key).isEqualTo(whole.tag(key));
            assertThat(record.metric(key)).as(key).isEqualTo(whole.metric(key));
            assertThat(record.metricMin(key)).as(key).isEqualTo(whole.metricMin(key));
            assertThat(record.metricMax(key)).as(key).isEqualTo(whole.metricMax(key));
        }
        assertThat(record.inputs()).isEqualTo(whole.inputs());
    }

    @Test
    void whatNoRecordCanTellGetsNone() {
        RunInfo half = run("a", "half a character: \ud83d", NOON, RunStatus.RUNNING, null, Map.of(), Map.of());

        assertThat(RunRecord.of("a", STAMP, half, new KeyTable(folder))).isNull();
    }

    /** Changes to these bytes call for another name of the file. */
    @Test
    void theFileIsPinned() throws IOException {
        KeyTable keys = new KeyTable(folder);
        RunInfo run = run(
                "r1",
                "r1",
                NOON,
                RunStatus.FINISHED,
                new RunOutcome.Finished(),
                Map.of("depth", "7"),
                Map.of("auc", summary(0.5, 0.25, 0.5, 3, NOON)));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        IndexFile.write(bytes, keys, List.of(RunRecord.of("r1", STAMP, run, keys)));

        assertThat(HexFormat.of().formatHex(bytes.toByteArray()))
                .isEqualTo(
                        "6d6c6f707320696e64657820310a050846494e495348454405646570746800047465616d0361756301b8010000000000"
                                + "809d1ea40dea18d2040000000000003e000000420000004d0000006400000065027231809f8cb00d007aa7e3d9df0100"
                                + "08706172656e742d3101010137020200030667726f777468010403000000000000e03f060000000000000000d03f0402"
                                + "04726f7773086d64353a30306666000d66696c653a726f77732e63737608747261696e696e67046d6f7265066d64353a"
                                + "6666066d6f72652f330004746573740207636875726e2f370a6772c3b6c39f65722f3158ce54f5");

        Files.write(IndexFile.of(folder), bytes.toByteArray());
        assertThat(IndexFile.read(folder).records()).singleElement().satisfies(record -> {
            assertThat(record.run()).isEqualTo(run);
            assertThat(record.path()).isEqualTo(folder.resolve("r1"));
        });
    }
}

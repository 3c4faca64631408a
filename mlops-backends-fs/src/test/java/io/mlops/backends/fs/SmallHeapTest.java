package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.valfirst.slf4jtest.TestLoggerFactory;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.RunId;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.RunSpec;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.event.Level;

/**
 * Programs with a heap of 64 MB that record, or search, more than fits into it. With {@code -Dmlops.faults} above 1, ten
 * million points of one key and a million keys in a hundred runs.
 */
final class SmallHeapTest {
    private static final boolean LONG = Integer.getInteger("mlops.faults", 1) > 1;

    private static final int POINTS = LONG ? 10_000_000 : 2_000_000;
    private static final int RUNS = LONG ? 100 : 20;
    /** In the short form, too, all runs together are too much. */
    private static final int SEARCHING_MEGABYTES = LONG ? 64 : 32;

    private static final int KEYS = 1_000_000;
    private static final int MOST = 10_000;
    private static final MlopsConfig PATIENT =
            MlopsConfig.standard().waitWhenFull(Duration.ofMinutes(5)).closeWithin(Duration.ofMinutes(5));

    @TempDir
    private Path folder;

    /** Makes a key of each of a million things, as a metric, a param and a tag. */
    static final class ManyKeys {
        public static void main(String[] args) {
            try (Mlops mlops = Mlops.open(args[0], PATIENT)) {
                Run run = mlops.tracker().start(RunSpec.of("churn").id("job-1"));
                System.out.println(tryAll(KEYS, i -> run.metric("customer " + i, i)));
                System.out.println(tryAll(KEYS / 10, i -> run.param("customer " + i, i)));
                System.out.println(tryAll(KEYS / 10, i -> run.tag("customer " + i, "x".repeat(8000))));
                run.complete();
                System.out.println(mlops.delivery().lost() + " lost");
                RunInfo found =
                        mlops.tracker().search(RunQuery.of("churn")).findFirst().orElseThrow();
                System.out.println(found.metrics().size() + " " + found.params().size());
            }
        }

        /** How many were refused, and why the first one. */
        private static String tryAll(int keys, IntConsumer record) {
            int refused = 0;
            String why = "";
            for (int i = 0; i < keys; i++) {
                try {
                    record.accept(i);
                } catch (IllegalArgumentException e) {
                    why = refused++ == 0 ? e.getMessage() : why;
                }
            }
            return refused + ": " + why;
        }
    }

    /** Records points of one key, as fast as it can. */
    static final class ManyPoints {
        public static void main(String[] args) {
            try (Mlops mlops = Mlops.open(args[0], PATIENT)) {
                RunId id = mlops.tracker().run("churn", run -> {
                    for (int i = 0; i < POINTS; i++) {
                        run.metric("loss", i, i);
                    }
                });
                System.out.println(mlops.delivery().durable() + " durable");
                System.out.println(
                        mlops.tracker().get(id).metrics().get("loss").range().count() + " counted");
                System.out.println(readBack(mlops, id) + " read");
            }
        }

        private static int readBack(Mlops mlops, RunId id) {
            int read = 0;
            Iterator<MetricPoint> points =
                    mlops.tracker().history(id, "loss").stream().iterator();
            while (points.hasNext()) {
                MetricPoint point = points.next();
                if (point.step() != read || point.value() != read) {
                    throw new IllegalStateException(point + " is no. " + read);
                }
                read++;
            }
            return read;
        }
    }

    /** Asks for the best of the runs. */
    static final class Searching {
        public static void main(String[] args) {
            try (Mlops mlops = Mlops.open(args[0])) {
                List<RunInfo> best = mlops.tracker()
                        .search(RunQuery.of("churn").orderBy("metrics.auc DESC"))
                        .first(3);
                for (RunInfo run : best) {
                    System.out.println(
                            run.metric("auc") + " of " + run.metrics().size());
                }
            }
        }
    }

    /** Asks for all runs, and prints what it was warned of. */
    static final class Listing {
        public static void main(String[] args) {
            try (Mlops mlops = Mlops.open(args[0])) {
                mlops.tracker()
                        .search(RunQuery.of("churn").orderBy("run_id"))
                        .forEach(run -> System.out.println(run.id()));
                mlops.tracker().search(RunQuery.of("churn")).forEach(run -> run.id());
                try {
                    System.out.println(mlops.tracker().get(new RunId("run-1")));
                } catch (CorruptDataException e) {
                    System.out.println(e.getMessage());
                }
            }
            TestLoggerFactory.getAllLoggingEvents().stream()
                    .filter(event -> event.getLevel() == Level.WARN)
                    .forEach(event -> System.out.println(event.getFormattedMessage()));
        }
    }

    /** Replaces the document of one run of three, which others go on to find. */
    private void assertLeftOut(Writing writing, String why) throws Exception {
        try (Mlops mlops = Mlops.open("file:" + folder.resolve("store"))) {
            for (int i = 0; i < 3; i++) {
                mlops.tracker().start(RunSpec.of("churn").id("run-" + i)).complete();
            }
        }
        Path document = folder.resolve("store/experiments/churn/run-1/run.json");
        try (BufferedWriter out = Files.newBufferedWriter(document)) {
            writing.to(out);
        }

        List<String> lines = linesOf(64, Listing.class);

        assertThat(lines.subList(0, 2)).containsExactly("run-0", "run-2");
        assertThat(lines.get(2)).contains(document.toString(), why);
        assertThat(lines).hasSize(4);
        assertThat(lines.get(3)).contains(document.toString(), "left out", why);
    }

    /** What a test writes into a document. */
    private interface Writing {
        void to(BufferedWriter out) throws IOException;
    }

    @Test
    void aDocumentOfAHundredMegabytesLeavesOutItsRunOnly() throws Exception {
        assertLeftOut(
                out -> {
                    out.write("{\"params\": {");
                    for (int i = 0; i < 100; i++) {
                        out.write("\"p" + i + "\": \"" + "x".repeat(1 << 20) + "\",");
                    }
                    out.write("\"last\": \"\"}}");
                },
                "too many for this heap");
    }

    @Test
    void aDocumentOfVeryManyValuesLeavesOutItsRunOnly() throws Exception {
        assertLeftOut(
                out -> {
                    out.write("{\"metrics\": [");
                    for (int i = 0; i < 1_000_000; i++) {
                        out.write("1,");
                    }
                    out.write("1]}");
                },
                "too many values for this heap");
    }

    private List<String> linesOf(int megabytes, Class<?> main) throws IOException, InterruptedException {
        try (ChildJvm child = ChildJvm.startWithHeap(megabytes, main, "file:" + folder.resolve("store"))) {
            List<String> lines = child.lines();
            assertThat(child.exit()).as("it said %s", lines).isZero();
            return lines;
        }
    }

    @Test
    void aMillionKeysEndInAnErrorThatNamesTheKeyAndTheRunGoesOn() throws Exception {
        List<String> lines = linesOf(64, ManyKeys.class);

        assertThat(lines.get(0)).startsWith(KEYS - MOST + ": run job-1").contains("'customer " + MOST + "'", "10000");
        assertThat(lines.get(1))
                .startsWith(KEYS / 10 - MOST + ": run job-1")
                .contains("'customer " + MOST + "'", "10000");
        assertThat(lines.get(2)).contains("4000000 characters");
        assertThat(lines.subList(3, 5)).containsExactly("0 lost", MOST + " " + MOST);
    }

    @Test
    void runsThatDoNotFitIntoMemoryTogetherAreSearched() throws Exception {
        try (Mlops mlops = Mlops.open("file:" + folder.resolve("store"), PATIENT)) {
            for (int r = 0; r < RUNS; r++) {
                int auc = r;
                RunId unused = mlops.tracker().run("churn", run -> {
                    for (int i = 1; i < MOST; i++) {
                        run.metric("customer " + i, i);
                    }
                    run.metric("auc", auc);
                });
            }
        }

        assertThat(linesOf(SEARCHING_MEGABYTES, Searching.class))
                .containsExactly(RUNS - 1.0 + " of " + MOST, RUNS - 2.0 + " of " + MOST, RUNS - 3.0 + " of " + MOST);
    }

    @Test
    void manyPointsOfOneKeyPassThrough() throws Exception {
        assertThat(linesOf(64, ManyPoints.class))
                .containsExactly(POINTS + " durable", POINTS + " counted", POINTS + " read");
    }
}

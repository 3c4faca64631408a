package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.common.AliasMove;
import io.mlops.api.common.RunId;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.RunSpec;
import io.mlops.api.tracker.RunStatus;
import io.mlops.core.Mlops;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several processes on one store at a time. */
final class ManyProcessesTest {
    private static final int PROCESSES = 4;
    private static final int RUNS = 15;
    private static final int VERSIONS = 10;
    private static final int MOVES = 20;

    @TempDir
    private Path folder;

    /** Logs runs, registers versions of one model and moves aliases, all at the signal. */
    static final class Worker {
        public static void main(String[] args) throws IOException {
            String me = args[1];
            Path model = Files.writeString(Path.of(args[2], "model-" + me), "model of " + me);
            try (Mlops mlops = Mlops.open(args[0])) {
                System.out.println("ready");
                awaitSignal();
                for (int i = 0; i < Math.max(RUNS, Math.max(VERSIONS, MOVES)); i++) {
                    int step = i;
                    if (i < RUNS) {
                        RunId id = mlops.tracker().run("churn", run -> {
                            run.param("process", me);
                            run.metric("loss", step, step);
                            run.artifacts().putText("by.txt", me);
                        });
                        System.out.println("run " + id);
                    }
                    if (i < VERSIONS) {
                        ModelVersion version = mlops.registry().register(ModelSpec.of("churn", model));
                        System.out.println("version " + version.number());
                    }
                    if (i < MOVES) {
                        mlops.registry()
                                .move(AliasMove.of("churn@by-" + me, 1 + i % VERSIONS)
                                        .because(me + i));
                    }
                }
            }
        }
    }

    private static void awaitSignal() throws IOException {
        int unused = System.in.read();
    }

    /** Logs points into the same run as others do. */
    static final class SameRun {
        public static void main(String[] args) throws IOException {
            long from = Long.parseLong(args[1]);
            try (Mlops mlops = Mlops.open(args[0])) {
                Run run = mlops.tracker().start(RunSpec.of("churn").id("shared"));
                System.out.println("ready");
                awaitSignal();
                for (long i = from; i < from + 1000; i++) {
                    run.metric("loss", 1.0, i);
                }
                run.param("from-" + from, from);
                System.out.println(run.flush(Duration.ofSeconds(20)));
                // Open until the test has looked.
                awaitSignal();
            }
        }
    }

    private static List<ChildJvm> start(Class<?> main, List<List<Object>> arguments) throws IOException {
        List<ChildJvm> children = new ArrayList<>();
        for (List<Object> each : arguments) {
            children.add(ChildJvm.start(main, each.toArray()));
        }
        for (ChildJvm child : children) {
            child.awaitLine("ready");
        }
        return children;
    }

    @Test
    void numbersAreUniqueAndNothingIsLost() throws Exception {
        String store = "file:" + folder.resolve("store");
        List<ChildJvm> children = start(
                Worker.class,
                IntStream.range(0, PROCESSES)
                        .mapToObj(i -> List.<Object>of(store, i, folder))
                        .toList());
        children.forEach(child -> child.tell(""));
        List<String> runs = new ArrayList<>();
        List<Integer> numbers = new ArrayList<>();
        for (ChildJvm child : children) {
            for (String line : child.lines()) {
                (line.startsWith("run ") ? runs : new ArrayList<String>()).add(line.substring(4));
                if (line.startsWith("version ")) {
                    numbers.add(Integer.valueOf(line.substring(8)));
                }
            }
            assertThat(child.exit()).isZero();
        }

        assertThat(numbers)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, PROCESSES * VERSIONS).boxed().toList());
        checkStore(store, runs);
        assertThat(folder.resolve("store/.live")).isEmptyDirectory();
        assertThat(folder.resolve("store/.staging")).isEmptyDirectory();
    }

    private static void checkStore(String store, List<String> runs) {
        try (Mlops mlops = Mlops.open(store)) {
            List<RunInfo> found =
                    mlops.tracker().search(RunQuery.of("churn")).stream().toList();
            assertThat(found).extracting(run -> run.id().value()).containsExactlyInAnyOrderElementsOf(runs);
            assertThat(found).hasSize(PROCESSES * RUNS).allSatisfy(run -> {
                assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
                assertThat(run.params()).containsKey("process");
                assertThat(run.metrics()).containsKey("loss");
            });
            assertThat(mlops.registry().history("churn")).hasSize(PROCESSES * MOVES);
            Map<String, Integer> aliases =
                    mlops.registry().findModel("churn").orElseThrow().aliases();
            assertThat(aliases)
                    .hasSize(PROCESSES)
                    .allSatisfy((alias, number) -> assertThat(number).isEqualTo(1 + (MOVES - 1) % VERSIONS));
        }
    }

    @Test
    void processesMayShareARun() throws Exception {
        String store = "file:" + folder.resolve("store");
        List<ChildJvm> children = start(
                SameRun.class,
                IntStream.range(0, PROCESSES)
                        .mapToObj(i -> List.<Object>of(store, i * 1000))
                        .toList());
        children.forEach(child -> child.tell(""));
        for (ChildJvm child : children) {
            assertThat(child.line()).isEqualTo("true");
        }

        try (Mlops mlops = Mlops.open(store)) {
            RunId id = new RunId("shared");
            assertThat(mlops.tracker().history(id, "loss").stream().map(MetricPoint::step))
                    .containsExactlyInAnyOrderElementsOf(IntStream.range(0, PROCESSES * 1000)
                            .mapToObj(Long::valueOf)
                            .toList());
            assertThat(mlops.tracker().get(id).params()).hasSize(PROCESSES);
            assertThat(mlops.tracker().get(id).metrics().get("loss").range().count())
                    .isEqualTo(PROCESSES * 1000L);
        }
        children.forEach(ChildJvm::close);
    }
}

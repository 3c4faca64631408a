package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.common.AliasMove;
import io.mlops.api.common.RunId;
import io.mlops.api.registry.ModelHandle;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.registry.VerifiedFiles;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunSpec;
import io.mlops.backends.fs.quiet.QuietExtension;
import io.mlops.core.Mlops;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that records, registers and moves an alias, killed at any moment, again and again in one store. With
 * {@code -Dmlops.faults=n}, in n stores.
 */
@QuietExtension.Warned
final class KillTest {
    private static final RunId ID = new RunId("job-1");
    private static final String ALIAS = "churn@champion";
    private static final int ROUNDS = 20;
    private static final int STORES = Integer.getInteger("mlops.faults", 1);
    /** Longer than the child takes for a round of its own. */
    private static final int LONGEST_WAIT_MICROS = 30_000;

    @TempDir
    private Path folder;

    /** Goes on where the last one was killed, and prints what was acknowledged. */
    static final class Working {
        public static void main(String[] args) throws IOException {
            Path model = Path.of(args[1]);
            try (Mlops mlops = Mlops.open(args[0])) {
                Run run = mlops.tracker().start(RunSpec.of("churn").id(ID.value()));
                System.out.println("started 0");
                while (true) {
                    long point = run.nextStep("n");
                    for (int i = 0; i < 500; i++) {
                        run.metric("n", (double) point, point++);
                    }
                    if (!run.flush(Duration.ofSeconds(30))) {
                        throw new IllegalStateException("the flush was not acknowledged");
                    }
                    System.out.println("points " + point);
                    run.artifacts().putText("latest.txt", "points " + point);
                    System.out.println("artifact " + point);
                    ModelVersion version = mlops.registry().register(ModelSpec.of("churn", model));
                    System.out.println("version " + version.number());
                    mlops.registry().move(AliasMove.of(ALIAS, version.id()));
                    System.out.println("alias " + version.number());
                }
            }
        }
    }

    @Test
    void whateverWasAcknowledgedIsThere() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Path model = Files.createDirectory(folder.resolve("model"));
        Files.write(model.resolve("weights.bin"), new byte[100_000]);
        Files.writeString(model.resolve("labels.txt"), "yes no");
        for (int store = 0; store < STORES; store++) {
            Map<String, Long> acknowledged = new TreeMap<>();
            for (int round = 0; round < ROUNDS; round++) {
                String where = "round " + round + " of store " + store + " of seed " + seed;
                workAndKill("file:" + folder.resolve("store-" + store), model, random, acknowledged);
                try (Mlops mlops = Mlops.open("file:" + folder.resolve("store-" + store))) {
                    assertRun(mlops, acknowledged, where);
                    assertModel(mlops, acknowledged, where);
                }
            }
        }
    }

    private static void workAndKill(String store, Path model, Random random, Map<String, Long> acknowledged)
            throws IOException {
        try (ChildJvm child = ChildJvm.start(Working.class, store, model)) {
            child.awaitLine("started 0");
            acknowledged.put("started", 0L);
            for (int lines = random.nextInt(12); lines > 0; lines--) {
                take(child.line(), acknowledged);
            }
            LockSupport.parkNanos(1000L * random.nextInt(LONGEST_WAIT_MICROS));
            child.kill();
            child.lines().forEach(line -> take(line, acknowledged));
        }
    }

    /** A line may have been cut by the kill, which its last digit does not tell: only whole lines are printed at once. */
    private static void take(String line, Map<String, Long> acknowledged) {
        String[] parts = line.split(" ", 2);
        acknowledged.merge(parts[0], Long.valueOf(parts[1]), Math::max);
    }

    private static void assertRun(Mlops mlops, Map<String, Long> acknowledged, String round) throws IOException {
        if (mlops.tracker().find(ID).isEmpty()) {
            assertThat(acknowledged)
                    .as("%s: killed before the run itself was stored", round)
                    .containsOnlyKeys("started");
            return;
        }
        List<Long> steps = mlops.tracker().history(ID, "n").stream()
                .map(MetricPoint::step)
                .sorted()
                .toList();
        assertThat(steps).as(round).hasSizeGreaterThanOrEqualTo(Math.toIntExact(of("points", acknowledged)));
        assertThat(steps)
                .as("%s: none is missing, none is there twice", round)
                .isEqualTo(LongStream.range(0, steps.size()).boxed().toList());
        RunInfo run = mlops.tracker().get(ID);
        if (!steps.isEmpty()) {
            assertThat(run.metrics().get("n").range().count()).as(round).isEqualTo(steps.size());
        }
        if (of("artifact", acknowledged) > 0) {
            String text;
            try (InputStream in = mlops.tracker().artifacts(ID).open("latest.txt")) {
                text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
            assertThat(text).as(round).startsWith("points ");
            assertThat(Long.valueOf(text.substring(7))).as(round).isGreaterThanOrEqualTo(of("artifact", acknowledged));
        }
    }

    private static void assertModel(Mlops mlops, Map<String, Long> acknowledged, String round) throws Exception {
        if (of("version", acknowledged) == 0) {
            return;
        }
        List<Integer> numbers = mlops.registry().versions("churn").stream()
                .map(ModelVersion::number)
                .sorted()
                .toList();
        assertThat(numbers)
                .as("%s: numbers without gaps", round)
                .hasSizeGreaterThanOrEqualTo(Math.toIntExact(of("version", acknowledged)))
                .isEqualTo(IntStream.rangeClosed(1, numbers.size()).boxed().toList());
        if (of("alias", acknowledged) > 0) {
            try (ModelHandle<VerifiedFiles> handle = mlops.serving().load(ALIAS, files -> files)) {
                assertThat((long) handle.version().number())
                        .as(round)
                        .isGreaterThanOrEqualTo(of("alias", acknowledged));
            }
        }
    }

    private static long of(String what, Map<String, Long> acknowledged) {
        return acknowledged.getOrDefault(what, 0L);
    }
}

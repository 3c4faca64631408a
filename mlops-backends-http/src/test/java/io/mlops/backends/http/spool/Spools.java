package io.mlops.backends.http.spool;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.valfirst.slf4jtest.LoggingEvent;
import com.github.valfirst.slf4jtest.TestLoggerFactory;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunStatus;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** Looks into spools, and at what came out of them. */
final class Spools {
    static final Duration LONG = Duration.ofSeconds(30);

    private Spools() {}

    /** Records nothing by itself. */
    static MlopsConfig config(Path spool) {
        return MlopsConfig.standard().records(Set.of()).spool(spool);
    }

    /** The folders of the runs that wait, in whatever part; looked for without opening a store, which may be leaving. */
    static List<Path> waiting(Path spool) {
        List<Path> runs = new ArrayList<>();
        try {
            Files.walkFileTree(spool, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    boolean isRun = file.endsWith("run.json")
                            && spool.relativize(file).toString().matches("\\d+/store/experiments/.*");
                    if (isRun) {
                        runs.add(file.getParent());
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException gone) {
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException gone) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return runs;
    }

    /** A run with something of everything. */
    static RunId record(Mlops mlops) {
        return mlops.tracker().run("churn", run -> {
            run.param("trees", 200);
            run.tag("team", "growth");
            for (int i = 0; i < 2500; i++) {
                run.metric("loss", 1.0 / (i + 1), i);
            }
            run.metric("auc", Double.NaN);
            run.artifacts().putText("report.txt", "all is well");
        });
    }

    /** Asserts that a server has all of such a run. */
    static void assertWhole(Remote server, RunId id) {
        RunInfo run = server.memory().runs().get(id);
        assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
        assertThat(run.params()).containsEntry("trees", "200");
        assertThat(run.tags()).containsEntry("team", "growth");
        assertThat(run.metric("auc")).isNaN();
        assertThat(points(server, id, "loss")).hasSize(2500);
        assertThat(server.memory().artifacts().find(id, RelativePath.of("report.txt")))
                .isPresent();
    }

    static List<MetricPoint> points(Remote server, RunId run, String metric) {
        try (Mlops reader = Mlops.using(server.memory())) {
            return reader.tracker().history(run, metric).stream().toList();
        }
    }

    static List<String> warnings() {
        return TestLoggerFactory.getAllLoggingEvents().stream()
                .filter(event -> event.getLevel() == Level.WARN)
                .map(LoggingEvent::getFormattedMessage)
                .toList();
    }

    /** Waits for something that happens by itself. */
    static void await(String what, BooleanSupplier condition) {
        long until = System.nanoTime() + LONG.toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() - until < 0) {
            LockSupport.parkNanos(5_000_000);
        }
        assertThat(condition.getAsBoolean()).as(what).isTrue();
    }
}

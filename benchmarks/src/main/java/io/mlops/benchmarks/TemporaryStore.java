package io.mlops.benchmarks;

import io.mlops.api.common.AliasMove;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunSpec;
import io.mlops.backends.fs.FsBackend;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A file store on the build folder's disk, with the standard configuration, deleted in the end. Thread-safe. */
final class TemporaryStore implements AutoCloseable {
    static final List<String> KEYS = List.of("loss", "auc", "f1", "lr");

    private final Path folder;
    private final FsBackend backend;
    private final Mlops mlops;

    TemporaryStore() {
        try {
            folder = Setting.newFolder();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        backend = FsBackend.at(folder.resolve("store"));
        mlops = Mlops.using(backend, MlopsConfig.standard().workFolder(folder.resolve("work")));
    }

    Mlops mlops() {
        return mlops;
    }

    /** Beside the store, for other files. */
    Path folder() {
        return folder;
    }

    /** A new run that the store knows; nothing of it was flushed. */
    Run startRun() {
        return startRun(mlops);
    }

    /** A new run that the store of another knows. */
    static Run startRun(Mlops mlops) {
        Run run = mlops.tracker().start(RunSpec.of("benchmark"));
        while (mlops.tracker().find(run.id()).isEmpty()) {
            Thread.onSpinWait();
        }
        return run;
    }

    /** Registers a file of these bytes and points the alias champion to it. */
    void registerChampion(String model, byte[] bytes) {
        try {
            Path file = Files.write(folder.resolve(model + ".bin"), bytes);
            ModelVersion version = mlops.registry().register(ModelSpec.of(model, file));
            var unused = mlops.registry().move(AliasMove.of(model + "@champion", version));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Records points as training does: each step has a value of every key. */
    static void record(Run run, int points) {
        for (int i = 0; i < points; i++) {
            run.metric(KEYS.get(i & 3), i * 0.1, i >> 2);
        }
    }

    static void flush(Run run) {
        if (!run.flush(Duration.ofMinutes(1))) {
            throw new IllegalStateException("a minute was not enough to flush, or points were dropped");
        }
    }

    /** The number of points and facts that were dropped. */
    double lost() {
        return (double) mlops.delivery().lost();
    }

    /** The number of bytes that event files hold. */
    long eventBytes() throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".tfevents"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    @Override
    public void close() {
        mlops.close();
        backend.close();
        try {
            Setting.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

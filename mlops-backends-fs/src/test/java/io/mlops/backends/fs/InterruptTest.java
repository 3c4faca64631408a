package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.common.AliasMove;
import io.mlops.api.common.RunId;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunStatus;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An interrupt closes a channel of the JDK for good; no caller's interrupt may cost a store anything. */
final class InterruptTest {
    @TempDir
    private Path folder;

    @Test
    void everyCallWorksForAnInterruptedCallerWhoKeepsTheFlag() throws IOException {
        Path model = Files.write(folder.resolve("model.bin"), new byte[3_000_000]);
        try (Mlops mlops = Mlops.open("file:" + folder.resolve("store"))) {
            RunId id;
            ModelVersion version;
            try {
                Thread.currentThread().interrupt();
                id = mlops.tracker().run("churn", run -> {
                    run.metric("loss", 1);
                    run.artifacts().put("model.bin", model);
                });
                version = mlops.registry().register(ModelSpec.of("churn", model).run(id));
                mlops.registry().move(AliasMove.of("churn@champion", version.id()));
                mlops.registry().tag(version.id(), "reviewed", "yes");
                mlops.tracker().change(id, new RunFact.Tagged("seen", "yes"));
                assertThat(mlops.tracker().history(id, "loss").findFirst()).isPresent();
            } finally {
                assertThat(Thread.interrupted()).isTrue();
            }

            assertThat(mlops.tracker().get(id).status()).isEqualTo(RunStatus.FINISHED);
            assertThat(mlops.tracker().get(id).metric("loss")).isEqualTo(1);
            assertThat(mlops.tracker().get(id).tags()).containsEntry("seen", "yes");
            assertThat(mlops.tracker()
                            .artifacts(id)
                            .find("model.bin")
                            .orElseThrow()
                            .bytes())
                    .isEqualTo(3_000_000);
            assertThat(mlops.registry().get("churn@champion").tags()).containsEntry("reviewed", "yes");
        }
    }

    @Test
    void aStormOfInterruptsLosesNothing() throws Exception {
        try (Mlops mlops = Mlops.open(
                "file:" + folder.resolve("store"), MlopsConfig.standard().records(Set.of()))) {
            RunId id = mlops.tracker().run("churn", run -> run.metric("loss", 0));
            Thread worker = new Thread(() -> {
                for (int i = 0; i < 20; i++) {
                    mlops.tracker().change(id, new RunFact.Tagged("tag-" + i, "x".repeat(i)));
                }
            });
            worker.start();
            while (worker.isAlive()) {
                worker.interrupt();
                LockSupport.parkNanos(50_000);
            }

            assertThat(mlops.tracker().get(id).tags()).hasSize(20);
        }
    }
}

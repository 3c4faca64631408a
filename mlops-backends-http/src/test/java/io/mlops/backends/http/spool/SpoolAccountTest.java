package io.mlops.backends.http.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.ConflictException;
import io.mlops.api.common.Delivery;
import io.mlops.api.common.RunId;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunSpec;
import io.mlops.api.tracker.RunStatus;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests what is told of things that go by a spool, and of those that the server does not take. */
@Timeout(60)
final class SpoolAccountTest {
    @TempDir
    private Path folder;

    private final Remote server = new Remote();

    private MlopsConfig config() {
        return Spools.config(folder.resolve("spool"));
    }

    private RunInfo atServer(RunId run) {
        return server.memory().runs().get(run);
    }

    @Test
    void theAccountIsRightAtEveryMoment() {
        server.losesEvery(11);
        AtomicBoolean over = new AtomicBoolean();
        try (Mlops mlops = Mlops.using(server, config())) {
            // A Delivery that does not add up cannot be made.
            CompletableFuture<Long> looks = CompletableFuture.supplyAsync(() -> {
                long looked = 0;
                long delivered = 0;
                while (!over.get()) {
                    Delivery now = mlops.delivery();
                    assertThat(now.delivered()).isGreaterThanOrEqualTo(delivered);
                    delivered = now.delivered();
                    looked++;
                }
                return looked;
            });
            for (int i = 0; i < 10; i++) {
                mlops.tracker().run("churn", run -> {
                    run.param("trees", 200);
                    for (int step = 0; step < 5000; step++) {
                        run.metric("loss", step, step);
                    }
                });
            }
            assertThat(mlops.flush(Spools.LONG)).isTrue();
            over.set(true);
            assertThat(looks.join()).isPositive();
            assertThat(mlops.delivery()).isEqualTo(new Delivery(50_010, 50_010, 50_010, 0, Map.of()));
        }
    }

    @Test
    void whatTheServerHasOtherwiseIsDroppedThereAndNothingElse() {
        try (Mlops other = Mlops.using(server.memory())) {
            Run run = other.tracker().start(RunSpec.of("churn").id("job-1"));
            run.param("trees", 100);
            run.fail(new IllegalStateException("no"));
        }
        server.down();
        try (Mlops mlops = Mlops.using(server, config())) {
            Run run = mlops.tracker().start(RunSpec.of("churn").id("job-1"));
            run.param("trees", 200);
            run.param("depth", 7);
            run.metric("loss", 1);
            run.complete();
            assertThat(mlops.delivery().pending()).isEqualTo(3);
            server.up();
            assertThat(mlops.flush(Spools.LONG)).isFalse();
            assertThat(mlops.delivery().dropped()).containsOnlyKeys("conflict").containsEntry("conflict", 1L);
            assertThat(mlops.delivery().delivered()).isEqualTo(2);
            assertThat(mlops.delivery().pending()).isZero();
            assertThat(mlops.flush(Spools.LONG)).isTrue();
        }
        assertThat(atServer(new RunId("job-1")).params())
                .containsEntry("trees", "100")
                .containsEntry("depth", "7");
        assertThat(atServer(new RunId("job-1")).status()).isEqualTo(RunStatus.FINISHED);
    }

    @Test
    void aRunOfADeletedExperimentIsDroppedAndTheNextRefused() {
        try (Mlops other = Mlops.using(server.memory())) {
            other.tracker().experiments().ensure("churn");
            other.tracker().experiments().delete("churn");
        }
        try (Mlops mlops = Mlops.using(server, config())) {
            mlops.tracker().run("churn", run -> run.metric("loss", 1));
            Spools.await("the drop", () -> mlops.delivery().dropped().containsKey("experiment deleted"));
            assertThat(mlops.delivery().pending()).isZero();
            mlops.tracker().experiments().restore("churn");
            RunId kept = mlops.tracker().run("churn", run -> run.metric("loss", 1));
            assertThat(atServer(kept).status()).isEqualTo(RunStatus.FINISHED);
            mlops.tracker().experiments().delete("churn");
            assertThatThrownBy(() -> mlops.tracker().start(RunSpec.of("churn")))
                    .isInstanceOf(ConflictException.class)
                    .hasMessageContaining("deleted");
        }
    }

    @Test
    void anExperimentThatGetsAnotherNameKeepsTheRunsOnTheirWay() {
        try (Mlops mlops = Mlops.using(server, config());
                Run run = mlops.tracker().start(RunSpec.of("churn"))) {
            run.metric("loss", 2);
            assertThat(run.flush(Spools.LONG)).isTrue();
            mlops.tracker().experiments().rename("churn", "churn 2");
            run.metric("loss", 1);
            try (Run child = run.child("part")) {
                child.complete();
                assertThat(atServer(child.id()).experiment()).isEqualTo("churn 2");
            }
            run.complete();
            assertThat(atServer(run.id()).experiment()).isEqualTo("churn 2");
            assertThat(mlops.tracker().history(run.id(), "loss").stream())
                    .extracting(MetricPoint::value)
                    .containsExactly(2.0, 1.0);
            assertThat(mlops.delivery().dropped()).isEmpty();
        }
    }
}

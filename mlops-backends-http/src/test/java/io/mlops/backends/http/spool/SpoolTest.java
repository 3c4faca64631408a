package io.mlops.backends.http.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.valfirst.slf4jtest.TestLoggerFactory;
import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.Delivery;
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
import io.mlops.core.config.MlopsConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests what becomes of runs that are recorded for a store across a network, which is there, or not. */
@Timeout(60)
final class SpoolTest {
    @TempDir
    private Path folder;

    private final Remote server = new Remote();

    @BeforeEach
    @AfterEach
    void forgetWarnings() {
        TestLoggerFactory.clearAll();
    }

    private Path spool() {
        return folder.resolve("spool");
    }

    private Mlops open() {
        return Mlops.using(server, Spools.config(spool()));
    }

    private RunInfo atServer(RunId run) {
        return server.memory().runs().get(run);
    }

    private static void assertAllDelivered(Delivery delivery) {
        assertThat(delivery.dropped()).isEmpty();
        assertThat(delivery.pending()).isZero();
        assertThat(delivery.durable())
                .isEqualTo(delivery.delivered())
                .isEqualTo(delivery.accepted())
                .isPositive();
    }

    @Test
    void whatIsRecordedComesToTheServerAndLeavesTheSpool() {
        try (Mlops mlops = open()) {
            RunId id = Spools.record(mlops);

            Spools.assertWhole(server, id);
            assertThat(Spools.waiting(spool())).isEmpty();
            assertAllDelivered(mlops.delivery());
            assertThat(mlops.tracker().get(id).status()).isEqualTo(RunStatus.FINISHED);
            assertThat(mlops.tracker().artifacts(id).list("").first(9)).hasSize(1);
        }
        assertThat(Spools.warnings()).isEmpty();
    }

    @Test
    void anOpenRunComesByItself() {
        try (Mlops mlops = open();
                Run run = mlops.tracker().start(RunSpec.of("churn"))) {
            run.metric("loss", 0.5);

            Spools.await(
                    "the point at the server",
                    () -> server.memory()
                            .runs()
                            .find(run.id())
                            .filter(info -> info.metrics().containsKey("loss"))
                            .isPresent());
            run.complete();
        }
    }

    @Test
    void aServerThatIsDownHoldsNobodyUpAndHasAllLater() {
        server.down();
        try (Mlops mlops = open()) {
            long before = System.nanoTime();
            RunId first = Spools.record(mlops);
            RunId second = Spools.record(mlops);
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(8));

            Delivery delivery = mlops.delivery();
            assertThat(delivery.pending()).isEqualTo(delivery.accepted());
            assertThat(mlops.tracker().get(first).status()).isEqualTo(RunStatus.FINISHED);
            assertThat(Spools.waiting(spool())).hasSize(2);
            assertThat(Spools.warnings()).hasSize(1).first().asString().contains(spool().toString(), Remote.NAME);

            server.up();
            assertThat(mlops.flush(Spools.LONG)).isTrue();
            assertAllDelivered(mlops.delivery());
            Spools.assertWhole(server, first);
            Spools.assertWhole(server, second);
            assertThat(Spools.waiting(spool())).isEmpty();
        }
    }

    @Test
    void theNextProgramBringsWhatThisOneCouldNot() {
        server.down();
        RunId id;
        try (Mlops mlops = open()) {
            id = Spools.record(mlops);
        }
        server.up();
        try (Mlops mlops = open()) {
            Spools.await(
                    "the run of the earlier program",
                    () -> Spools.waiting(spool()).isEmpty());
            Spools.assertWhole(server, id);
            assertThat(mlops.delivery().accepted()).isZero();
        }
    }

    @Test
    void aRunGoesOnWhereTheServerIs() {
        try (Mlops mlops = open()) {
            Run run = mlops.tracker().start(RunSpec.of("churn").id("job-1"));
            run.metric("loss", 3);
            run.metric("loss", 2);
            run.param("trees", 200);
            run.fail(new IOException("no disk"));
        }
        try (Mlops elsewhere = Mlops.using(server, Spools.config(folder.resolve("other")))) {
            Run run = elsewhere.tracker().start(RunSpec.of("churn").id("job-1"));
            assertThat(run.nextStep("loss")).isEqualTo(2);
            assertThatThrownBy(() -> run.param("trees", 300)).hasMessageContaining("trees");
            run.metric("loss", 1);
            assertThat(run.flush(Spools.LONG)).isTrue();
            assertThat(elsewhere.tracker().get(run.id()).params()).containsEntry("trees", "200");
            assertThat(atServer(run.id()).status()).isEqualTo(RunStatus.RUNNING);
            run.complete();
            assertThat(atServer(run.id()).status()).isEqualTo(RunStatus.FINISHED);
            assertThat(Spools.points(server, run.id(), "loss"))
                    .extracting(MetricPoint::step)
                    .containsExactlyInAnyOrder(0L, 1L, 2L);
            assertThatThrownBy(
                            () -> elsewhere.tracker().start(RunSpec.of("churn").id("job-1")))
                    .hasMessageContaining("has finished");
        }
    }

    @Test
    void aRunGoesOnInTheSpoolWhileTheServerIsAway() {
        server.down();
        try (Mlops mlops = open()) {
            Run run = mlops.tracker().start(RunSpec.of("churn").id("job-1"));
            run.metric("loss", 3);
        }
        try (Mlops mlops = open()) {
            Run run = mlops.tracker().start(RunSpec.of("churn").id("job-1"));
            assertThat(run.nextStep("loss")).isEqualTo(1);
            run.metric("loss", 2);
            run.complete();
            server.up();
            assertThat(mlops.flush(Spools.LONG)).isTrue();
        }
        assertThat(Spools.points(server, new RunId("job-1"), "loss")).hasSize(2);
        assertThat(atServer(new RunId("job-1")).status()).isEqualTo(RunStatus.FINISHED);
    }

    @Test
    void twoProgramsShareASpoolAndOneTakesOverWhatTheOtherLeaves() {
        try (Mlops stays = open()) {
            RunId left;
            try (Mlops goes = open()) {
                Spools.assertWhole(server, Spools.record(stays));
                Spools.assertWhole(server, Spools.record(goes));
                server.down();
                left = Spools.record(goes);
                Spools.record(stays);
            }
            assertThat(Spools.waiting(spool())).hasSize(2);
            server.up();
            Spools.await("both runs", () -> Spools.waiting(spool()).isEmpty());
            Spools.assertWhole(server, left);
            assertThat(stays.flush(Spools.LONG)).isTrue();
            assertAllDelivered(stays.delivery());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 9, 13})
    void nothingIsLostOrDoubledThoughAnswersAre(int every) {
        server.losesEvery(every);
        try (Mlops mlops = open()) {
            RunId id = Spools.record(mlops);
            assertThat(mlops.flush(Spools.LONG)).isTrue();
            assertThat(Spools.waiting(spool())).isEmpty();
            assertAllDelivered(mlops.delivery());
            server.losesEvery(0);
            Spools.assertWhole(server, id);
        }
    }

    @Test
    void aServerThatWasSetUpAnewGetsTheWholeRun() {
        try (Mlops mlops = open();
                Run run = mlops.tracker().start(RunSpec.of("churn"))) {
            run.param("trees", 200);
            run.metric("loss", 2);
            assertThat(run.flush(Spools.LONG)).isTrue();
            server.replace();
            run.metric("loss", 1);
            assertThat(run.flush(Spools.LONG)).isTrue();
            run.complete();
            assertThat(atServer(run.id()).params()).containsEntry("trees", "200");
            assertThat(Spools.points(server, run.id(), "loss")).hasSize(2);
        }
    }

    @Test
    void aServerThatHangsHoldsNobodyUp() {
        MlopsConfig config = Spools.config(spool()).closeWithin(Duration.ofSeconds(1));
        server.hang(true);
        RunId id;
        try (Mlops mlops = Mlops.using(server, config)) {
            long before = System.nanoTime();
            try (Run run = mlops.tracker().start(RunSpec.of("churn"))) {
                for (int i = 0; i < 100_000; i++) {
                    run.metric("loss", i, i);
                }
                run.complete();
                id = run.id();
            }
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
            assertThat(mlops.delivery().dropped()).isEmpty();
            assertThat(mlops.delivery().pending()).isEqualTo(100_000);
        }
        assertThat(Spools.warnings()).hasSize(1).first().asString().contains(spool().toString());
        server.hang(false);
        try (Mlops mlops = open()) {
            assertThat(mlops.delivery().accepted()).isZero();
            Spools.await("the run", () -> Spools.waiting(spool()).isEmpty());
            assertThat(Spools.points(server, id, "loss")).hasSize(100_000);
        }
    }

    @Test
    void readsGoToTheSpoolOrSayWhereItIs() {
        server.down();
        try (Mlops mlops = open();
                Run run = mlops.tracker().start(RunSpec.of("churn"))) {
            run.param("trees", 200);
            run.artifacts().putText("report.txt", "all is well");
            assertThat(run.flush(Duration.ZERO)).isFalse();
            Spools.await(
                    "the param in the spool",
                    () -> mlops.tracker().get(run.id()).params().containsKey("trees"));
            assertThat(mlops.tracker().artifacts(run.id()).find("report.txt")).isPresent();
            for (Runnable asked : List.<Runnable>of(
                    () -> mlops.tracker().search(RunQuery.of()).findFirst(),
                    () -> mlops.tracker().history(run.id(), "loss").findFirst(),
                    () -> mlops.tracker().find(new RunId("another")),
                    () -> mlops.tracker().experiments().find("churn"))) {
                assertThatThrownBy(asked::run)
                        .isInstanceOf(BackendUnavailableException.class)
                        .hasMessageContaining(spool().toString());
            }
            run.complete();
        }
    }

    @Test
    void whatWaitsMayStillBeChanged() {
        server.down();
        try (Mlops mlops = open()) {
            RunId kept = Spools.record(mlops);
            RunId gone = Spools.record(mlops);
            mlops.tracker().tag(kept, "checked", "yes");
            mlops.tracker().delete(gone);
            server.up();
            assertThat(mlops.flush(Spools.LONG)).isTrue();
            assertThat(atServer(kept).tags()).containsEntry("checked", "yes");
            assertThat(atServer(gone).deleted()).isTrue();
            mlops.tracker().tag(kept, "checked", "twice");
            assertThat(atServer(kept).tags()).containsEntry("checked", "twice");
        }
    }

    @Test
    void aTagThatIsTakenAwayIsGoneAtTheServer() {
        try (Mlops mlops = open();
                Run run = mlops.tracker().start(RunSpec.of("churn").tag("team", "growth"))) {
            assertThat(run.flush(Spools.LONG)).isTrue();
            assertThat(atServer(run.id()).tags()).containsKey("team");
            run.untag("team");
            assertThat(run.flush(Spools.LONG)).isTrue();
            assertThat(atServer(run.id()).tags()).doesNotContainKey("team");
            run.complete();
        }
    }

    @Test
    void registeringNeedsTheServerAndSaysSo() throws IOException {
        Path model = Files.writeString(folder.resolve("model.bin"), "weights");
        try (Mlops mlops = open()) {
            server.down();
            RunId id = mlops.tracker().run("churn", run -> {
                run.artifacts().put("model/model.bin", model);
                assertThatThrownBy(() -> mlops.registry()
                                .register(ModelSpec.of("churn", model).run(run.id())))
                        .isInstanceOf(BackendUnavailableException.class)
                        .hasMessageContaining(spool().toString());
            });
            assertThatThrownBy(() -> mlops.registry().register(ModelSpec.of("churn", model)))
                    .isInstanceOf(BackendUnavailableException.class)
                    .hasMessageContaining(spool().toString())
                    .hasMessageContaining("ModelSpec.ofArtifacts");
            server.up();
            ModelVersion version = mlops.registry().register(ModelSpec.ofArtifacts("churn", id, "model"));
            assertThat(version.run()).isEqualTo(id);
            assertThat(atServer(id).outputs()).containsExactly(version.id());
        }
    }
}

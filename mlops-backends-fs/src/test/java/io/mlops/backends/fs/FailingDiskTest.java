package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.Delivery;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunSpec;
import io.mlops.api.tracker.RunStatus;
import io.mlops.backends.fs.quiet.QuietExtension;
import io.mlops.core.Mlops;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A disk that fails now and then. */
@QuietExtension.Warned
final class FailingDiskTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    private TracingDisk disk;
    private FsBackend backend;

    @BeforeEach
    void open() {
        disk = new TracingDisk(folder.resolve("store"));
        backend = FsBackend.at(folder.resolve("store"), disk);
    }

    private List<String> staged() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("store/.staging"))) {
            return files.filter(Files::isRegularFile).map(Path::toString).toList();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "append experiments/churn/run-1/metrics-000001",
                "append experiments/churn/run-1/metrics-000002",
                "sync experiments/churn/run-1/metrics-000001",
                "sync experiments/churn/run-1/metrics-000002",
                "sync <staged>",
                "rename to experiments/churn/run-1/run.json",
                "link to experiments/churn",
                "sync folder experiments/churn/run-1",
                "sync folder experiments"
            })
    void everyPointArrivesOnceWhateverFails(String step) {
        try (Mlops mlops = Mlops.using(backend)) {
            for (int number = 1; number <= 3; number++) {
                disk.failAt(step, number);
                Run run = mlops.tracker().start(RunSpec.of("churn").id("run-1"));
                long from = run.nextStep("loss");
                for (long i = from; i < from + 5000; i++) {
                    run.metric("loss", 1.0, i);
                    if (i % 700 == 0) {
                        assertThat(run.flush(LONG)).isTrue();
                    }
                }
                run.param("round-" + number, number);
                assertThat(run.flush(LONG)).isTrue();
                run.fail(new IOException("to be resumed"));
            }
            assertThat(mlops.flush(LONG)).isTrue();

            RunInfo run = mlops.tracker().get(new RunId("run-1"));
            assertThat(mlops.tracker().history(run.id(), "loss").stream().mapToLong(MetricPoint::step))
                    .isEqualTo(LongStream.range(0, 15_000).boxed().toList());
            assertThat(run.metrics().get("loss").range().count()).isEqualTo(15_000);
            assertThat(run.params()).hasSize(3);
            assertThat(run.status()).isEqualTo(RunStatus.FAILED);
            Delivery delivery = mlops.delivery();
            assertThat(delivery.lost()).isZero();
            assertThat(delivery.durable()).isEqualTo(delivery.accepted());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sync <staged>", "claim models/churn/1", "sync folder <staged>"})
    void aRegistrationThatFailsLeavesNothingAndCanBeRepeated(String step) throws IOException {
        Path model = Files.writeString(folder.resolve("m.bin"), "x");
        try (Mlops mlops = Mlops.using(backend)) {
            ModelSpec spec = ModelSpec.of("churn", model).key("nightly");
            disk.failAt(step, 1);

            assertThatThrownBy(() -> mlops.registry().register(spec))
                    .isInstanceOf(BackendUnavailableException.class)
                    .hasMessageContainingAll("churn", "Input/output error");

            assertThat(mlops.registry().find(new ModelVersionId("churn", 1))).isEmpty();
            assertThat(staged()).isEmpty();
            assertThat(mlops.registry().register(spec).number()).isEqualTo(1);
        }
    }

    @Test
    void aRegistrationThatWasClaimedButNotSyncedIsFoundByItsKey() throws IOException {
        Path model = Files.writeString(folder.resolve("m.bin"), "x");
        try (Mlops mlops = Mlops.using(backend)) {
            ModelSpec spec = ModelSpec.of("churn", model).key("nightly");
            var first = mlops.registry().register(ModelSpec.of("churn", model));
            disk.failAt("sync folder models/churn", 1);

            assertThatThrownBy(() -> mlops.registry().register(spec))
                    .isInstanceOf(BackendUnavailableException.class)
                    .satisfies(e -> assertThat(((BackendUnavailableException) e).maybeDone())
                            .isTrue());

            assertThat(mlops.registry().register(spec).number()).isEqualTo(first.number() + 1);
            assertThat(mlops.registry().versions("churn")).hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sync <staged>", "rename to experiments/churn/run-1/artifacts"})
    void anArtifactThatFailsThrowsAndLeavesTheOldBytes(String step) throws IOException {
        RunId id = new RunId("run-1");
        backend.runs().create(new RunDraft(id, "churn", "run", Instant.EPOCH, null, Map.of()));
        RelativePath path = RelativePath.of("a.txt");
        var old = backend.artifacts().put(id, Map.of(path, Content.text("old")));
        disk.failAt(step, 1);

        assertThatThrownBy(() -> backend.artifacts().put(id, Map.of(path, Content.text("new"))))
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageContainingAll("a.txt", "run-1");

        assertThat(backend.artifacts().find(id, path)).contains(old.get(0));
        assertThat(backend.artifacts().open(id, path).bytes().readAllBytes())
                .asString()
                .isEqualTo("old");
        assertThat(staged()).isEmpty();
    }
}

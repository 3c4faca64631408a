package io.mlops.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RunId;
import io.mlops.api.common.UnsupportedByBackendException;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.spi.ArtifactStore;
import io.mlops.api.spi.Backend;
import io.mlops.api.spi.BackendInfo;
import io.mlops.api.spi.BackendProvider;
import io.mlops.api.spi.Capability;
import io.mlops.api.spi.ExperimentStore;
import io.mlops.api.spi.RunStore;
import io.mlops.api.tracker.RunDetail;
import io.mlops.api.tracker.RunSpec;
import io.mlops.api.tracker.RunStatus;
import io.mlops.core.config.MlopsConfig;
import io.mlops.core.memory.MemoryBackend;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Opening, using, closing. */
final class MlopsTest {
    @TempDir
    private Path folder;

    /** Somebody's provider. */
    public static final class Second implements BackendProvider {
        @Override
        public Set<String> schemes() {
            return Set.of("second");
        }

        @Override
        public Backend open(String address, Map<String, String> settings) {
            return new TrackingOnly(address + settings);
        }
    }

    /** Somebody's backend without models. */
    private static final class TrackingOnly implements Backend {
        private final String name;
        private final Set<Capability> capabilities;
        private final MemoryBackend memory = new MemoryBackend();

        TrackingOnly(String name, Capability... capabilities) {
            this.name = name;
            this.capabilities = new HashSet<>(Set.of(Capability.LOCAL));
            this.capabilities.addAll(List.of(capabilities));
        }

        @Override
        public BackendInfo info() {
            return new BackendInfo(name, capabilities);
        }

        @Override
        public ExperimentStore experiments() {
            return memory.experiments();
        }

        @Override
        public RunStore runs() {
            return memory.runs();
        }

        @Override
        public ArtifactStore artifacts() {
            return memory.artifacts();
        }

        @Override
        public void close() {
            memory.close();
        }
    }

    private void withSecondProvider(Runnable task) throws IOException {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(services.resolve(BackendProvider.class.getName()), Second.class.getName());
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()}, before)) {
            thread.setContextClassLoader(loader);
            task.run();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Test
    void eachInMemoryIsAPlaceOfItsOwn() {
        try (Mlops first = Mlops.inMemory();
                Mlops second = Mlops.open("memory:")) {
            RunId id = first.tracker().run("churn", run -> run.metric("loss", 1));

            assertThat(first.tracker().find(id)).isPresent();
            assertThat(second.tracker().find(id)).isEmpty();
        }
    }

    @Test
    void anUnknownSchemeNamesWhatToAdd() {
        assertThatThrownBy(() -> Mlops.open("file:store"))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContainingAll("'file:'", "io.mlops:mlops-backends-fs");
        assertThatThrownBy(() -> Mlops.open("https://user:secret@host"))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("io.mlops:mlops-backends-http")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret"));
        assertThatThrownBy(() -> Mlops.open("redis://cache")).hasMessageContaining("'redis:'");
    }

    @Test
    void aPathWithoutASchemeIsToldHowToBeWritten() {
        for (String address : new String[] {"mlops-store", "C:\\store", "", ":x"}) {
            assertThatThrownBy(() -> Mlops.open(address))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("file:");
        }
        assertThatThrownBy(() -> Mlops.open("memory:elsewhere")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void memoryWithoutItsColonIsToldSo() {
        assertThatThrownBy(() -> Mlops.open("memory"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("write memory:")
                .hasMessageNotContaining("file:");
    }

    @Test
    void noExceptionNamesASecretOfAnAddress() {
        for (String address : new String[] {
            "https://user:s3/cret@host",
            "s3cret:x-oauth-basic@host",
            "s3cret@host",
            "memory://u:s3cret@host",
            ":s3cret@host",
            "\thttps://u:s3cret@h/x",
            "https://u:s3cret@h/x\n"
        }) {
            assertThatThrownBy(() -> Mlops.open(address))
                    .satisfies(e -> assertThat(e.getMessage()).doesNotContain("s3", "cret"));
        }
    }

    @Test
    void controlCharactersAreNoAddress() {
        for (char c : new char[] {0, '\n', 127, 0x85}) {
            assertThatThrownBy(() -> Mlops.open("file:a" + c + "b"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("file:a?b", "control character");
        }
        assertThatThrownBy(() -> Mlops.open((String) null)).hasMessageContaining("address");
    }

    @Test
    void theEnvironmentIsReadOnlyWhenAsked() throws IOException {
        withSecondProvider(() -> {
            Backend backend = Backends.fromEnvironment(Map.of(
                    "MLFLOW_TRACKING_URI",
                    "second:here",
                    "MLFLOW_TRACKING_TOKEN",
                    "t",
                    "MLFLOW_TRACKING_USERNAME",
                    "u",
                    "https_proxy",
                    "p",
                    "HOME",
                    "h"));
            assertThat(backend.info().name())
                    .isEqualTo("second:here{MLFLOW_TRACKING_TOKEN=t, MLFLOW_TRACKING_URI=second:here,"
                            + " MLFLOW_TRACKING_USERNAME=u, https_proxy=p}");
            assertThat(Backends.fromEnvironment(Map.of("MLOPS_URI", "second:a", "MLFLOW_TRACKING_URI", "second:b"))
                            .info()
                            .name())
                    .startsWith("second:a");
            assertThat(Backends.fromEnvironment(Map.of(
                                    "MLOPS_URI", " ", "MLFLOW_TRACKING_URI", "second:b", "MLFLOW_TRACKING_TOKEN", ""))
                            .info()
                            .name())
                    .isEqualTo("second:b{MLFLOW_TRACKING_URI=second:b}");
        });
        assertThatThrownBy(() -> Mlops.fromEnvironment(Map.of("MLOPS_URI", "")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("MLOPS_URI", "MLFLOW_TRACKING_URI");
    }

    @Test
    void aBackendOfTheCallersStaysOpen() {
        MemoryBackend memory = new MemoryBackend();
        RunId id;
        try (Mlops mlops = Mlops.using(memory)) {
            id = mlops.tracker().run("churn", run -> run.metric("loss", 1));
        }

        assertThat(memory.runs().find(id)).isPresent();
        memory.close();
        assertThatThrownBy(() -> memory.runs().find(id)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aBackendThatWasOpenedHereIsClosedHere() {
        Mlops mlops = Mlops.inMemory();
        mlops.close();
        mlops.close();

        assertThatThrownBy(() -> mlops.tracker().find(new RunId("x"))).isInstanceOf(IllegalStateException.class);
        assertThat(mlops.flush(Duration.ofSeconds(1))).isTrue();
    }

    @Test
    void aBackendWithoutModelsTracksAllTheSame() {
        try (Mlops mlops = Mlops.using(new TrackingOnly("notebook"))) {
            assertThat(mlops.tracker().<Integer, RuntimeException>call("churn", run -> 1))
                    .isEqualTo(1);
            assertThatThrownBy(() ->
                            mlops.registry().register(ModelSpec.of("churn", Files.createFile(folder.resolve("m")))))
                    .isInstanceOf(UnsupportedByBackendException.class)
                    .hasMessageContainingAll("notebook", "models");
        }
    }

    @Test
    void aConfigurationMakesSense() {
        MlopsConfig standard = MlopsConfig.standard();

        assertThat(standard.recording().flushEvery()).isEqualTo(Duration.ofSeconds(1));
        assertThatThrownBy(() -> standard.buffers(1)).hasMessageContaining("buffers");
        assertThatThrownBy(() -> standard.flushEvery(Duration.ZERO)).hasMessageContaining("flushEvery");
        assertThatThrownBy(() -> standard.closeWithin(Duration.ofSeconds(-1))).hasMessageContaining("closeWithin");
        assertThatThrownBy(() -> standard.waitWhenFull(Duration.ofSeconds(-1))).hasMessageContaining("waitWhenFull");
    }

    @Test
    void whoActsIsANameThatEveryReaderTakes() {
        MlopsConfig standard = MlopsConfig.standard();

        assertThat(standard.by("x".repeat(500)).program().by()).hasSize(500);
        for (String by : new String[] {"x".repeat(501), " ", "a\nb"}) {
            assertThatThrownBy(() -> standard.by(by))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("user");
        }
    }

    @Test
    void forEverIsAThousandDays() {
        Duration ever = ChronoUnit.FOREVER.getDuration();
        MlopsConfig config = MlopsConfig.standard()
                .flushEvery(ever)
                .syncEvery(ever)
                .waitWhenFull(ever)
                .closeWithin(ever);

        assertThat(config.recording().waitWhenFull()).isEqualTo(Duration.ofDays(1000));
        MemoryBackend memory = new MemoryBackend();
        RunId id;
        try (Mlops mlops = Mlops.using(memory, config)) {
            id = mlops.tracker().run("churn", run -> {
                for (int i = 0; i < 5000; i++) {
                    run.metric("loss", 1.0 / i, i);
                }
            });
        }
        assertThat(memory.runs().find(id).orElseThrow().status()).isEqualTo(RunStatus.FINISHED);
        assertThatThrownBy(() -> MlopsConfig.standard().syncEvery(null)).hasMessageContaining("syncEvery");
    }

    @Test
    void whatHasATextFormMayBePassedEitherWay() throws IOException {
        Path model = Files.createFile(folder.resolve("m"));
        try (Mlops mlops = Mlops.inMemory()) {
            RunId id = mlops.tracker().run(RunSpec.of("churn").id(new RunId("job-1")), run -> {});
            mlops.registry().register(ModelSpec.of("churn", model).run(id));

            assertThat(RunSpec.of("churn").id("job-1"))
                    .isEqualTo(RunSpec.of("churn").id(id));
            assertThat(mlops.registry().find("churn@latest").map(ModelVersion::run))
                    .contains(id);
            assertThat(mlops.registry().find("churn/2")).isEmpty();
        }
    }

    @Test
    void whoDidItIsToldByTheConfiguration() throws IOException {
        Path model = Files.createFile(folder.resolve("m"));
        try (Mlops anna =
                        Mlops.using(new MemoryBackend(), MlopsConfig.standard().by("anna"));
                Mlops somebody = Mlops.inMemory()) {
            assertThat(anna.registry().register(ModelSpec.of("churn", model)).by())
                    .isEqualTo("anna");
            assertThat(somebody.registry()
                            .register(ModelSpec.of("churn", model))
                            .by())
                    .isNotBlank();
        }
    }

    @Test
    void inMemoryRunsRecordNothingByThemselvesUnlessAsked() {
        try (Mlops plain = Mlops.inMemory();
                Mlops asked = Mlops.using(
                        new MemoryBackend(),
                        MlopsConfig.standard().records(Set.of(RunDetail.USER)).by("anna"))) {
            RunId silent = plain.tracker().run("churn", run -> run.metric("loss", 1));
            RunId telling = asked.tracker().run("churn", run -> run.metric("loss", 1));

            assertThat(plain.tracker().environment(silent)).isEmpty();
            assertThat(plain.tracker().get(silent).tags()).isEmpty();
            assertThat(plain.delivery().accepted()).isEqualTo(1);
            assertThat(asked.tracker().environment(telling).orElseThrow().facts())
                    .isEqualTo(Map.of("user", "anna"));
        }
    }

    @Test
    void whoeverLivesInMemoryOnlySaysSo() {
        for (Backend kept : new Backend[] {
            new MemoryBackend(), new TrackingOnly("fake"), new TrackingOnly("notebook", Capability.PERSISTENT)
        }) {
            try (Mlops mlops = Mlops.using(kept)) {
                RunId id = mlops.tracker().run("churn", run -> {});

                assertThat(mlops.tracker().environment(id).isPresent())
                        .as(kept.info().name())
                        .isEqualTo(kept.info().capabilities().contains(Capability.PERSISTENT));
            }
        }
        assertThat(new MemoryBackend().info().capabilities()).doesNotContain(Capability.PERSISTENT);
    }

    @Test
    void aTeeRecordsNothingByItselfOnlyIfBothAreInMemory() {
        for (Backend kept : new Backend[] {new MemoryBackend(), new TrackingOnly("notebook", Capability.PERSISTENT)}) {
            try (Mlops mlops = Mlops.using(Backends.tee(new MemoryBackend(), kept))) {
                RunId id = mlops.tracker().run("churn", run -> {});

                assertThat(kept.runs().environment(id).isPresent()).isEqualTo(kept instanceof TrackingOnly);
                assertThat(mlops.tracker().environment(id))
                        .isEqualTo(kept.runs().environment(id));
            }
        }
    }

    @Test
    void eachDetailCanBeSwitchedOff() {
        MlopsConfig config = MlopsConfig.standard().without(RunDetail.GIT).without(RunDetail.USER, RunDetail.SYSTEM);

        assertThat(config.environment().records())
                .containsExactlyInAnyOrder(RunDetail.DEPENDENCIES, RunDetail.CONTAINER);
        assertThat(MlopsConfig.standard()
                        .without(RunDetail.values())
                        .environment()
                        .records())
                .isEmpty();
        assertThat(MlopsConfig.standard().environment().sampleEvery()).isNull();
        assertThatThrownBy(() -> MlopsConfig.standard().sampleEvery(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sampleEvery");
    }

    @Test
    void samplesAreMetricsUnderSystem() {
        MlopsConfig config = MlopsConfig.standard().sampleEvery(Duration.ofMillis(1));
        try (Mlops mlops = Mlops.using(new MemoryBackend(), config)) {
            RunId id = mlops.tracker().run("churn", run -> {
                long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
                while (run.nextStep("system/heap.used.bytes") < 2) {
                    assertThat(System.nanoTime() - deadline).isNegative();
                    Thread.onSpinWait();
                }
            });

            assertThat(mlops.tracker().get(id).metrics())
                    .containsOnlyKeys(
                            "system/cpu", "system/heap.used.bytes", "system/gc.seconds", "system/disk.free.bytes");
        }
    }
}

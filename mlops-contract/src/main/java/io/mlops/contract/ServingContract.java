package io.mlops.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mlops.api.common.AliasMove;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RefusedException;
import io.mlops.api.registry.HandleStatus;
import io.mlops.api.registry.ModelHandle;
import io.mlops.api.registry.ModelLease;
import io.mlops.api.registry.ModelLoader;
import io.mlops.api.registry.ModelServing;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.registry.VerifiedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests what a service sees of {@link ModelServing}, wherever the models are kept. */
abstract class ServingContract extends ProgramSuite {
    private static final ModelLoader<String> TEXT = files -> Files.readString(files.path("sub/model.txt"));

    @TempDir
    private Path work;

    private ModelVersion version;

    @BeforeEach
    void register() throws IOException {
        Files.createDirectories(work.resolve("model/sub"));
        Files.writeString(work.resolve("model/sub/model.txt"), "weights");
        version = registry().register(ModelSpec.of("churn", work.resolve("model")));
        registry().move(AliasMove.of("churn@champion", version.id()));
    }

    /** A model that, in a native runtime's stead, fails when it is used after it was closed. */
    private static final class Model implements AutoCloseable {
        private final AtomicInteger closed = new AtomicInteger();
        private final CountDownLatch gone = new CountDownLatch(1);

        String predict() {
            assertThat(closed.get()).as("used after it was closed").isZero();
            return "yes";
        }

        @Override
        public void close() {
            closed.incrementAndGet();
            gone.countDown();
        }
    }

    @Test
    void aModelIsLoadedByAliasNumberAndDigest() {
        for (String reference :
                new String[] {"churn@champion", "churn@latest", "churn/1", "churn#" + version.digest()}) {
            try (ModelHandle<String> churn = serving().load(reference, TEXT)) {
                assertThat(churn.<String, RuntimeException>call(model -> model + "!"))
                        .isEqualTo("weights!");
                assertThat(churn.version()).isEqualTo(version);
            }
        }
    }

    @Test
    void theLoaderGetsAPrivateFolderThatStaysUntilTheModelIsClosed() {
        VerifiedFiles[] got = new VerifiedFiles[1];
        try (ModelHandle<Model> churn = serving().load("churn@champion", files -> {
            got[0] = files;
            return new Model();
        })) {
            VerifiedFiles files = got[0];
            assertThat(files.version()).isEqualTo(version);
            assertThat(files.entries()).hasSize(2);
            assertThat(files.path("sub/model.txt")).hasContent("weights").startsWith(files.folder());
            assertThatThrownBy(() -> files.path("other"))
                    .isInstanceOf(NotFoundException.class)
                    .hasMessageContaining("sub/model.txt");
            assertThat(churn.<String, RuntimeException>call(Model::predict)).isEqualTo("yes");
        }
        assertThat(got[0].folder()).doesNotExist();
    }

    @Test
    void whatTheBodyThrowsComesOutUnchanged() {
        IOException thrown = new IOException("mine");
        try (ModelHandle<String> churn = serving().load("churn@champion", TEXT)) {
            assertThatThrownBy(() -> churn.call(model -> {
                        throw thrown;
                    }))
                    .isSameAs(thrown);
            assertThat(churn.status().inFlight()).isZero();
        }
    }

    @Test
    void whatTheLoaderThrowsComesOut() {
        IllegalStateException unchecked = new IllegalStateException("bad weights");
        IOException checked = new IOException("no such layer");

        assertThatThrownBy(() -> serving().load("churn@champion", files -> {
                    throw unchecked;
                }))
                .isSameAs(unchecked);
        assertThatThrownBy(() -> serving().load("churn@champion", files -> {
                    throw checked;
                }))
                .isInstanceOf(RefusedException.class)
                .hasMessageContainingAll("churn/1", "no such layer")
                .hasCause(checked);
    }

    @Test
    void aClosedHandleRefusesCalls() {
        ModelHandle<String> churn = serving().load("churn@champion", TEXT);
        assertThat(churn.status().health()).isEqualTo(HandleStatus.Health.READY);

        churn.close();
        churn.close();

        assertThat(churn.status().health()).isEqualTo(HandleStatus.Health.CLOSED);
        assertThatThrownBy(() -> churn.call(model -> model))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("churn/1");
        assertThatThrownBy(churn::lease).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aModelIsClosedOnceWhenItsLastLeaseEnds() throws Exception {
        Model model = new Model();
        ModelHandle<Model> churn = serving().load("churn@champion", files -> model);
        ModelLease<Model> lease = churn.lease();
        Thread closing = new Thread(churn::close);
        closing.start();
        while (churn.status().health() == HandleStatus.Health.READY) {
            Thread.onSpinWait();
        }

        assertThat(churn.status().health()).isEqualTo(HandleStatus.Health.DRAINING);
        assertThat(churn.status().inFlight()).isEqualTo(1);
        assertThat(lease.model().predict()).isEqualTo("yes");
        assertThat(lease.version()).isEqualTo(version);
        lease.close();
        lease.close();

        assertThat(model.gone.await(20, TimeUnit.SECONDS)).isTrue();
        closing.join();
        assertThat(model.closed).hasValue(1);
        assertThat(churn.status().health()).isEqualTo(HandleStatus.Health.CLOSED);
        assertThatThrownBy(lease::model).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aModelIsNeverClosedUnderACall() {
        Model model = new Model();
        ModelHandle<Model> churn = serving().load("churn@champion", files -> model);

        StoreSuite.race(4, racer -> {
            try {
                for (int i = 0; i < 10_000; i++) {
                    assertThat(churn.<String, RuntimeException>call(Model::predict))
                            .isEqualTo("yes");
                    if (racer == 0 && i == 5000) {
                        churn.close();
                    }
                }
            } catch (IllegalStateException closed) {
                assertThat(closed).hasMessageContaining("closed");
            }
            return racer;
        });

        assertThat(model.closed).hasValue(1);
    }

    @Test
    void aLoaderMayCloseItsModelsItsOwnWay() {
        AtomicInteger closed = new AtomicInteger();
        ModelLoader<String> loader = new ModelLoader<>() {
            @Override
            public String load(VerifiedFiles files) {
                return "native";
            }

            @Override
            public void close(String model) {
                closed.incrementAndGet();
            }
        };

        serving().load("churn@champion", loader).close();

        assertThat(closed).hasValue(1);
    }

    @Test
    void whatIsNotThereIsNotFound() {
        assertThatThrownBy(() -> serving().load("churn@nobody", TEXT))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("churn has no alias 'nobody', only champion");
        assertThatThrownBy(() -> serving().load("unknown/1", TEXT)).isInstanceOf(NotFoundException.class);
    }

    @Test
    void onlyThisUserMayEnterTheFolderOfAModel() throws IOException {
        try (ModelHandle<Path> churn = serving().load("churn@champion", files -> files.folder())) {
            Path folder = churn.<Path, RuntimeException>call(path -> path);
            assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"));

            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    @SuppressWarnings("NullAway") // a loader without null checks may do so
    void aLoaderThatGivesNothingIsRefused() {
        Path[] folder = new Path[1];

        assertThatThrownBy(() -> serving().load("churn@champion", files -> {
                    folder[0] = files.folder();
                    return null;
                }))
                .isInstanceOf(RefusedException.class)
                .hasMessageContainingAll("churn/1", "no model");
        assertThat(folder[0]).doesNotExist();
    }

    @Test
    @Timeout(20)
    void aSecondCloseReturnsAtOnce() throws Exception {
        ModelHandle<String> churn = serving().load("churn@champion", TEXT);
        ModelLease<String> lease = churn.lease();
        Thread closing = new Thread(churn::close);
        closing.start();
        while (churn.status().health() == HandleStatus.Health.READY) {
            Thread.onSpinWait();
        }

        long before = System.nanoTime();
        churn.close();

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(2));
        assertThat(churn.status().health()).isEqualTo(HandleStatus.Health.DRAINING);
        lease.close();
        closing.join();
    }
}

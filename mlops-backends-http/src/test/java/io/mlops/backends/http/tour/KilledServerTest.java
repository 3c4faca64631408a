package io.mlops.backends.http.tour;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.RunId;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunSpec;
import io.mlops.api.tracker.RunStatus;
import io.mlops.backends.http.HttpBackend;
import io.mlops.backends.http.config.HttpSettings;
import io.mlops.backends.http.standin.NeedsServer;
import io.mlops.backends.http.standin.RawClient;
import io.mlops.backends.http.standin.RealServer;
import io.mlops.backends.http.standin.Release;
import io.mlops.backends.http.standin.Straight;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

/** A server that is killed and started again while a program records and uploads; more often in profile faults. */
@NeedsServer(Release.V3_17)
final class KilledServerTest {
    private static final int ROUNDS = Math.max(1, Integer.getInteger("mlops.faults", 1) / 4);
    private static final int FILES = 5;
    private static final int BYTES = 6 << 20;

    private final RealServer server;
    private final AtomicBoolean enough = new AtomicBoolean();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicInteger uploads = new AtomicInteger();

    /** What each file held last when its upload was acknowledged; one thread writes it. */
    private final int[] stored = new int[FILES];

    KilledServerTest(RealServer server) {
        this.server = server;
    }

    @Test
    void everyPointAndFileThatWasAcknowledgedIsThereOnce() throws Exception {
        MlopsConfig patient =
                Straight.CONFIG.waitWhenFull(Duration.ofMinutes(2)).closeWithin(Duration.ofMinutes(2));
        RunId id;
        try (HttpBackend backend = HttpBackend.at(server.address(), HttpSettings.standard());
                Mlops mlops = Mlops.using(backend, patient)) {
            Run run = mlops.tracker().start(RunSpec.of("killed " + UUID.randomUUID()));
            id = run.id();
            CompletableFuture<Void> recording = CompletableFuture.runAsync(() -> record(run));
            CompletableFuture<Void> uploading = CompletableFuture.runAsync(() -> upload(run));
            for (int round = 0; round < ROUNDS; round++) {
                awaitMore(acknowledged::get, recording);
                awaitMore(uploads::get, uploading);
                server.kill();
                server.start();
            }
            awaitMore(acknowledged::get, recording);
            awaitMore(uploads::get, uploading);
            enough.set(true);
            recording.join();
            uploading.join();
            run.complete();
            assertThat(mlops.delivery().dropped()).isEmpty();
        }
        checkThere(id);
    }

    private void record(Run run) {
        long number = 0;
        while (!enough.get()) {
            for (int i = 0; i < 700; i++) {
                run.metric("n", (double) number, number++);
            }
            assertThat(run.flush(Duration.ofMinutes(2))).as("flush").isTrue();
            acknowledged.set(number);
        }
    }

    private void upload(Run run) {
        for (int number = 1; !enough.get(); number++) {
            try {
                run.artifacts().put("file-" + number % FILES, Content.of(file(number)));
                stored[number % FILES] = number;
                uploads.incrementAndGet();
            } catch (BackendUnavailableException down) {
                // Nothing was acknowledged: what is there may be the old bytes, or the new ones.
                stored[number % FILES] = 0;
            }
        }
    }

    private static byte[] file(int number) {
        byte[] bytes = new byte[BYTES];
        Arrays.fill(bytes, (byte) number);
        return bytes;
    }

    private static void awaitMore(LongSupplier count, CompletableFuture<Void> working) {
        long before = count.getAsLong();
        while (count.getAsLong() < before + 2 && !working.isDone()) {
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
        assertThat(working.isCompletedExceptionally()).as("it goes on").isFalse();
    }

    private void checkThere(RunId id) throws Exception {
        try (HttpBackend backend = HttpBackend.at(server.address(), HttpSettings.standard());
                Mlops mlops = Mlops.using(backend, Straight.CONFIG)) {
            assertThat(mlops.tracker().get(id).status()).isEqualTo(RunStatus.FINISHED);
            String storeId = mlops.tracker().get(id).storeId();
            Acknowledged.assertThere(RawClient.of(server), storeId, "n", acknowledged.get());
            for (int i = 0; i < FILES; i++) {
                if (stored[i] > 0) {
                    try (InputStream in = mlops.tracker().artifacts(id).open("file-" + i)) {
                        assertThat(Arrays.mismatch(in.readAllBytes(), file(stored[i])))
                                .as("file-%d", i)
                                .isEqualTo(-1);
                    }
                }
            }
        }
    }
}

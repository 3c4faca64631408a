package io.mlops.backends.http.run;

import static io.mlops.backends.http.run.Stores.ID;
import static io.mlops.backends.http.run.Stores.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RefusedException;
import io.mlops.api.spi.MetricBatch;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.backends.http.standin.Release;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests what is sent for points, and what is sent again. */
final class PointSenderTest {
    private Stores stores;
    private HttpRunStore store;

    @BeforeEach
    void start() throws IOException {
        stores = Stores.of(Release.V3_17);
        begin();
    }

    private void begin() {
        store = stores.runs();
        var unused = store.create(Stores.fresh(ID));
        stores.relay().forget();
    }

    @AfterEach
    void stop() throws IOException {
        stores.close();
    }

    private List<Relay.Said> batches() {
        return stores.relay().said("runs/log-batch");
    }

    private List<MetricPoint> history(HttpRunStore of) {
        return of.history(ID, "loss", PageRequest.first(10_000)).items();
    }

    @Test
    void tenThousandPointsAreElevenRequestsAndNothingElse() {
        for (int i = 0; i < 10_000; i += 999) {
            long unused = store.append(ID, Stores.points("w", i, Math.min(999, 10_000 - i)));
        }

        assertThat(stores.relay().said()).hasSize(11);
        assertThat(batches()).hasSize(11);
        assertThat(history(store)).hasSize(10_000);
        stores.relay().forget();
        long unused = store.append(ID, Stores.points("v", 0, 5000));
        assertThat(batches()).as("however they come").hasSize(6);
    }

    @Test
    void aLostAnswerIsAskedForAndThePointsAreNotSentAgain() {
        AtomicInteger batch = new AtomicInteger();
        stores.relay()
                .fates(request -> request.is("runs/log-batch") && batch.incrementAndGet() % 2 == 0
                        ? Relay.Fate.ANSWER_LOST
                        : Relay.Fate.PASSED);

        for (int i = 0; i < 4000; i += 1000) {
            assertThat(store.append(ID, Stores.points("w", i, 1000))).isEqualTo(i + 1000);
        }

        assertThat(batches()).hasSize(8);
        assertThat(stores.relay().said("runs/get")).hasSize(4);
        assertThat(history(stores.runs())).hasSize(4000);
    }

    @Test
    void whatNeverArrivedIsSentAgain() {
        AtomicInteger batch = new AtomicInteger();
        stores.relay()
                .fates(request -> request.is("runs/log-batch") && batch.incrementAndGet() == 1
                        ? Relay.Fate.LOST
                        : Relay.Fate.PASSED);

        assertThat(store.append(ID, Stores.points("w", 0, 10))).isEqualTo(10);

        assertThat(batches()).hasSize(2);
        assertThat(history(store)).hasSize(10);
    }

    @Test
    void aServerThatNeverAnswersIsUnavailableAndIsAskedAtTheNextTime() {
        stores.relay().fates(request -> request.is("runs/log-batch") ? Relay.Fate.ANSWER_LOST : Relay.Fate.PASSED);
        assertThat(store.append(ID, Stores.points("w", 0, 10))).isEqualTo(10);
        stores.relay().fates(request -> request.is("runs/log-batch") ? Relay.Fate.LOST : Relay.Fate.PASSED);
        assertThatThrownBy(() -> store.append(ID, Stores.points("w", 10, 10)))
                .isInstanceOf(BackendUnavailableException.class);

        stores.relay().fates(request -> Relay.Fate.PASSED);
        assertThat(store.append(ID, Stores.points("w", 5, 15))).isEqualTo(20);
        assertThat(history(store)).hasSize(20);
    }

    @Test
    void anotherProgramGoesOnWhereAWriterStopped() {
        long unused = store.append(ID, Stores.points("w", 0, 10));

        HttpRunStore other = stores.runs();

        assertThat(other.append(ID, Stores.points("w", 5, 10))).isEqualTo(15);
        assertThatThrownBy(() -> other.append(ID, Stores.points("v", 3, 1)))
                .isInstanceOf(ConflictException.class)
                .hasMessageContainingAll("run-1", "0 points", "3");
        assertThat(history(other)).hasSize(15);
    }

    @Test
    void pointsThatADatabaseHasTwiceAreLeftOut() throws IOException {
        stores.close();
        stores = Stores.of(Release.V2_22);
        begin();
        long[] steps = {1, 2};
        long[] times = {NOON.toEpochMilli(), NOON.toEpochMilli()};
        double[] nan = {Double.NaN, Double.NaN};
        long unused = store.append(ID, MetricBatch.of("w", 0, "loss", steps, times, nan));

        assertThat(store.append(ID, MetricBatch.of("v", 0, "loss", new long[] {2, 3}, times, nan)))
                .isEqualTo(2);

        assertThat(history(store)).extracting(MetricPoint::step).containsExactly(1L, 2L, 3L);
        assertThat(stores.runs().append(ID, MetricBatch.of("v", 2, "loss", steps, times, nan)))
                .isEqualTo(4);
    }

    @Test
    void aRequestThatIsTooLargeForAProxyIsHalved() {
        stores.relay().fates(request -> request.body().length() > 30_000 ? Relay.Fate.TOO_LARGE : Relay.Fate.PASSED);

        assertThat(store.append(ID, Stores.points("w", 0, 1500))).isEqualTo(1500);

        assertThat(history(store)).hasSize(1500);
    }

    @Test
    void longKeysMakeSmallerRequests() {
        String[] keys = new String[1000];
        int[] keyOf = new int[1000];
        long[] times = new long[1000];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = "損失".repeat(120) + i;
            keyOf[i] = i;
            times[i] = i;
        }

        long stored = store.append(ID, MetricBatch.wrap("w", 0, 0, 1000, keys, keyOf, times, times, new double[1000]));

        assertThat(stored).isEqualTo(1000);
        assertThat(batches())
                .allSatisfy(said -> assertThat(said.body().getBytes(java.nio.charset.StandardCharsets.UTF_8).length)
                        .isLessThan(900_000));
        assertThat(store.get(ID).metrics()).hasSize(1000);
    }

    @Test
    void whatTheServerDoesNotTakeIsRefusedInItsWords() {
        MetricBatch odd = MetricBatch.wrap(
                "w", 0, 0, 1, new String[] {"a:b*"}, new int[1], new long[1], new long[1], new double[1]);

        assertThatThrownBy(() -> store.append(ID, odd))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("a:b*");
        assertThat(store.append(ID, Stores.points("w", 0, 1))).isEqualTo(1);
    }

    @Test
    void aDeletedRunTakesNoPointsAndSaysWhatToDo() {
        HttpRunStore other = stores.runs();
        other.change(ID, List.of(Stores.ended(new RunOutcome.Finished())));
        other.change(ID, List.of(new RunChange.Deleted(NOON)));

        assertThatThrownBy(() -> store.append(ID, Stores.points("w", 0, 1)))
                .isInstanceOf(ConflictException.class)
                .hasMessageContainingAll("run-1", "deleted", "restore");
    }
}

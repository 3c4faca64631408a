package io.mlops.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.common.UnsupportedByBackendException;
import io.mlops.api.spi.Capability;
import io.mlops.api.spi.MetricBatch;
import io.mlops.api.spi.MetricColumns;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.spi.RunStore;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.Visibility;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests what every {@link RunStore} must do for those who bring its runs to another store. */
abstract class RunCopyContract extends StoreSuite {
    private static final RunId ID = new RunId("run-1");
    private static final RunId COPY = new RunId("copy");
    private static final long T0 = NOON.toEpochMilli();

    /** A point with its key. */
    private record Keyed(String key, MetricPoint point) {
        static Keyed of(String key, long step, double value) {
            return new Keyed(key, new MetricPoint(step, Instant.ofEpochMilli(T0 + step), value));
        }
    }

    @BeforeEach
    void makeRun() {
        create(ID);
    }

    private RunStore store() {
        return backend().runs();
    }

    private void create(RunId run) {
        RunInfo made = store().create(new RunDraft(run, "churn", "run", NOON, null, Map.of()));
        assertThat(made.id()).isEqualTo(run);
    }

    /** Appends what two writers wrote in turn, in {@code rounds} batches each; returns all of it. */
    private List<Keyed> append(int firstRound, int rounds) {
        List<Keyed> all = new ArrayList<>();
        for (int round = firstRound; round < firstRound + rounds; round++) {
            for (String writer : List.of("w1", "w2")) {
                List<Keyed> batch = new ArrayList<>();
                for (int i = 0; i < 5; i++) {
                    int step = 5 * round + i;
                    batch.add(Keyed.of("loss", step, writer.equals("w1") ? 0.1 * step : -step - 1));
                    batch.add(Keyed.of("auc of " + writer + "/größe", step, step));
                }
                MetricColumns columns = new MetricColumns();
                batch.forEach(keyed -> columns.add(
                        keyed.key(),
                        keyed.point().step(),
                        keyed.point().time().toEpochMilli(),
                        keyed.point().value()));
                long unused = store().append(ID, columns.batch(writer, 10L * round));
                all.addAll(batch);
            }
        }
        return all;
    }

    private List<Keyed> read(String writer, long offset, int limit) {
        MetricBatch batch = store().read(ID, writer, offset, limit);
        assertThat(batch.writer()).isEqualTo(writer);
        assertThat(batch.offset()).isEqualTo(offset);
        List<Keyed> points = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            Instant time = Instant.ofEpochMilli(batch.epochMillis(i));
            points.add(new Keyed(batch.key(batch.keyOf(i)), new MetricPoint(batch.step(i), time, batch.value(i))));
        }
        return points;
    }

    /** Copies all points that the copy lacks, in batches of so many. */
    private void copy(int limit) {
        store().written(ID).forEach((writer, count) -> {
            long done = store().append(COPY, new MetricColumns().batch(writer, 0));
            while (done < count) {
                done = store().append(COPY, store().read(ID, writer, done, limit));
            }
        });
    }

    private void assertEqualPoints() {
        store().change(ID, List.of());
        store().change(COPY, List.of());
        assertThat(store().get(COPY).metrics()).isEqualTo(store().get(ID).metrics());
        for (String key : store().get(ID).metrics().keySet()) {
            assertThat(history(COPY, key)).isEqualTo(history(ID, key));
        }
    }

    private List<MetricPoint> history(RunId run, String key) {
        return all(page -> store().history(run, key, page), 1000);
    }

    @Test
    void whatWasWrittenComesBackWholeByWriterAndOffset() {
        List<Keyed> appended = append(0, 4);

        SortedMap<String, Long> written = store().written(ID);

        assertThat(written.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(80);
        List<Keyed> found = new ArrayList<>();
        written.forEach((writer, count) -> {
            List<Keyed> whole = read(writer, 0, Integer.MAX_VALUE);
            assertThat(whole).hasSize(Math.toIntExact(count));
            for (int limit : new int[] {1, 7, 10}) {
                List<Keyed> parts = new ArrayList<>();
                while (parts.size() < count) {
                    List<Keyed> part = read(writer, parts.size(), limit);
                    assertThat(part).hasSize((int) Math.min(limit, count - parts.size()));
                    parts.addAll(part);
                }
                assertThat(parts).isEqualTo(whole);
            }
            assertThat(read(writer, 3, 2)).isEqualTo(whole.subList(3, 5));
            found.addAll(whole);
        });
        assertThat(found).containsExactlyInAnyOrderElementsOf(appended);
    }

    @Test
    void nothingIsReadBeyondTheLastPointOrOfNobody() {
        append(0, 1);

        store().written(ID).forEach((writer, count) -> {
            assertThat(read(writer, count, 10)).isEmpty();
            assertThat(read(writer, count + 7, 10)).isEmpty();
            assertThat(read(writer, 0, 0)).isEmpty();
        });
        assertThat(read("nobody", 0, 10)).isEmpty();
        assertThatThrownBy(() -> store().read(ID, "w1", -1, 10)).isInstanceOf(IllegalArgumentException.class);
        create(COPY);
        assertThat(store().written(COPY)).isEmpty();
    }

    @Test
    void aCopyHasEqualHistoriesAndSums() {
        create(COPY);
        append(0, 4);

        copy(7);

        assertEqualPoints();
        assertThat(history(COPY, "loss")).hasSize(40);
    }

    @Test
    void aCopyGoesOnWhereItStopped() {
        create(COPY);
        append(0, 2);
        String first = store().written(ID).firstKey();
        long unused = store().append(COPY, store().read(ID, first, 0, 3));
        copy(10);
        append(2, 3);

        copy(4);
        assertEqualPoints();
        copy(4);
        assertEqualPoints();
    }

    @Test
    void aDeletedRunIsReadAsOthers() {
        List<Keyed> appended = append(0, 1);
        store().change(ID, List.of(new RunChange.Ended(new RunOutcome.Finished(), NOON)));
        store().change(ID, List.of(new RunChange.Deleted(NOON)));

        List<Keyed> found = new ArrayList<>();
        store().written(ID).keySet().forEach(writer -> found.addAll(read(writer, 0, 100)));

        assertThat(found).containsExactlyInAnyOrderElementsOf(appended);
    }

    @Test
    void unknownRunsAreNotFound() {
        RunId unknown = new RunId("unknown");

        assertThatThrownBy(() -> store().written(unknown))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("unknown");
        assertThatThrownBy(() -> store().read(unknown, "w", 0, 1))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("unknown");
    }

    private void fill() {
        store().change(ID, List.of(new RunFact.ParamSet("trees", "200"), new RunFact.Tagged("team", "growth")));
        append(0, 1);
        store().change(ID, List.of());
        List<ArtifactEntry> stored =
                backend().artifacts().put(ID, Map.of(RelativePath.of("model/m.bin"), Content.of(new byte[] {1, 2})));
        assertThat(stored).hasSize(1);
        // Whatever a search keeps in mind of the run must go as well.
        assertThat(found()).hasSize(1);
    }

    private List<?> found() {
        RunQuery all = RunQuery.of("churn").visibility(Visibility.ALL);
        return store().search(all, PageRequest.first(10)).items();
    }

    private void assertGone() {
        assertThat(store().find(ID)).isEmpty();
        assertThat(found()).isEmpty();
        assertThatThrownBy(() -> store().history(ID, "loss", PageRequest.first(1)))
                .isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> store().written(ID)).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> store().change(ID, List.of(new RunChange.Restored())))
                .isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> backend().artifacts().list(ID, null, PageRequest.first(10)))
                .isInstanceOf(NotFoundException.class);
    }

    @Test
    void aDiscardedRunLeavesNothing() {
        fill();
        if (!promises(Capability.PURGE)) {
            assertThatThrownBy(() -> store().discard(ID))
                    .isInstanceOf(UnsupportedByBackendException.class)
                    .hasMessageContaining("run-1");
            assertThat(store().get(ID).params()).hasSize(1);
            return;
        }

        store().discard(ID);

        assertGone();
        store().discard(ID);
        store().discard(new RunId("unknown"));
        create(ID);
        assertThat(store().get(ID).params()).isEmpty();
        assertThat(store().get(ID).metrics()).isEmpty();
        assertThat(store().written(ID)).isEmpty();
        assertThat(store().missing(ID, "w1")).isZero();
        assertThat(backend().artifacts().find(ID, RelativePath.of("model/m.bin")))
                .isEmpty();
        assertThat(append(0, 2)).hasSize(40);
        assertThat(history(ID, "loss")).hasSize(20);
    }

    @Test
    void aDeletedRunIsDiscardedAsWell() {
        if (!promises(Capability.PURGE)) {
            return;
        }
        fill();
        store().change(ID, List.of(new RunChange.Ended(new RunOutcome.Finished(), NOON)));
        store().change(ID, List.of(new RunChange.Deleted(NOON)));

        store().discard(ID);

        assertGone();
        assertThat(backend().experiments().purge(NOON.plusSeconds(9)).removed().runs())
                .isZero();
    }
}

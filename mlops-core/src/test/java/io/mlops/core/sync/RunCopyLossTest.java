package io.mlops.core.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.Delivery;
import io.mlops.api.common.Listing;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.Backend;
import io.mlops.api.spi.MetricBatch;
import io.mlops.api.spi.MetricColumns;
import io.mlops.api.spi.OpenArtifact;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunStatus;
import io.mlops.contract.StoreContents;
import io.mlops.core.memory.MemoryBackend;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests that what is damaged here, or refused there, costs itself when a run is brought. */
final class RunCopyLossTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00.123Z");
    private static final RunId ID = new RunId("20261121-120000-aaaaaaaaaaaa");

    private final MemoryBackend source = new MemoryBackend();
    private final MemoryBackend target = new MemoryBackend();

    @BeforeEach
    void begin() {
        begin(source);
    }

    private static void begin(Backend backend) {
        var unused = backend.runs().create(new RunDraft(ID, "churn", "forest", NOON, null, Map.of()));
    }

    private static void append(Backend backend, long offset, int count) {
        MetricColumns points = new MetricColumns();
        for (long i = offset; i < offset + count; i++) {
            points.add("loss of w", i, NOON.toEpochMilli() + i, 1.0 / (i + 1));
        }
        long unused = backend.runs().append(ID, points.batch("w", offset));
    }

    private static void put(Backend backend, Map<RelativePath, Content> files) {
        var unused = backend.artifacts().put(ID, new TreeMap<>(files));
    }

    private static List<MetricPoint> history(Backend backend, String key) {
        Listing<MetricPoint> history = page -> backend.runs().history(ID, key, page);
        return history.stream().toList();
    }

    private void assertEqual() {
        assertThat(StoreContents.of(target)).isEqualTo(StoreContents.of(source));
        assertThat(target.runs().get(ID).metrics())
                .isEqualTo(source.runs().get(ID).metrics());
    }

    @Test
    void aDamagedArtifactIsToldOnceAndTheOthersArrive() {
        put(source, Map.of(RelativePath.of("good"), Content.text("good"), RelativePath.of("bad"), Content.text("bad")));
        Backend damaged = new TwistedBackend(source, (method, arguments, real) -> {
            boolean isBad = method.equals("open") && arguments.get(1).equals(RelativePath.of("bad"));
            return isBad
                    ? new OpenArtifact(
                            source.artifacts().find(ID, RelativePath.of("bad")).orElseThrow(),
                            Content.text("bed").open())
                    : real.call();
        });
        RunCopy copying = new RunCopy(damaged, target, ID, true);

        Brought brought = copying.bring();

        assertThat(brought.artifacts()).isEqualTo(1);
        assertThat(brought.conflicts())
                .singleElement()
                .satisfies(conflict -> assertThat(conflict.toString()).contains("artifact 'bad'", "damaged"));
        assertThat(target.artifacts().find(ID, RelativePath.of("bad"))).isEmpty();
        assertThat(copying.bring().conflicts()).isEmpty();
    }

    @Test
    void aRefusedFactCostsItselfAndIsToldOnce() {
        source.runs()
                .change(
                        ID,
                        List.of(
                                new RunFact.ParamSet("trees", "200"),
                                new RunFact.ParamSet("bad", "1"),
                                new RunFact.ParamSet("z", "2"),
                                new RunChange.Ended(new RunOutcome.Finished(), NOON.plusSeconds(9))));
        RunCopy copying = new RunCopy(source, refusing("bad"), ID, true);

        Brought brought = copying.bring();

        assertThat(brought.lost()).isEqualTo(Map.of(Delivery.Reason.REFUSED, 1L));
        assertThat(brought.conflicts()).hasSize(1);
        assertThat(target.runs().get(ID).params()).isEqualTo(Map.of("trees", "200", "z", "2"));
        assertThat(target.runs().get(ID).status()).isEqualTo(RunStatus.FINISHED);
        Brought again = copying.bring();
        assertThat(again.lost()).isEmpty();
        assertThat(again.conflicts()).isEmpty();
    }

    @Test
    void aTagAndANameThatOthersSetAfterTheEndStayAndAreCounted() {
        source.runs()
                .change(
                        ID,
                        List.of(
                                new RunFact.Tagged("team", "growth"),
                                new RunChange.Ended(new RunOutcome.Finished(), NOON.plusSeconds(9))));
        new RunCopy(source, target, ID, true).bring();
        target.runs().change(ID, List.of(new RunFact.Tagged("team", "risk"), new RunFact.Renamed("theirs")));

        Brought brought = new RunCopy(source, target, ID, false).bring();

        assertThat(brought.lost()).isEqualTo(Map.of(Delivery.Reason.CONFLICT, 2L));
        assertThat(brought.conflicts()).hasSize(2);
        assertThat(target.runs().get(ID).tags()).isEqualTo(Map.of("team", "risk"));
        assertThat(target.runs().get(ID).name()).isEqualTo("theirs");
    }

    /** The target, which refuses what has this key. */
    private Backend refusing(String key) {
        return new TwistedBackend(target, (method, arguments, real) -> {
            boolean isBad = method.equals("change") && sets((List<?>) arguments.get(1), key);
            isBad |= method.equals("append") && holds((MetricBatch) arguments.get(1), key);
            if (isBad) {
                throw new RefusedException("the target takes no '" + key + "'", null);
            }
            return real.call();
        });
    }

    private static boolean sets(List<?> changes, String key) {
        return changes.stream()
                .anyMatch(change ->
                        change instanceof RunFact.ParamSet param && param.key().equals(key));
    }

    private static boolean holds(MetricBatch batch, String key) {
        for (int i = 0; i < batch.size(); i++) {
            if (batch.key(batch.keyOf(i)).equals(key)) {
                return true;
            }
        }
        return false;
    }

    @Test
    void aRefusedPointCostsItselfInEveryTry() {
        for (int round = 0; round < 3; round++) {
            MetricColumns points = new MetricColumns();
            for (int i = 10 * round; i < 10 * round + 10; i++) {
                points.add(i == 7 ? "bad" : "loss", i, NOON.toEpochMilli() + i, i);
            }
            long unused = source.runs().append(ID, points.batch("w", 10L * round));
            RunCopy copying = new RunCopy(source, refusing("bad"), ID, round == 0);

            Brought brought = copying.bring();

            assertThat(brought.points()).isEqualTo(round == 0 ? 9 : 10);
            assertThat(brought.lost()).isEqualTo(Map.of(Delivery.Reason.REFUSED, 1L));
            assertThat(copying.bring().points()).isZero();
            assertThat(history(target, "loss")).isEqualTo(history(source, "loss"));
        }
        assertThat(target.runs().get(ID).metrics()).containsOnlyKeys("loss");
        assertThat(target.runs().get(ID).metrics())
                .containsEntry("loss", source.runs().get(ID).metrics().get("loss"));
    }

    @Test
    void pointsThatAreDamagedHereStayThereAndNoneIsSkipped() {
        append(source, 0, 100);
        new RunCopy(source, target, ID, true).bring();
        MemoryBackend damaged = new MemoryBackend();
        begin(damaged);
        damagedPoints(damaged, 120);
        RunCopy copying = new RunCopy(damaged, target, ID, false);

        Brought brought = copying.bring();

        assertThat(brought.points()).isEqualTo(20);
        assertThat(brought.conflicts())
                .singleElement()
                .satisfies(conflict -> assertThat(conflict.toString()).contains("writer w", "damaged"));
        append(source, 100, 20);
        assertEqual();
        damagedPoints(damaged, 300);
        assertThat(new RunCopy(damaged, target, ID, false).bring().points()).isEqualTo(180);
        append(source, 120, 180);
        assertEqual();
    }

    /** All points up to a number but those from 10 to 49, which were damaged. */
    private static void damagedPoints(MemoryBackend damaged, int count) {
        MetricColumns points = new MetricColumns();
        for (int i = 0; i < count; i++) {
            if (i < 10 || i >= 50) {
                points.add("loss of w", i, NOON.toEpochMilli() + i, 1.0 / (i + 1));
            }
        }
        long unused = damaged.runs().append(ID, points.batch("w", 0));
    }
}

package io.mlops.core.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.Backend;
import io.mlops.api.spi.MetricBatch;
import io.mlops.api.spi.MetricColumns;
import io.mlops.api.spi.RunDraft;
import io.mlops.core.memory.MemoryBackend;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests that a target which refuses whoever sends costs no point, nor the way in which points are brought later. */
final class RunCopyRefusalTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00.123Z");
    private static final RunId ID = new RunId("20261121-120000-aaaaaaaaaaaa");

    private final MemoryBackend source = new MemoryBackend();
    private final MemoryBackend target = new MemoryBackend();

    private boolean mayWrite = true;
    /** Number of calls with something to write while that was not allowed. */
    private int refusedWrites;
    /** What the next appends of points fail with. */
    private final Deque<Supplier<RuntimeException>> failures = new ArrayDeque<>();

    private final RunCopy copy = new RunCopy(source, guarded(), ID, true);

    @BeforeEach
    void begin() {
        var unused = source.runs().create(new RunDraft(ID, "churn", "forest", NOON, null, Map.of()));
    }

    private void append(long offset, int count) {
        MetricColumns points = new MetricColumns();
        for (long i = offset; i < offset + count; i++) {
            points.add("loss", i, NOON.toEpochMilli() + i, 1.0 / (i + 1));
        }
        long unused = source.runs().append(ID, points.batch("w", offset));
    }

    /** The target, which lets anybody read: an append of nothing asks it only what it has. */
    private Backend guarded() {
        return new TwistedBackend(target, (method, arguments, real) -> {
            boolean appends = method.equals("append") && ((MetricBatch) arguments.get(1)).size() > 0;
            if (!mayWrite && (appends || method.equals("change"))) {
                refusedWrites++;
                throw new RefusedException("403: you may not write", null);
            }
            if (appends && !failures.isEmpty()) {
                throw failures.remove().get();
            }
            return real.call();
        });
    }

    private static RuntimeException refusal() {
        return new RefusedException("the target takes none of that", null);
    }

    private static RuntimeException outage() {
        return new BackendUnavailableException("the connection is broken", false, null);
    }

    @Test
    void pointsGoOnByTheirNumberOnceTheTargetTakesThemAgain() {
        append(0, 10);
        copy.bring();
        append(10, 10);
        mayWrite = false;
        assertThatThrownBy(copy::bring).isInstanceOf(RefusedException.class).hasMessageContaining("403");
        mayWrite = true;

        Brought brought = copy.bring();

        assertThat(brought.points()).isEqualTo(10);
        assertThat(brought.lost()).isEmpty();
        assertThat(target.runs().written(ID)).isEqualTo(Map.of("w", 20L));
    }

    @Test
    void aRefusalBeforeAnOutageDoesNotDecideHowPointsAreBroughtForGood() {
        append(0, 10);
        failures.addAll(List.of(RunCopyRefusalTest::refusal, RunCopyRefusalTest::outage));
        assertThatThrownBy(copy::bring).isInstanceOf(BackendUnavailableException.class);

        assertThat(copy.bring().points()).isEqualTo(10);

        assertThat(target.runs().written(ID)).isEqualTo(Map.of("w", 10L));
    }

    @Test
    void aPermissionThatIsGoneCostsNoPointOfAWriterThatIsCompared() {
        append(0, 1);
        failures.add(RunCopyRefusalTest::refusal);
        assertThat(copy.bring().points()).isEqualTo(1);
        assertThat(target.runs().written(ID)).doesNotContainKey("w");
        append(1, 100);
        mayWrite = false;
        assertThatThrownBy(copy::bring).isInstanceOf(RefusedException.class).hasMessageContaining("403");
        assertThat(refusedWrites).isEqualTo(2);
        mayWrite = true;

        Brought brought = copy.bring();

        assertThat(brought.points()).isEqualTo(100);
        assertThat(brought.lost()).isEmpty();
        assertThat(source.runs().get(ID).metrics())
                .isEqualTo(target.runs().get(ID).metrics());
    }
}

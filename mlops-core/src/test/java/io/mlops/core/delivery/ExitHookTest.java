package io.mlops.core.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunSpec;
import io.mlops.core.Mlops;
import java.lang.ref.WeakReference;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is closed leaves nothing that the JVM would hold until its end. */
final class ExitHookTest {
    private static WeakReference<Mlops> useAndClose() {
        Mlops mlops = Mlops.inMemory();
        Run run = mlops.tracker().start(RunSpec.of("churn"));
        run.complete();
        mlops.close();
        return new WeakReference<>(mlops);
    }

    @Test
    void aClosedMlopsCanBeCollected() {
        WeakReference<Mlops> closed = useAndClose();

        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!closed.refersTo(null) && System.nanoTime() < deadline) {
            System.gc();
        }
        assertThat(closed.refersTo(null)).isTrue();
    }
}

package io.mlops.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.common.RunId;
import io.mlops.api.spi.Capability;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.spi.RunStore;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests what others see of a run that is being changed. */
abstract class RunChangeContract extends StoreSuite {
    private static final RunId ID = new RunId("run-1");

    @BeforeEach
    void makeRun() {
        store().create(new RunDraft(ID, "churn", "run", NOON, null, Map.of()));
    }

    private RunStore store() {
        return backend().runs();
    }

    private RunInfo get() {
        return store().find(ID).orElseThrow();
    }

    /** Says the same in three places at once. */
    private void say(int number) {
        store().change(
                        ID,
                        List.of(
                                new RunFact.Tagged("left", "" + number),
                                new RunFact.ParamSet("param-" + number, "set"),
                                new RunFact.Tagged("right", "" + number)));
    }

    @Test
    void readersSeeAllOfAChangeOrNothingOfIt() {
        say(0);
        AtomicBoolean done = new AtomicBoolean();

        race(3, racer -> {
            if (racer == 0) {
                for (int i = 1; i <= 30; i++) {
                    say(i);
                }
                done.set(true);
            } else {
                do {
                    checkSeen(get());
                } while (!done.get());
            }
            return racer;
        });

        assertThat(get().tags()).isEqualTo(Map.of("left", "30", "right", "30"));
        assertThat(get().params()).hasSize(31);
    }

    private void checkSeen(RunInfo run) {
        int left = Integer.parseInt(run.tags().getOrDefault("left", "-1"));
        int right = Integer.parseInt(run.tags().getOrDefault("right", "-1"));
        if (promises(Capability.ATOMIC_CHANGES)) {
            assertThat(left).isEqualTo(right);
            assertThat(run.params()).hasSize(left + 1);
        } else {
            assertThat(List.of(left, right)).as("what nobody said").allMatch(said -> said >= -1 && said <= 30);
        }
    }
}

package io.mlops.core.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.common.RunId;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunSpec;
import io.mlops.core.Mlops;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Whether a store may make a run without looking for its id. */
final class FreshIdTest {
    private static final Duration LONG = Duration.ofSeconds(10);

    private final PickyBackend backend = new PickyBackend();

    @Test
    void anIdThatWasDrawnForARunIsFresh() {
        try (Mlops mlops = Mlops.using(backend)) {
            RunId id = mlops.tracker().run("churn", run -> {
                run.child("fold 1").complete();
            });

            assertThat(backend.drafts()).hasSize(2).allMatch(RunDraft::fresh);
            assertThat(backend.drafts().get(0).id()).isEqualTo(id);
        }
    }

    @Test
    void anIdThatSomebodyChoseIsNot() {
        try (Mlops mlops = Mlops.using(backend)) {
            mlops.tracker().run(RunSpec.of("churn").id("job-1"), run -> run.metric("loss", 1));

            assertThat(backend.drafts()).singleElement().matches(draft -> !draft.fresh());
        }
    }

    @Test
    void anIdIsFreshOnceThoughTheFirstTryMayNotHaveArrived() {
        try (Mlops mlops = Mlops.using(backend)) {
            backend.memory().faults().down();
            Run run = mlops.tracker().start(RunSpec.of("churn"));
            run.complete();
            backend.memory().faults().up();

            assertThat(mlops.flush(LONG)).isTrue();
            assertThat(backend.drafts()).hasSizeGreaterThan(1);
            assertThat(backend.drafts().get(0).fresh()).isTrue();
            assertThat(backend.drafts().subList(1, backend.drafts().size())).noneMatch(RunDraft::fresh);
        }
    }

    @Test
    void noMoreIsSentAtOnceThanAServerTakes() {
        int points = 10_000;
        try (Mlops mlops = Mlops.using(backend)) {
            RunId id = mlops.tracker().run("churn", run -> {
                for (int i = 0; i < points; i++) {
                    run.metric("loss", i, i);
                }
            });

            // A thousand items, of which the writer's tag is one.
            assertThat(backend.batches()).allMatch(size -> size <= 999).contains(999);
            assertThat(mlops.tracker().history(id, "loss").stream().count()).isEqualTo(points);
        }
    }
}

package io.mlops.core.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.common.Delivery;
import io.mlops.api.common.FailurePolicy;
import io.mlops.api.common.RunId;
import io.mlops.api.tracker.RunEnvironment;
import io.mlops.api.tracker.RunFact;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A program that says itself what its run runs in. */
final class RanInTest {
    private final TroubledBackend backend = new TroubledBackend();
    private final Mlops mlops = Mlops.using(backend, MlopsConfig.standard().records(Set.of()));

    private static RunEnvironment place(int number) {
        return new RunEnvironment(Map.of("os.name", "Plan " + number), List.of(), Map.of());
    }

    @Test
    void theLastOneCountsHoweverManyThereAre() {
        int many = 10_100;
        RunId id = mlops.tracker().run("churn", run -> {
            for (int i = 0; i < many; i++) {
                run.record(new RunFact.RanIn(place(i)));
            }
        });

        assertThat(mlops.tracker().environment(id)).contains(place(many - 1));
        assertThat(mlops.delivery()).isEqualTo(new Delivery(many, many, many, 0, Map.of()));
        mlops.close();
    }

    @Test
    void oneThatTheStoreRefusesIsCountedAsLost() {
        backend.refuse(RunFact.RanIn.class);
        RunId id = mlops.tracker().run("churn", run -> {
            run.tag("team", "growth");
            run.record(new RunFact.RanIn(place(9)));
        });

        assertThat(mlops.tracker().get(id).tags()).isEqualTo(Map.of("team", "growth"));
        assertThat(mlops.delivery()).isEqualTo(new Delivery(2, 1, 1, 0, Map.of("conflict", 1L)));
        mlops.close();
    }

    @Test
    void whatWasFoundOutWithoutTheProgramIsNoLossOfIts() {
        backend.refuse(RunFact.RanIn.class);
        MlopsConfig config = TeeDisagreementTest.config(FailurePolicy.DROP);
        EnvironmentSources sources = new EnvironmentSources(loader -> place(9), Map::of);
        StoredTracker tracker = new StoredTracker(backend, config, sources, () -> {});
        RunId id = tracker.run("churn", run -> run.tag("team", "growth"));

        assertThat(tracker.get(id).tags()).isEqualTo(Map.of("team", "growth"));
        assertThat(tracker.delivery()).isEqualTo(new Delivery(1, 1, 1, 0, Map.of()));
        tracker.close(config.closeWithin(), CloseReason.CLOSED);
    }
}

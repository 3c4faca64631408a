package io.mlops.backends.http.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.common.FailurePolicy;
import io.mlops.api.spi.ArtifactStore;
import io.mlops.api.spi.Backend;
import io.mlops.api.spi.BackendInfo;
import io.mlops.api.spi.ExperimentStore;
import io.mlops.api.spi.ModelStore;
import io.mlops.api.spi.RunStore;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunSpec;
import io.mlops.backends.http.HttpBackend;
import io.mlops.backends.http.config.HttpSettings;
import io.mlops.backends.http.standin.Release;
import io.mlops.backends.http.standin.StandIn;
import io.mlops.core.Mlops;
import io.mlops.core.config.MlopsConfig;
import io.mlops.core.memory.MemoryBackend;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tests how few requests a program makes that records runs. */
final class RequestEconomyTest {
    /** Nothing becomes due by itself while a test runs. */
    private static final MlopsConfig RARELY = MlopsConfig.standard()
            .failures(FailurePolicy.DROP)
            .flushEvery(Duration.ofHours(1))
            .syncEvery(Duration.ofHours(1));

    private static void small(Mlops mlops) {
        try (Run run = mlops.tracker().start(RunSpec.of("churn"))) {
            run.param("trees", 200);
            run.tag("team", "growth");
            run.metric("auc", 0.9);
            run.metric("loss", 0.1);
            run.complete();
        }
    }

    @Test
    void aSmallRunIsFourRequests() throws IOException {
        try (StandIn server = StandIn.start(Release.V3_17);
                Relay relay = Relay.to(server);
                Mlops mlops = Mlops.using(new RunsOnly(relay.address()), RARELY.records(Set.of()))) {
            small(mlops);
            relay.forget();

            small(mlops);

            assertThat(endpoints(relay))
                    .containsExactly("runs/create", "runs/log-batch", "runs/log-batch", "runs/update");
        }
    }

    @Test
    void whatItRanInIsOneMore() throws IOException {
        try (StandIn server = StandIn.start(Release.V3_17);
                Relay relay = Relay.to(server);
                Mlops mlops = Mlops.using(new RunsOnly(relay.address()), RARELY)) {
            small(mlops);
            relay.forget();

            small(mlops);

            assertThat(endpoints(relay)).hasSize(5);
            assertThat(relay.said().get(2).method()).isEqualTo("PUT");
        }
    }

    @Test
    void tenThousandPointsAreAtMostTwelveBatches() throws IOException {
        try (StandIn server = StandIn.start(Release.V3_17);
                Relay relay = Relay.to(server);
                Mlops mlops = Mlops.using(new RunsOnly(relay.address()), RARELY.records(Set.of()))) {
            try (Run run = mlops.tracker().start(RunSpec.of("churn"))) {
                for (int i = 0; i < 10_000; i++) {
                    run.metric("loss", 1.0 / (i + 1), i);
                }
                run.complete();
                assertThat(mlops.tracker().history(run.id(), "loss").stream()).hasSize(10_000);
            }

            assertThat(relay.said("runs/log-batch")).hasSizeLessThanOrEqualTo(12);
        }
    }

    /** A backend whose artifacts and models, which no test here uses, lie in memory. */
    private static final class RunsOnly implements Backend {
        private final HttpBackend server;
        private final MemoryBackend memory = new MemoryBackend();

        RunsOnly(String address) {
            server = HttpBackend.at(address, HttpSettings.standard());
        }

        @Override
        public BackendInfo info() {
            return server.info();
        }

        @Override
        public ExperimentStore experiments() {
            return server.experiments();
        }

        @Override
        public RunStore runs() {
            return server.runs();
        }

        @Override
        public ArtifactStore artifacts() {
            return memory.artifacts();
        }

        @Override
        public ModelStore models() {
            return memory.models();
        }

        @Override
        public void close() {
            server.close();
        }
    }

    private static List<String> endpoints(Relay relay) {
        return relay.said().stream().map(Relay.Said::endpoint).toList();
    }
}

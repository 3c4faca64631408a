package io.mlops.backends.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.Progress;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.common.SyncReport;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.spi.Backend;
import io.mlops.api.spi.MetricColumns;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.backends.http.config.HttpSettings;
import io.mlops.backends.http.standin.NeedsServer;
import io.mlops.backends.http.standin.RawClient;
import io.mlops.backends.http.standin.Release;
import io.mlops.backends.http.standin.StandIn;
import io.mlops.backends.http.standin.Straight;
import io.mlops.backends.http.standin.TestServer;
import io.mlops.contract.SampleStore;
import io.mlops.contract.StoreContents;
import io.mlops.core.Mlops;
import io.mlops.core.memory.MemoryBackend;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests that stores are copied to servers and back, and what that costs these. */
final class ServerSyncTest {
    private final MemoryBackend source = new MemoryBackend();

    private static SyncReport copy(Backend from, Backend to) {
        try (Mlops mlops = Mlops.using(from, Straight.CONFIG)) {
            return mlops.sync(to, Progress.none());
        }
    }

    private static Backend at(TestServer server) {
        return HttpBackend.at(server.address(), HttpSettings.standard());
    }

    @ParameterizedTest
    @EnumSource(Release.class)
    void thereAndBackAgainNothingIsLost(Release release) throws IOException {
        try (StandIn server = StandIn.start(release)) {
            thereAndBack(server);
        }
    }

    @Test
    @NeedsServer(Release.V3_17)
    void toServer3AndBackNothingIsLost(TestServer server) throws IOException {
        thereAndBack(server);
    }

    @Test
    @EnabledIfSystemProperty(named = "mlops.faults", matches = "[0-9]{2,}")
    @NeedsServer(Release.V2_22)
    void toServer2AndBackNothingIsLost(TestServer server) throws IOException {
        thereAndBack(server);
    }

    @Test
    @EnabledIfSystemProperty(named = "mlops.faults", matches = "[0-9]{2,}")
    @NeedsServer(value = Release.V3_17, losesEvery = 7)
    void whileAnswersAreLostNothingElseIs(TestServer server) throws IOException {
        thereAndBack(server);
    }

    /** The contents but for the experiment that real servers make for themselves. */
    private static SortedMap<String, String> contents(Backend backend) {
        SortedMap<String, String> contents = StoreContents.of(backend);
        contents.remove("experiment Default");
        return contents;
    }

    private void thereAndBack(TestServer server) throws IOException {
        SampleStore.fill(source);
        SortedMap<String, String> whole = StoreContents.of(source);
        MemoryBackend back = new MemoryBackend();
        server.empty();
        try (Backend backend = at(server)) {
            SyncReport report = copy(source, backend);

            assertThat(report.conflicts()).isEmpty();
            assertThat(report.points()).isEqualTo(1233);
        }
        try (Backend backend = at(server)) {
            assertThat(contents(backend)).isEqualTo(whole);
            assertThat(copy(source, backend).isUnchanged()).isTrue();
            assertThat(contents(backend)).isEqualTo(whole);

            SyncReport report = copy(backend, back);

            assertThat(report.conflicts()).isEmpty();
            assertThat(contents(back)).isEqualTo(whole);
            assertThat(copy(backend, back).isUnchanged()).isTrue();
        }
    }

    @Test
    void betweenServersRunsStayNestedForOtherTools() throws IOException {
        SampleStore.fill(source);
        try (StandIn first = StandIn.start(Release.V2_22);
                StandIn second = StandIn.start(Release.V3_17);
                Backend from = at(first);
                Backend to = at(second)) {
            copy(source, from);

            SyncReport report = copy(from, to);

            assertThat(report.conflicts()).isEmpty();
            String parent = to.runs().get(SampleStore.PARENT).storeId();
            String child = to.runs().get(SampleStore.WHOLE).storeId();
            assertThat(parent).isNotEqualTo(from.runs().get(SampleStore.PARENT).storeId());
            assertThat(RawClient.of(second).get("runs/get?run_id=" + child))
                    .containsPattern("\"mlflow.parentRunId\",\\s*\"value\" ?: \"" + parent + "\"");
        }
    }

    @Test
    void whatOtherToolsMadeIsCopiedOnce() throws IOException {
        try (StandIn server = StandIn.start(Release.V3_17);
                Backend from = at(server)) {
            RawClient others = RawClient.of(server);
            RunId id = new RunId("nightly");
            String run = from.runs()
                    .create(new RunDraft(id, "churn", "run", SampleStore.NOON, null, Map.of()))
                    .storeId();
            var stored =
                    from.artifacts().put(id, Map.of(RelativePath.of("model/MLmodel"), Content.text("flavors: {}\n")));
            assertThat(stored).hasSize(1);
            others.post("registered-models/create", "{\"name\": \"churn\"}");
            for (int number = 1; number <= 2; number++) {
                others.post(
                        "model-versions/create",
                        "{\"name\": \"churn\", \"source\": \"runs:/" + run + "/model\", \"run_id\": \"" + run + "\"}");
            }
            others.post("registered-models/alias", "{\"name\": \"churn\", \"alias\": \"best\", \"version\": \"2\"}");

            SyncReport report = copy(from, source);

            assertThat(report.conflicts()).isEmpty();
            assertThat(report.versions()).isEqualTo(new SyncReport.Count(2, 0));
            ModelVersion first =
                    source.models().find(new ModelVersionId("churn", 1)).orElseThrow();
            assertThat(first.run()).isEqualTo(id);
            assertThat(first.digest()).isNotNull();
            assertThat(source.models().find("churn").orElseThrow().aliases()).isEqualTo(Map.of("best", 2));
            assertThat(copy(from, source).versions()).isEqualTo(new SyncReport.Count(0, 2));
        }
    }

    private void fill(int runs, String prefix) {
        for (int i = 0; i < runs; i++) {
            RunId id = new RunId(prefix + String.format("%012x", i));
            var unused = source.runs()
                    .create(new RunDraft(
                            id, "churn", "run " + i, SampleStore.NOON.plusSeconds(i), null, Map.of("team", "growth")));
            MetricColumns points = new MetricColumns();
            for (int step = 0; step < 10; step++) {
                points.add(step % 2 == 0 ? "loss" : "auc", step, SampleStore.NOON.toEpochMilli() + step, step);
            }
            long stored = source.runs().append(id, points.batch("w", 0));
            assertThat(stored).isEqualTo(10);
            source.runs()
                    .change(
                            id,
                            List.of(
                                    new RunFact.ParamSet("trees", "" + i),
                                    new RunChange.Ended(
                                            new RunOutcome.Finished(), SampleStore.NOON.plusSeconds(i + 9))));
        }
    }

    @Test
    void aSmallRunIsFourRequestsAndNothingNewIsNearlyNone() throws IOException {
        fill(100, "20261121-120000-");
        try (StandIn server = StandIn.start(Release.V3_17);
                Backend backend = at(server)) {
            copy(source, backend);

            int first = server.requests().size();
            assertThat(first).isLessThanOrEqualTo(4 * 100 + 12);

            SyncReport again = copy(source, backend);

            assertThat(again.runs()).isEqualTo(new SyncReport.Count(0, 100));
            assertThat(server.requests().size() - first).isLessThanOrEqualTo(first / 20);
        }
    }

    @Test
    void aRunWhoseIdSomebodyChoseIsLookedForFirst() throws IOException {
        fill(20, "nightly-");
        try (StandIn server = StandIn.start(Release.V3_17);
                Backend backend = at(server)) {
            copy(source, backend);

            assertThat(server.requests()).hasSizeLessThanOrEqualTo(6 * 20 + 12);
        }
    }
}

package io.mlops.backends.http.run;

import static io.mlops.backends.http.run.Stores.ID;
import static io.mlops.backends.http.run.Stores.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.valfirst.slf4jtest.TestLogger;
import com.github.valfirst.slf4jtest.TestLoggerFactory;
import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.tracker.ExperimentChange;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.Visibility;
import io.mlops.backends.http.server.RunIds;
import io.mlops.backends.http.standin.Release;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests what makes a run once. */
final class RunMakerTest {
    private Stores stores;
    private HttpRunStore store;
    private TestLogger log;

    @BeforeEach
    void start() throws IOException {
        stores = Stores.of(Release.V3_17);
        store = stores.runs();
        log = TestLoggerFactory.getTestLogger(RunIds.class);
        log.clear();
    }

    @AfterEach
    void stop() throws IOException {
        log.clear();
        stores.close();
    }

    @Test
    void anIdThatIsFreshIsNotLookedFor() {
        var first = store.create(Stores.fresh(ID));
        stores.relay().forget();

        var second = store.create(Stores.fresh(new RunId("run-2")));

        assertThat(stores.relay().said()).hasSize(1);
        assertThat(second.storeId()).isNotEqualTo(first.storeId());
    }

    @Test
    void anIdThatSomebodyChoseIsFoundIfItIsThere() {
        RunInfo made = store.create(Stores.draft(ID));

        assertThat(stores.runs().create(Stores.draft(ID))).isEqualTo(made);
        assertThat(stores.relay().said("runs/create")).hasSize(1);
    }

    @Test
    void aRunWhoseAnswerWasLostIsFoundAndNotMadeTwice() {
        stores.relay().fates(request -> request.is("runs/create") ? Relay.Fate.ANSWER_LOST : Relay.Fate.PASSED);

        RunInfo made = store.create(Stores.fresh(ID));

        assertThat(stores.relay().said("runs/create")).hasSize(1);
        assertThat(stores.runs().find(ID)).contains(made);
    }

    @Test
    void aRunThatMayHaveBeenMadeIsUnavailableUntilTheNextTry() {
        stores.relay().fates(request -> request.is("runs/create") ? Relay.Fate.LOST : Relay.Fate.PASSED);
        assertThatThrownBy(() -> store.create(Stores.fresh(ID)))
                .isInstanceOfSatisfying(
                        BackendUnavailableException.class,
                        e -> assertThat(e.maybeDone()).isTrue());
        stores.relay().fates(request -> Relay.Fate.PASSED);

        RunInfo made = store.create(Stores.fresh(ID).triedBefore());

        assertThat(stores.runs().find(ID)).contains(made);
    }

    @Test
    void ofTwoRunsOfOneIdTheOlderCountsAndTheOtherIsToldOf() {
        var younger = store.create(new RunDraft(ID, "churn", "late", NOON.plusSeconds(1), null, Map.of(), true));
        var older = stores.runs().create(Stores.fresh(ID));
        long sent = store.append(ID, Stores.points("w", 0, 3));

        HttpRunStore other = stores.runs();
        assertThat(other.get(ID).storeId()).isEqualTo(older.storeId());

        assertThat(log.getLoggingEvents())
                .singleElement()
                .satisfies(event ->
                        assertThat(event.getFormattedMessage()).contains("run-1", younger.storeId(), older.storeId()));
        assertThat(other.get(new RunId(younger.storeId())).deleted()).isTrue();
        RunQuery all = RunQuery.of().visibility(Visibility.ALL);
        assertThat(other.search(all, PageRequest.first(10)).items())
                .extracting(RunInfo::storeId)
                .containsExactly(older.storeId());
        assertThat(sent).isEqualTo(3);
        assertThatThrownBy(() -> store.append(ID, Stores.points("w", 3, 1)))
                .as("whoever recorded the other one begins again")
                .isInstanceOf(ConflictException.class);
        assertThat(store.append(ID, Stores.points("w", 0, 4))).isEqualTo(4);
        assertThat(store.get(ID).storeId()).isEqualTo(older.storeId());
    }

    @Test
    void aParentIsNamedByWhatTheServerCallsIt() {
        RunInfo parent = store.create(Stores.fresh(new RunId("sweep")));

        store.create(new RunDraft(ID, "churn", "child", NOON, new RunId("sweep"), Map.of(RunFact.PARENT_TAG, "sweep")));
        store.create(new RunDraft(new RunId("lost"), "churn", "child", NOON, new RunId("nowhere"), Map.of()));

        assertThat(stores.relay().said("runs/create").get(1).body())
                .contains("{\"key\":\"mlflow.parentRunId\",\"value\":\"" + parent.storeId() + "\"}");
        assertThat(stores.runs().get(ID).parent()).isEqualTo(new RunId("sweep"));
        assertThat(stores.runs().get(ID).tags()).isEqualTo(Map.of(RunFact.PARENT_TAG, "sweep"));
        assertThat(stores.runs().get(new RunId("lost")).parent()).isEqualTo(new RunId("nowhere"));
        assertThat(stores.runs().get(new RunId("lost")).tags()).isEmpty();
    }

    @Test
    void moreTagsThanARequestHoldsAreAllThere() {
        Map<String, String> tags = new TreeMap<>();
        for (int i = 0; i < 300; i++) {
            tags.put("a-" + i, "x".repeat(8000));
        }

        RunInfo made = store.create(new RunDraft(ID, "churn", "full", NOON, null, tags));

        assertThat(made.tags()).isEqualTo(tags);
        assertThat(stores.runs().find(ID)).contains(made);
        assertThat(stores.relay().said())
                .allSatisfy(said -> assertThat(said.body()).hasSizeLessThan(900_000));
    }

    @Test
    void anExperimentThatWasDeletedElsewhereTakesNoRun() {
        var unused = store.create(Stores.fresh(new RunId("first")));
        store.change(new RunId("first"), List.of(Stores.ended(new RunOutcome.Finished())));
        stores.experiments().change("churn", new ExperimentChange.Deleted(), NOON);

        assertThatThrownBy(() -> store.create(Stores.fresh(ID)))
                .isInstanceOf(ConflictException.class)
                .hasMessageContainingAll("churn", "deleted", "restore");
    }
}

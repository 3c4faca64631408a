package io.mlops.backends.http.run;

import static io.mlops.backends.http.run.Stores.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.ConflictException;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RunId;
import io.mlops.api.common.UnsupportedByBackendException;
import io.mlops.api.tracker.Experiment;
import io.mlops.api.tracker.ExperimentChange;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.Visibility;
import io.mlops.backends.http.standin.Release;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tests experiments where servers differ, and where answers are lost. */
final class HttpExperimentStoreTest {
    @Test
    void everyCallMayLoseItsAnswerOnce() throws IOException {
        try (Stores stores = Stores.of(Release.V3_17)) {
            HttpExperimentStore store = stores.experiments();
            Set<Relay.Said> lost = new HashSet<>();
            stores.relay().fates(said -> lost.add(said) ? Relay.Fate.ANSWER_LOST : Relay.Fate.PASSED);

            Experiment made = store.ensure("churn", NOON);
            store.change("churn", new ExperimentChange.Tagged("team", "growth"), NOON);
            store.change("churn", new ExperimentChange.Tagged("gone", "x"), NOON);
            store.change("churn", new ExperimentChange.Untagged("gone"), NOON);
            store.change("churn", new ExperimentChange.Renamed("attrition"), NOON);
            store.change("attrition", new ExperimentChange.Deleted(), NOON);
            assertThat(store.find("attrition").orElseThrow().deleted()).isTrue();
            store.change("attrition", new ExperimentChange.Restored(), NOON);

            Experiment found = store.find("attrition").orElseThrow();
            assertThat(found.storeId()).isEqualTo(made.storeId());
            assertThat(found.tags()).isEqualTo(Map.of("team", "growth"));
            assertThat(found.deleted()).isFalse();
        }
    }

    @Test
    void aTagThatAnOldServerCannotRemoveIsNotShown() throws IOException {
        try (Stores stores = Stores.of(Release.V2_22)) {
            HttpExperimentStore store = stores.experiments();
            var unused = store.ensure("churn", NOON);
            store.change("churn", new ExperimentChange.Tagged("team", ""), NOON);
            store.change("churn", new ExperimentChange.Tagged("gone", "x"), NOON);

            store.change("churn", new ExperimentChange.Untagged("gone"), NOON);

            assertThat(store.find("churn").orElseThrow().tags()).isEqualTo(Map.of("team", ""));
            store.change("churn", new ExperimentChange.Tagged("gone", "back"), NOON);
            assertThat(store.find("churn").orElseThrow().tags()).isEqualTo(Map.of("team", "", "gone", "back"));
        }
    }

    @Test
    void runsThatWereDeletedByThemselvesStaySoWhenTheirExperimentComesBack() throws IOException {
        try (Stores stores = Stores.of(Release.V3_17)) {
            HttpRunStore runs = stores.runs();
            for (String id : List.of("kept", "deleted")) {
                var unused = runs.create(Stores.fresh(new RunId(id)));
                runs.change(new RunId(id), List.of(Stores.ended(new RunOutcome.Finished())));
            }
            runs.change(new RunId("deleted"), List.of(new RunChange.Deleted(NOON)));
            HttpExperimentStore store = stores.experiments();

            store.change("churn", new ExperimentChange.Deleted(), NOON);
            store.change("churn", new ExperimentChange.Restored(), NOON);

            assertThat(runs.get(new RunId("kept")).deleted()).isFalse();
            assertThat(runs.get(new RunId("deleted")).deleted()).isTrue();
        }
    }

    @Test
    void aNameThatSomebodyTookJustNowIsAConflict() throws IOException {
        try (Stores stores = Stores.of(Release.V3_17)) {
            HttpExperimentStore store = stores.experiments();
            var unused = store.ensure("churn", NOON);
            stores.relay().fates(said -> {
                if (said.is("experiments/update")) {
                    stores.relay().fates(all -> Relay.Fate.PASSED);
                    var taken = stores.experiments().ensure("attrition", NOON);
                    assertThat(taken.name()).isEqualTo("attrition");
                }
                return Relay.Fate.PASSED;
            });

            assertThatThrownBy(() -> store.change("churn", new ExperimentChange.Renamed("attrition"), NOON))
                    .isInstanceOf(ConflictException.class)
                    .hasMessageContainingAll("churn", "attrition");
        }
    }

    @Test
    void nothingIsRemovedForGoodAndTheMessageSaysWhoCan() throws IOException {
        try (Stores stores = Stores.of(Release.V3_17)) {
            HttpExperimentStore store = stores.experiments();

            assertThatThrownBy(() -> store.purge(NOON))
                    .isInstanceOf(UnsupportedByBackendException.class)
                    .hasMessageContaining("mlflow gc");
            assertThat(store.search("", Visibility.ALL, PageRequest.first(10)).items())
                    .isEmpty();
        }
    }
}

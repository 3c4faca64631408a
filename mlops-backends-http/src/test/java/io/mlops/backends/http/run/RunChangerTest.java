package io.mlops.backends.http.run;

import static io.mlops.backends.http.run.Stores.ID;
import static io.mlops.backends.http.run.Stores.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.ConflictException;
import io.mlops.api.common.DataReference;
import io.mlops.api.common.Digest;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunEnvironment;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunInput;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.backends.http.standin.Release;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests what is sent for changes, and what is found before anything is sent. */
final class RunChangerTest {
    private Stores stores;
    private HttpRunStore store;

    @BeforeEach
    void start() throws IOException {
        stores = Stores.of(Release.V3_17);
        begin();
    }

    private void begin() {
        store = stores.runs();
        var unused = store.create(Stores.fresh(ID));
        stores.relay().forget();
    }

    @AfterEach
    void stop() throws IOException {
        stores.close();
    }

    private List<String> asked() {
        return stores.relay().said().stream().map(Relay.Said::endpoint).toList();
    }

    private void change(RunChange... changes) {
        store.change(ID, List.of(changes));
    }

    @Test
    void factsAndTheEndOfARunAreTwoRequests() {
        change(
                new RunFact.ParamSet("trees", "200"),
                new RunFact.Tagged("team", "growth"),
                new RunFact.Renamed("deep forest"),
                Stores.ended(new RunOutcome.Failed("java.io.IOException", "no such file")));

        assertThat(asked()).containsExactly("runs/log-batch", "runs/update");
    }

    @Test
    void aConflictIsFoundBeforeAnythingIsSent() {
        change(new RunFact.ParamSet("trees", "200"));
        stores.relay().forget();

        assertThatThrownBy(() -> change(new RunFact.Tagged("team", "growth"), new RunFact.ParamSet("trees", "300")))
                .isInstanceOf(ConflictException.class);

        assertThat(asked()).containsOnly("runs/get");
    }

    @Test
    void whatOthersSetMeanwhileIsAConflictAndChangesNothing() {
        stores.runs().change(ID, List.of(new RunFact.ParamSet("trees", "200")));

        assertThatThrownBy(() -> change(new RunFact.Tagged("team", "growth"), new RunFact.ParamSet("trees", "300")))
                .isInstanceOf(ConflictException.class)
                .hasMessageContainingAll("trees", "200", "300", "run-1");

        assertThat(store.get(ID).tags()).isEmpty();
        change(new RunFact.ParamSet("trees", "200"), new RunFact.Tagged("team", "growth"));
        assertThat(store.get(ID).tags()).isEqualTo(Map.of("team", "growth"));
    }

    @Test
    void anEndThatSomebodyElseToldIsNotOverwritten() {
        stores.runs().change(ID, List.of(Stores.ended(new RunOutcome.Killed("by the cluster"))));
        stores.pass(Duration.ofSeconds(6));

        assertThatThrownBy(() -> change(Stores.ended(new RunOutcome.Finished())))
                .isInstanceOf(ConflictException.class)
                .hasMessageContainingAll("run-1", "KILLED", "FINISHED");

        assertThat(store.get(ID).outcome()).isEqualTo(new RunOutcome.Killed("by the cluster"));
    }

    @Test
    void whatOnlyAddsIsSentWithoutALookHoweverLongItTook() {
        stores.pass(Duration.ofHours(6));

        change(new RunFact.ParamSet("trees", "200"), new RunFact.Tagged("team", "growth"));

        assertThat(asked()).containsExactly("runs/log-batch");
    }

    @Test
    void nothingToSayIsNoRequest() {
        change();
        change(new RunFact.Untagged("never there"));

        assertThat(asked()).isEmpty();
    }

    @Test
    void whoIsRefusedAltogetherIsRefusedANothingToo() {
        stores.relay().fates(said -> Relay.Fate.FORBIDDEN);
        assertThatThrownBy(() -> change(new RunFact.Tagged("team", "growth"))).isInstanceOf(RefusedException.class);
        assertThatThrownBy(() -> change()).isInstanceOf(RefusedException.class);
        assertThatThrownBy(() -> store.append(ID, Stores.points("w", 0, 1))).isInstanceOf(RefusedException.class);

        stores.relay().fates(said -> Relay.Fate.PASSED);
        change();
        stores.relay().forget();
        change();

        assertThat(asked()).isEmpty();
        change(new RunFact.Tagged("team", "growth"));
        assertThat(store.append(ID, Stores.points("w", 0, 1))).isEqualTo(1);
    }

    @Test
    void whatAProxyFindsTooLongGoesInHalves() {
        List<RunChange> facts = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            facts.add(new RunFact.ParamSet("p" + i, "x".repeat(1000)));
            facts.add(new RunFact.Tagged("t" + i, "y".repeat(1000)));
        }
        stores.relay().fates(said -> said.body().length() > 20_000 ? Relay.Fate.TOO_LARGE : Relay.Fate.PASSED);

        store.change(ID, facts);

        RunInfo run = store.get(ID);
        assertThat(run.params()).hasSize(40);
        assertThat(run.tags()).hasSize(40);
        assertThatThrownBy(() -> change(new RunFact.ParamSet("long", "z".repeat(5999)), tooLong()))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("client_max_body_size");
    }

    /** One fact that no proxy of this test lets through. */
    private RunChange tooLong() {
        stores.relay().fates(said -> said.body().length() > 5000 ? Relay.Fate.TOO_LARGE : Relay.Fate.PASSED);
        return new RunFact.Tagged("short", "y");
    }

    @Test
    void manyFactsAreCutIntoRequestsThatServersAndProxiesTake() {
        List<RunChange> facts = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            facts.add(new RunFact.ParamSet("p" + i, "ü".repeat(6000)));
            facts.add(new RunFact.Tagged("t" + i, "\n".repeat(1000)));
        }

        store.change(ID, facts);

        assertThat(stores.relay().said("runs/log-batch"))
                .hasSizeBetween(4, 8)
                .allSatisfy(said -> assertThat(said.body().getBytes(java.nio.charset.StandardCharsets.UTF_8))
                        .hasSizeLessThan(1_000_000));
        RunInfo run = store.get(ID);
        assertThat(run.params()).hasSize(250);
        assertThat(run.tags()).hasSize(250).containsEntry("t249", "\n".repeat(1000));
    }

    @Test
    void aValueThatTheServerWouldCutIsRefusedByName() throws IOException {
        stores.close();
        stores = Stores.of(Release.V2_9);
        begin();

        assertThatThrownBy(() -> change(new RunFact.Tagged("log", "x".repeat(5001))))
                .isInstanceOf(RefusedException.class)
                .hasMessageContainingAll("'log'", "run-1", "5001", "2.9.2", "5000", "artifact");
        RunDraft tooLong = new RunDraft(new RunId("long"), "churn", "x", NOON, null, Map.of("log", "x".repeat(5001)));
        assertThatThrownBy(() -> store.create(tooLong))
                .isInstanceOf(RefusedException.class)
                .hasMessageContainingAll("'log'", "long", "5001");
        change(new RunFact.Tagged("log", "x".repeat(5000)));
        assertThat(store.get(ID).tags().get("log")).hasSize(5000);
    }

    @Test
    void mlflowIsToldWhatTheRunReadAsFarAsItHasRoom() {
        RunInput input = RunInput.of(
                DataReference.external("rows", Digest.sha256(new byte[32]), "s3://bucket/rows"), "training");

        change(new RunFact.Used(input), new RunFact.Used(input));
        change(new RunFact.Used(input));

        assertThat(asked()).containsExactly("runs/log-batch", "runs/log-inputs");
        assertThat(stores.relay().said("runs/log-inputs").get(0).body())
                .contains(
                        "\"name\":\"rows\"", "\"digest\":\"" + "0".repeat(32) + "\"", "\"source\":\"s3://bucket/rows\"")
                .contains("{\"key\":\"mlflow.data.context\",\"value\":\"training\"}");
        assertThat(stores.runs().get(ID).inputs()).containsExactly(input);
    }

    @Test
    void aRunThatWasDeletedElsewhereTakesNothingAndSaysWhatToDo() {
        HttpRunStore other = stores.runs();
        other.change(ID, List.of(Stores.ended(new RunOutcome.Finished())));
        other.change(ID, List.of(new RunChange.Deleted(NOON)));

        assertThatThrownBy(() -> change(new RunFact.Tagged("team", "growth")))
                .isInstanceOf(ConflictException.class)
                .hasMessageContainingAll("run-1", "deleted", "restore");
        other.change(ID, List.of(new RunChange.Restored()));
        change(new RunFact.Tagged("team", "growth"));
        assertThat(other.get(ID).tags()).isEqualTo(Map.of("team", "growth"));
        assertThat(other.get(ID).deleted()).isFalse();
    }

    @Test
    void aRunThatIsNotThereIsNotFound() {
        assertThatThrownBy(() -> store.change(new RunId("run-2"), List.of(new RunFact.Tagged("a", "b"))))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContainingAll("run-2", "only run-1");
    }

    @Test
    void anEnvironmentIsOneMoreRequestAndTwiceIsOnce() {
        RunChange ranIn = new RunFact.RanIn(
                new RunEnvironment(Map.of("user", "anna", "java.version", "17"), List.of(), Map.of()));

        change(ranIn, Stores.ended(new RunOutcome.Failed("x", "y")));
        assertThat(asked()).hasSize(3).endsWith("runs/log-batch", "runs/update");
        change(ranIn);

        assertThat(stores.relay().said().stream().filter(said -> said.method().equals("PUT")))
                .singleElement()
                .satisfies(said -> assertThat(said.endpoint()).matches(".*/[.]mlops/environment-[0-9a-f]{16}[.]json"));
        assertThat(store.environment(ID))
                .hasValueSatisfying(
                        found -> assertThat(found.facts()).isEqualTo(Map.of("user", "anna", "java.version", "17")));
    }

    @Test
    void aRunWithoutAPlaceForFilesGoesOnWithoutItsEnvironment() {
        stores.relay().fates(said -> said.method().equals("PUT") ? Relay.Fate.TOO_LARGE : Relay.Fate.PASSED);
        RunEnvironment environment = new RunEnvironment(Map.of("user", "anna"), List.of(), Map.of());

        change(new RunFact.RanIn(environment), new RunFact.ParamSet("trees", "200"));

        assertThat(store.get(ID).params()).hasSize(1);
        assertThat(store.get(ID).tags()).isEqualTo(Map.of("mlflow.user", "anna"));
        assertThat(store.environment(ID)).isEmpty();
    }
}

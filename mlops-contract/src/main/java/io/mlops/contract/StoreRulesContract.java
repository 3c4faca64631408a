package io.mlops.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.DataReference;
import io.mlops.api.common.Digest;
import io.mlops.api.common.RunId;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.tracker.MetricInfo;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunSpec;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Tests that what no server could keep is refused everywhere, before anything of it is recorded. */
abstract class StoreRulesContract extends ProgramSuite {
    private static final String NUL = "a\0b";

    private RunId tracked() {
        return tracker().run("churn", run -> run.metric("auc", 0.9));
    }

    private ModelVersion registered() {
        return registry().register(ModelSpec.of("churn", "model.ubj", Content.text("weights")));
    }

    private static void refused(List<ThrowingCallable> calls, String... words) {
        for (ThrowingCallable call : calls) {
            assertThatThrownBy(call)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll(words);
        }
    }

    @Test
    void keysWithCombiningMarksAndJoinersAreRefused() {
        Run run = tracker().start(RunSpec.of("churn"));
        for (String key : List.of("cafe\u0301", "\u0938\u091f\u0940\u0915", "a\u200db", "a\u200cb")) {
            refused(
                    List.of(
                            () -> run.metric(key, 1),
                            () -> run.metric(key, 1, 7),
                            () -> run.metrics(Map.of(key, 1)),
                            () -> run.param(key, 1),
                            () -> run.params(Map.of("outer", Map.of(key, 1))),
                            () -> run.tag(key, "x"),
                            () -> RunSpec.of("churn").tag(key, "x"),
                            () -> ModelSpec.of("churn").tag(key, "x"),
                            () -> tracker().experiments().tag("churn", key, "x"),
                            () -> tracker()
                                    .experiments()
                                    .describe("churn", MetricInfo.of(key).higherIsBetter())),
                    "combining marks and joiners");
        }
        run.metric("\u0645\u062f\u0644/\u0968\u0669", 0.5);
        run.param("caf\u00e9", 1);
        run.complete();

        RunInfo info = tracker().get(run.id());
        assertThat(info.metrics()).containsOnlyKeys("\u0645\u062f\u0644/\u0968\u0669");
        assertThat(info.params()).containsOnlyKeys("caf\u00e9");
        assertThat(tracker().experiments().get("churn").tags()).isEmpty();
    }

    @Test
    void tagsOfTheStoresAreRefused() {
        RunId run = tracked();
        ModelVersion version = registered();
        Map<String, String> before = tracker().get(run).tags();
        for (String key : List.of("mlops.id", "mlops.store.", "mlops.store.sent.w")) {
            refused(
                    List.of(
                            () -> RunSpec.of("churn").tag(key, "x"),
                            () -> ModelSpec.of("churn").tag(key, "x"),
                            () -> tracker().tag(run, key, "x"),
                            () -> tracker().untag(run, key),
                            () -> tracker().experiments().tag("churn", key, "x"),
                            () -> registry().tag(version.id(), key, "x")),
                    key,
                    "reserved");
        }
        tracker().tag(run, "mlops.idea", "x");
        tracker().tag(run, "mlops.storey", "x");

        assertThat(tracker().get(run).tags()).hasSize(before.size() + 2).containsAllEntriesOf(before);
        assertThat(registry().get(version.id()).tags()).isEmpty();
    }

    @Test
    void nulIsRefusedByNameAndTheRunGoesOn() {
        Run run = tracker().start(RunSpec.of("churn"));
        DataReference data = DataReference.external("d", Digest.sha256(new byte[32]), NUL);
        refused(
                List.of(
                        () -> run.param("p", NUL),
                        () -> run.tag("t", NUL),
                        () -> run.note(NUL),
                        () -> run.uses(data, "training"),
                        () -> run.end(new RunOutcome.Killed(NUL)),
                        () -> RunSpec.of("churn").tag("t", NUL),
                        () -> tracker().tag(run.id(), "t", NUL),
                        () -> tracker().end(run.id(), new RunOutcome.Killed(NUL)),
                        () -> tracker().experiments().tag("churn", "t", NUL)),
                "NUL");
        refused(
                List.of(
                        () -> RunSpec.of(NUL),
                        () -> RunSpec.of("churn").name(NUL),
                        () -> ModelSpec.of(NUL),
                        () -> run.child(NUL)),
                "control character");
        run.param("p", "line\nand\ttab");
        run.complete();

        RunInfo info = tracker().get(run.id());
        assertThat(info.params()).isEqualTo(Map.of("p", "line\nand\ttab"));
        assertThat(info.inputs()).isEmpty();
        assertThat(info.outcome()).isEqualTo(new RunOutcome.Finished());
    }

    @Test
    void nulIsRefusedOfModelsAndTheirAliases() {
        ModelVersion version = registered();
        refused(
                List.of(
                        () -> ModelSpec.of("churn").description(NUL),
                        () -> ModelSpec.of("churn").key(NUL),
                        () -> ModelSpec.of("churn").tag("t", NUL),
                        () -> registry().tag(version.id(), "t", NUL),
                        () -> registry().move(AliasMove.of("churn@champion", 1).because(NUL)),
                        () -> registry()
                                .move(new AliasMove("churn", "champion", 1, new AliasMove.Guard.Anything(), NUL))),
                "NUL");

        assertThat(registry().find("churn@champion")).isEmpty();
        assertThat(registry().get(version.id())).isEqualTo(version);
    }

    @Test
    void aFailureIsToldWhateverItsMessageHolds() {
        Run run = tracker().start(RunSpec.of("churn"));
        run.fail(new IllegalStateException(NUL));

        assertThat(tracker().get(run.id()).outcome())
                .isEqualTo(new RunOutcome.Failed("java.lang.IllegalStateException", "a?b"));
    }

    @Test
    void artifactsInTheFolderOfTheStoresAreRefused() {
        RunId id = tracker().run("churn", run -> {
            refused(
                    List.of(
                            () -> run.artifacts().putText(".mlops/notes.txt", "x"),
                            () -> run.artifacts().putText(".mlops", "x")),
                    ".mlops",
                    "another folder");
            run.artifacts().putText("notes/.mlops", "x");
        });

        assertThat(tracker().artifacts(id).list(""))
                .extracting(entry -> entry.path().value())
                .containsExactly("notes/.mlops");
    }
}

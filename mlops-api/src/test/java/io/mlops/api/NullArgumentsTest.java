package io.mlops.api;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.AliasEvent;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.DataReference;
import io.mlops.api.common.DatasetVersionId;
import io.mlops.api.common.Digest;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.common.VersionReference;
import io.mlops.api.registry.ModelChange;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.schema.Column;
import io.mlops.api.schema.ColumnType;
import io.mlops.api.schema.ModelSignature;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunEnvironment;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInput;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.RunSpec;
import io.mlops.api.tracker.Tracker;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever passes null is told at once which argument it was, not later by a run that cannot be delivered. */
final class NullArgumentsTest {
    private static final Digest DIGEST = Digest.sha256(new byte[32]);

    static Stream<Arguments> calls() {
        return Stream.concat(ofRuns(), ofModelsAndFiles());
    }

    private static Stream<Arguments> ofRuns() {
        Run run = Tracker.noop().start(RunSpec.of("churn"));
        return Stream.of(
                call("model", () -> new RunFact.Produced(null)),
                call("input", () -> new RunFact.Used(null)),
                call("environment", () -> new RunFact.RanIn(null)),
                call("missing", () -> new RunEnvironment(Map.of(), List.of(), null)),
                call("digest", () -> DataReference.external("n", null, "s")),
                call("source", () -> DataReference.external("n", DIGEST, null)),
                call("digest", () -> new RunInput("n", null, null, "s", "test")),
                call("data", () -> RunInput.of(null, "test")),
                call("type", () -> new RunOutcome.Failed(null, "x")),
                call("message", () -> new RunOutcome.Failed("x", null)),
                call("reason", () -> new RunOutcome.Killed(null)),
                call("outcome", () -> new RunChange.Ended(null, Instant.EPOCH)),
                call("at", () -> new RunChange.Deleted(null)),
                call("time", () -> new MetricPoint(0, null, 0)),
                call("fact", () -> run.record(null)),
                call("outcome", () -> run.end(null)),
                call("values", () -> run.params((Map<String, ?>) null)),
                call("values", () -> run.params((Record) null)),
                call("content", () -> run.artifacts().put("x", (Content) null)),
                call("listener", () -> run.artifacts().progress(null)),
                call("listener", () -> Tracker.noop().experiments().progress(null)),
                call("body", () -> Tracker.noop().run("churn", null)),
                call("body", () -> Tracker.noop().call("churn", null)),
                call("tags", () -> new RunSpec("churn", null, null, null, null)),
                call("condition", () -> RunQuery.of("churn").where(null)),
                call("term", () -> RunQuery.of("churn").orderBy(null)));
    }

    private static Stream<Arguments> ofModelsAndFiles() {
        return Stream.of(
                call("fileOrFolder", () -> ModelSpec.of("k", (Path) null)),
                call("content", () -> ModelSpec.of("k", "model.ubj", null)),
                call("run", () -> ModelSpec.ofArtifacts("k", null, "model")),
                call("from", () -> ModelSpec.of("k").files(null)),
                call("fileOrFolder", () -> DataReference.of(null)),
                call("found", () -> AliasMove.of("churn@champion", 1).expecting(null)),
                call("maker", () -> ModelSpec.of("k", Path.of("x")).run(null)),
                call("key", () -> new ModelChange.Untagged(null)),
                call("move", () -> new AliasEvent(null, 1, "anna", Instant.EPOCH)),
                call("to", () -> AliasMove.of("churn@champion", (ModelVersionId) null)),
                call("alias", () -> AliasMove.remove(null)),
                call("value", () -> new RunId(null)),
                call("path", () -> RelativePath.of(null)),
                call("text", () -> VersionReference.parse(null)),
                call("text", () -> ModelVersionId.parse(null)),
                call("text", () -> DatasetVersionId.parse(null)),
                call("path", () -> new ArtifactEntry(null, 0, null)),
                call("file", () -> Content.of((Path) null)),
                call("bytes", () -> Content.of((byte[]) null)),
                call("text", () -> Content.text(null)),
                call("type", () -> Column.required("x", null)),
                call("item", () -> new ColumnType.ListOf(null)),
                call("inputs", () -> new ModelSignature(null, null)));
    }

    private static Arguments call(String argument, ThrowingCallable call) {
        return arguments(argument, call);
    }

    @ParameterizedTest
    @MethodSource("calls")
    void aMissingArgumentIsNamed(String argument, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(NullPointerException.class).hasMessageContaining(argument);
    }

    @Test
    void whatFailsForAnUnknownReasonFailsAllTheSame() {
        assertThatCode(() -> Tracker.noop().start(RunSpec.of("churn")).fail(null))
                .doesNotThrowAnyException();
    }
}

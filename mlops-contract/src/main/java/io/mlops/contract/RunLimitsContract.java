package io.mlops.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.ConflictException;
import io.mlops.api.common.DataReference;
import io.mlops.api.common.Digest;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.RunId;
import io.mlops.api.tracker.Run;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunInput;
import io.mlops.api.tracker.RunSpec;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ObjIntConsumer;
import org.junit.jupiter.api.Test;

/** Tests how much one run takes: beyond a limit a call is refused by name, and all else of the run goes on. */
abstract class RunLimitsContract extends ProgramSuite {
    private static final int MOST = 10_000;

    /** Records more and more of a kind, of which the run takes so many and no more. */
    private static void fill(Run run, String kind, ObjIntConsumer<Run> record) {
        for (int i = 0; i < MOST; i++) {
            record.accept(run, i);
        }
        assertThatThrownBy(() -> record.accept(run, MOST))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(run.id().value(), kind, Integer.toString(MOST), "-" + MOST);
        record.accept(run, 0);
    }

    @Test
    void tooManyMetricKeysAreRefusedByName() {
        try (Run run = tracker().start(RunSpec.of("churn"))) {
            fill(run, "metric", (r, i) -> r.metric("key-" + i, i));
            run.complete();

            assertThat(tracker().get(run.id()).metrics()).hasSize(MOST).containsKey("key-" + (MOST - 1));
        }
    }

    @Test
    void tooManyParamsAreRefusedByName() {
        try (Run run = tracker().start(RunSpec.of("churn"))) {
            fill(run, "params", (r, i) -> r.param("key-" + i, i));
            run.tag("team", "growth");
            run.complete();

            assertThat(tracker().get(run.id()).params()).hasSize(MOST).doesNotContainKey("key-" + MOST);
            assertThat(tracker().get(run.id()).tags()).containsEntry("team", "growth");
        }
    }

    @Test
    void tooManyTagsAreRefusedByName() {
        try (Run run = tracker().start(RunSpec.of("churn"))) {
            fill(run, "tags", (r, i) -> r.tag("key-" + i, "x"));
            run.complete();

            assertThat(tracker().get(run.id()).tags()).hasSize(MOST).doesNotContainKey("key-" + MOST);
        }
    }

    @Test
    void tooManyInputsAreRefusedByName() {
        try (Run run = tracker().start(RunSpec.of("churn"))) {
            fill(run, "data sets", (r, i) -> r.uses(input(i), "train"));
            run.complete();

            assertThat(tracker().get(run.id()).inputs()).hasSize(MOST);
        }
    }

    @Test
    void textsThatAreTooLongTogetherAreRefused() {
        try (Run run = tracker().start(RunSpec.of("churn"))) {
            for (int i = 0; i < 500; i++) {
                run.tag("tag-" + i, "x".repeat(7990));
                run.tag("state", "y".repeat(1000));
            }
            assertThatThrownBy(() -> run.param("one-more", "x".repeat(6000)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("one-more", "4000000 characters", "artifact");
            run.tag("tag-0", "short");
            run.param("one-more", "x".repeat(6000));
            run.complete();

            assertThat(tracker().get(run.id()).tags()).hasSize(501).containsEntry("tag-0", "short");
            assertThat(tracker().get(run.id()).params()).containsOnlyKeys("one-more");
        }
    }

    @Test
    void whatARunBeginsWithCounts() {
        Map<String, String> tags = new TreeMap<>();
        for (int i = 0; i < MOST; i++) {
            tags.put("key-" + i, "x");
        }
        try (Run run = tracker().start(new RunSpec("churn", null, null, null, tags))) {
            assertThatThrownBy(() -> run.tag("one-more", "x"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll(run.id().value(), "tags", "one-more");
            run.tag("key-0", "y");
            run.complete();

            assertThat(tracker().get(run.id()).tags()).hasSize(MOST).containsEntry("key-0", "y");
        }
        RunSpec most = RunSpec.of("churn");
        tags.put("one-more", "x");
        assertThatThrownBy(() -> new RunSpec("churn", null, null, null, tags))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("10001 tags", "10000");
        for (int i = 0; i < 500; i++) {
            most = most.tag("key-" + i, "x".repeat(7990));
        }
        RunSpec full = most;
        assertThatThrownBy(() -> full.tag("a", "x".repeat(8000)).tag("b", "x".repeat(8000)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("4000000 characters");
    }

    @Test
    void nameAndParentTakeNoRoom() {
        Map<String, String> tags = new TreeMap<>();
        for (int i = 0; i < MOST; i++) {
            tags.put("key-" + i, "x");
        }
        RunSpec full = new RunSpec("churn", null, "deep", new RunId("sweep"), tags);
        Run run = tracker().start(full.tag(RunFact.NAME_TAG, "deep"));
        run.complete();

        assertThat(tracker().get(run.id()).tags()).hasSize(MOST + 2).containsEntry(RunFact.PARENT_TAG, "sweep");
    }

    @Test
    void changesFromOutsideFindTheSameLimits() {
        Run run = tracker().start(RunSpec.of("churn"));
        for (int i = 0; i < MOST; i++) {
            run.param("key-" + i, i);
            run.tag("key-" + i, "x");
            run.uses(input(i), "train");
        }
        run.complete();
        RunInfo full = tracker().get(run.id());

        for (RunFact fact : List.of(
                RunFact.param("one-more", 1),
                new RunFact.Tagged("one-more", "x"),
                new RunFact.Used(RunInput.of(input(MOST), "train")),
                new RunFact.Produced(new ModelVersionId("one-more", 1)))) {
            assertThatThrownBy(() -> tracker().change(run.id(), fact))
                    .isInstanceOf(ConflictException.class)
                    .hasMessageContainingAll(run.id().value(), "10000", "artifact");
        }
        assertThat(tracker().get(run.id())).isEqualTo(full);
        tracker().change(run.id(), RunFact.param("key-0", 0));
        tracker().change(run.id(), new RunFact.Untagged("key-0"));
        tracker().change(run.id(), new RunFact.Tagged("one-more", "x"));
        assertThat(tracker().get(run.id()).tags()).hasSize(MOST).containsKey("one-more");
    }

    @Test
    void changesFromOutsideCountCharacters() {
        Run run = tracker().start(RunSpec.of("churn"));
        for (int i = 0; i < 500; i++) {
            run.tag("tag-" + i, "x".repeat(7990));
        }
        run.complete();

        assertThatThrownBy(() -> tracker().change(run.id(), RunFact.param("one-more", "x".repeat(6000))))
                .isInstanceOf(ConflictException.class)
                .hasMessageContainingAll("one-more", "4000000 characters", "artifact");
        tracker().change(run.id(), new RunFact.Tagged("tag-0", "short"));
        tracker().change(run.id(), RunFact.param("one-more", "x".repeat(6000)));
        assertThat(tracker().get(run.id()).params()).containsOnlyKeys("one-more");
    }

    private static DataReference input(int i) {
        return DataReference.external("rows-" + i, Digest.parse("md5:00ff"), "s3://b");
    }

    @Test
    void aRunThatGoesOnCountsWhatItHas() {
        RunSpec job = RunSpec.of("churn").id("job-1");
        Run first = tracker().start(job);
        for (int i = 0; i < MOST; i++) {
            first.param("key-" + i, i);
            first.metric("key-" + i, i);
        }
        first.fail(null);

        try (Run second = tracker().start(job)) {
            assertThatThrownBy(() -> second.param("one-more", 1)).hasMessageContaining("one-more");
            assertThatThrownBy(() -> second.metric("one-more", 1)).hasMessageContaining("one-more");
            second.param("key-0", 0);
            second.metric("key-0", 2);
            second.complete();
        }
    }
}

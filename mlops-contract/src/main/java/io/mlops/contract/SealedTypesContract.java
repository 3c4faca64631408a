package io.mlops.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.ArtifactOwner;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.common.VersionReference;
import io.mlops.api.registry.ModelChange;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.schema.Column;
import io.mlops.api.schema.ColumnType;
import io.mlops.api.schema.ElementType;
import io.mlops.api.schema.Fields;
import io.mlops.api.schema.ModelSignature;
import io.mlops.api.schema.Schema;
import io.mlops.api.schema.TensorSpec;
import io.mlops.api.spi.Capability;
import io.mlops.api.spi.ExperimentState;
import io.mlops.api.spi.ModelDraft;
import io.mlops.api.spi.ModelState;
import io.mlops.api.spi.ModelStore;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.spi.RunState;
import io.mlops.api.spi.RunStore;
import io.mlops.api.spi.VersionState;
import io.mlops.api.tracker.Experiment;
import io.mlops.api.tracker.ExperimentChange;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.RunStatus;
import io.mlops.api.tracker.Visibility;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Tests that a store forgets no case of a sealed type: each is applied, found and given back. */
abstract class SealedTypesContract extends StoreSuite {
    private static final RunChange FAILED = new RunChange.Ended(new RunOutcome.Failed("x", "y"), NOON.plusSeconds(1));
    private static final RunChange DELETED = new RunChange.Deleted(NOON.plusSeconds(2));

    private RunStore runs() {
        return backend().runs();
    }

    private ModelStore models() {
        return backend().models();
    }

    private RunInfo make(String id, List<RunChange> changes) {
        RunId run = new RunId(id);
        RunInfo made = runs().create(new RunDraft(run, "churn", id, NOON, null, Map.of("there", "yes")));
        runs().change(made.id(), changes);
        return runs().find(run).orElseThrow();
    }

    /** The changes that a run must have been through before this one does something. */
    private static List<RunChange> before(RunChange change) {
        if (change instanceof RunChange.Resumed || change instanceof RunChange.Deleted) {
            return List.of(FAILED);
        }
        return change instanceof RunChange.Restored ? List.of(FAILED, DELETED) : List.of();
    }

    @Test
    void everyChangeOfARunDoesTheSameEverywhere() {
        for (RunChange change : Cases.ofRunChange()) {
            RunInfo before = make(change.getClass().getSimpleName(), before(change));
            RunInfo after = RunState.of(before).apply(List.of(change)).info();
            assertThat(after).as(change.toString()).isNotEqualTo(before);

            runs().change(before.id(), List.of(change));
            assertThat(runs().find(before.id())).as(change.toString()).contains(after);
            if (change instanceof RunFact.RanIn ranIn) {
                assertThat(runs().environment(before.id())).contains(ranIn.environment());
            }
            runs().change(before.id(), List.of(change));
            assertThat(runs().find(before.id())).as(change + ", twice").contains(after);
            assertThat(all(page -> runs().search(RunQuery.of("churn").visibility(Visibility.ALL), page), 50))
                    .as(change.toString())
                    .contains(after);
        }
    }

    @Test
    void everyOutcomeIsGivenBack() {
        for (RunOutcome outcome : Cases.ofRunOutcome()) {
            RunInfo ended = make(
                    outcome.getClass().getSimpleName(), List.of(new RunChange.Ended(outcome, NOON.plusSeconds(1))));

            assertThat(ended.outcome()).isEqualTo(outcome);
            assertThat(ended.status()).isEqualTo(RunStatus.of(outcome));
            assertThat(runs().search(
                                    RunQuery.of("churn").where("status = '" + ended.status() + "'"),
                                    PageRequest.first(10))
                            .items())
                    .containsExactly(ended);
        }
    }

    @Test
    void everyChangeOfAnExperimentDoesTheSameEverywhere() {
        for (ExperimentChange change : Cases.ofExperimentChange()) {
            String name = change.getClass().getSimpleName();
            Experiment made = backend().experiments().ensure(name, NOON);
            backend().experiments().change(made.name(), new ExperimentChange.Tagged("there", "yes"), NOON);
            if (change instanceof ExperimentChange.Restored) {
                backend().experiments().change(name, new ExperimentChange.Deleted(), NOON);
            }
            Experiment before = backend().experiments().find(name).orElseThrow();
            Experiment after = ExperimentState.of(before)
                    .apply(change, NOON.plusSeconds(5))
                    .experiment();
            assertThat(after).as(change.toString()).isNotEqualTo(before);

            backend().experiments().change(name, change, NOON.plusSeconds(5));
            Experiment found = backend().experiments().find(after.name()).orElseThrow();
            assertThat(promises(Capability.UPDATE_TIMES) ? found : updated(found, after.updated()))
                    .as(change.toString())
                    .isEqualTo(after);
        }
    }

    private static Experiment updated(Experiment experiment, Instant at) {
        return new Experiment(
                experiment.name(),
                experiment.storeId(),
                experiment.created(),
                at,
                experiment.tags(),
                experiment.deleted());
    }

    private static ModelDraft draft(String model, List<ModelSignature> signature) {
        return new ModelDraft(
                model + signature,
                model,
                ModelStoreContract.draft(model, "x").files(),
                null,
                List.of(),
                null,
                signature.isEmpty() ? null : signature.get(0),
                "",
                Map.of("there", "yes"),
                "anna",
                NOON);
    }

    @Test
    void everyChangeOfAModelDoesTheSameEverywhere() {
        for (ModelChange change : Cases.ofModelChange()) {
            String name = change.getClass().getSimpleName();
            ModelVersion made = models().create(draft(name, List.of()));
            models().change(name, new ModelChange.Tagged("there", "yes"));
            String before = shown(made.id());
            String after = after(made.id(), change);
            assertThat(after).as(change.toString()).isNotEqualTo(before);

            models().change(name, change);
            assertThat(shown(made.id())).as(change.toString()).isEqualTo(after);
            models().change(name, change);
            assertThat(shown(made.id())).as(change + ", twice").isEqualTo(after);
        }
    }

    private String after(ModelVersionId id, ModelChange change) {
        ModelState model = ModelState.of(models().find(id.model()).orElseThrow());
        VersionState version = VersionState.of(version(id));
        return (change instanceof ModelChange.OfModel edit ? model.apply(edit) : model)
                        .model()
                        .toString()
                + (change instanceof ModelChange.OfVersion edit ? version.apply(edit) : version).version();
    }

    private String shown(ModelVersionId id) {
        return models().find(id.model()).orElseThrow().toString() + version(id);
    }

    private ModelVersion version(ModelVersionId id) {
        return models().find(id).orElseThrow();
    }

    @Test
    void everyReferenceFindsItsVersion() {
        ModelVersion made = models().create(draft("churn", List.of()));
        var moved = models().move(AliasMove.of("churn@champion", 1), "anna", NOON);
        assertThat(moved.before()).isNull();

        for (VersionReference reference : Cases.of(
                VersionReference.class,
                List.of(
                        new ModelVersionId("churn", 1),
                        new VersionReference.Aliased("churn", "champion"),
                        new VersionReference.Digested("churn", Objects.requireNonNull(made.digest()))))) {
            assertThat(models().find(reference)).as(reference.toString()).contains(made);
        }
    }

    @Test
    void everyGuardIsAsked() {
        var made = models().create(draft("churn", List.of()));
        assertThat(made.number()).isEqualTo(1);

        for (AliasMove.Guard guard : Cases.of(
                AliasMove.Guard.class,
                List.of(new AliasMove.Guard.Unset(), new AliasMove.Guard.Version(1), new AliasMove.Guard.Anything()))) {
            var event = models().move(new AliasMove("churn", "champion", 1, guard, ""), "anna", NOON);
            assertThat(event.move().guard()).isEqualTo(guard);
        }
        assertThat(all(page -> models().history("churn", page), 10)).hasSize(3);
    }

    @Test
    void everyOwnerHasItsFiles() throws IOException {
        RelativePath path = RelativePath.of("model.txt");
        RunInfo run = make("run-1", List.of());
        var entries = backend().artifacts().put(run.id(), Map.of(path, Content.text("x")));
        ModelVersion version = models().create(ModelStoreContract.draft("churn", "x"));

        for (ArtifactOwner owner : Cases.of(ArtifactOwner.class, List.of(run.id(), version.id()))) {
            ArtifactEntry entry = backend().artifacts().find(owner, path).orElseThrow();
            assertThat(entries).as(owner.toString()).containsExactly(entry);
            assertThat(all(page -> backend().artifacts().list(owner, null, page), 10))
                    .containsExactly(entry);
            try (InputStream bytes = backend().artifacts().open(owner, path).bytes()) {
                assertThat(new String(bytes.readAllBytes(), StandardCharsets.UTF_8))
                        .isEqualTo("x");
            }
        }
    }

    @Test
    void everySignatureIsGivenBack() {
        List<Column> columns = new ArrayList<>();
        for (ColumnType type : Cases.ofColumnType()) {
            columns.add(Column.required("column-" + columns.size(), type));
        }
        for (Fields fields : Cases.of(
                Fields.class,
                List.of(
                        new Fields.Columns(new Schema(columns)),
                        new Fields.Tensors(List.of(new TensorSpec("a", ElementType.STRING, List.of(-1L))))))) {
            ModelSignature signature = new ModelSignature(fields, fields);
            ModelVersion made = models().create(draft("churn", List.of(signature)));

            assertThat(version(made.id()).signature()).isEqualTo(signature);
        }
    }
}

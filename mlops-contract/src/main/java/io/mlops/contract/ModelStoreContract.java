package io.mlops.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.DatasetVersionId;
import io.mlops.api.common.Digest;
import io.mlops.api.common.MlopsException;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.common.VersionReference;
import io.mlops.api.registry.Model;
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
import io.mlops.api.spi.FileListDigest;
import io.mlops.api.spi.ModelDraft;
import io.mlops.api.spi.ModelStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Tests what every {@link ModelStore} must do with versions; {@link AliasContract} has aliases. */
abstract class ModelStoreContract extends StoreSuite {
    private ModelStore store() {
        return backend().models();
    }

    static ModelDraft draft(String model, String key, Map<String, Content> files) {
        TreeMap<RelativePath, Content> byPath = new TreeMap<>();
        files.forEach((path, content) -> byPath.put(RelativePath.of(path), content));
        return new ModelDraft(key, model, byPath, null, List.of(), null, null, "", Map.of(), "anna", NOON);
    }

    static ModelDraft draft(String model, String text) {
        return draft(model, UUID.randomUUID().toString(), Map.of("model.txt", Content.text(text)));
    }

    private ModelVersion find(VersionReference reference) {
        return store().find(reference).orElseThrow();
    }

    private List<ArtifactEntry> files(ModelVersion version) {
        return all(page -> backend().artifacts().list(version.id(), null, page), 2);
    }

    private static ModelSignature signature() {
        return new ModelSignature(
                new Fields.Columns(Schema.of(
                        Column.required("age", ColumnType.Scalar.DOUBLE),
                        Column.optional("tags", new ColumnType.ListOf(ColumnType.Scalar.STRING)),
                        Column.required(
                                "home",
                                new ColumnType.StructOf(List.of(Column.optional("zip", ColumnType.Scalar.STRING)))),
                        Column.required("extra", new ColumnType.MapOf(new ColumnType.Any())))),
                new Fields.Tensors(List.of(new TensorSpec(null, ElementType.FLOAT32, List.of(-1L, 2L)))));
    }

    @Test
    void aVersionIsWhatItsDraftSaid() {
        ModelDraft draft = new ModelDraft(
                "key-1",
                "churn",
                draft("churn", "x").files(),
                new RunId("run-1"),
                List.of(new DatasetVersionId("customers", 3)),
                4,
                signature(),
                "first forest",
                Map.of("origin", "java"),
                "anna",
                NOON.plusNanos(456));

        ModelVersion made = store().create(draft);

        assertThat(made.id()).isEqualTo(new ModelVersionId("churn", 1));
        assertThat(made.run()).isEqualTo(new RunId("run-1"));
        assertThat(made.datasets()).containsExactly(new DatasetVersionId("customers", 3));
        assertThat(made.parent()).isEqualTo(4);
        assertThat(made.signature()).isEqualTo(signature());
        assertThat(made.description()).isEqualTo("first forest");
        assertThat(made.tags()).isEqualTo(Map.of("origin", "java"));
        assertThat(made.by()).isEqualTo("anna");
        assertThat(made.created()).isEqualTo(NOON);
        assertThat(made.bytes()).isEqualTo(1);
        assertThat(find(new ModelVersionId("churn", 1))).isEqualTo(made);
        assertThat(store().find("churn")).hasValueSatisfying(model -> {
            assertThat(model.name()).isEqualTo("churn");
            assertThat(model.created()).isEqualTo(NOON);
            assertThat(model.aliases()).isEmpty();
        });
    }

    @Test
    void filesComeBackAndAddUpToTheDigest() throws IOException {
        ModelVersion made = store().create(draft(
                "churn",
                "k",
                Map.of("b/größe.bin", Content.text("two"), "a.txt", Content.text("one"), "b-c", Content.text(""))));

        List<ArtifactEntry> files = files(made);
        assertThat(files).extracting(entry -> entry.path().value()).containsExactly("a.txt", "b-c", "b/größe.bin");
        assertThat(files).extracting(ArtifactEntry::bytes).containsExactly(3L, 0L, 3L);
        assertThat(made.digest()).isEqualTo(FileListDigest.of(files));
        assertThat(made.bytes()).isEqualTo(6);
        try (InputStream in = backend()
                .artifacts()
                .open(made.id(), RelativePath.of("b/größe.bin"))
                .bytes()) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("two");
        }
        assertThat(backend().artifacts().find(made.id(), RelativePath.of("a.txt")))
                .contains(files.get(0));
        assertThat(backend().artifacts().find(made.id(), RelativePath.of("b"))).isEmpty();
    }

    @Test
    void numbersBeginAtOneAndAreNewestFirst() {
        for (int i = 1; i <= 12; i++) {
            assertThat(store().create(draft("churn", "v" + i)).number()).isEqualTo(i);
        }

        assertThat(all(page -> store().versions("churn", page), 5))
                .extracting(ModelVersion::number)
                .containsExactlyElementsOf(
                        IntStream.iterate(12, i -> i - 1).limit(12).boxed().toList());
        assertThat(find(new VersionReference.Aliased("churn", "latest")).number())
                .isEqualTo(12);
    }

    @Test
    void aDigestNamesTheFirstVersionWithThatContent() {
        Digest digest =
                Objects.requireNonNull(store().create(draft("churn", "same")).digest());
        store().create(draft("churn", "other"));
        store().create(draft("churn", "same"));

        assertThat(find(new VersionReference.Digested("churn", digest)).number())
                .isEqualTo(1);
        assertThat(store().find(new VersionReference.Digested("churn", Digest.sha256(new byte[32]))))
                .isEmpty();
    }

    @Test
    void registeringTwiceWithOneKeyMakesOneVersion() {
        ModelVersion first = store().create(draft("churn", "nightly", Map.of("a", Content.text("1"))));
        store().create(draft("churn", "other"));

        assertThat(store().create(draft("churn", "nightly", Map.of("a", Content.text("1")))))
                .isEqualTo(first);
        for (Map<String, Content> others : List.of(
                Map.of("a", Content.text("2")),
                Map.of("b", Content.text("1")),
                Map.of("a", Content.text("1"), "b", Content.text("")))) {
            assertThatThrownBy(() -> store().create(draft("churn", "nightly", others)))
                    .isInstanceOf(ConflictException.class)
                    .hasMessageContainingAll("churn/1", "'nightly'", "choose another key");
        }
        assertThat(store().create(draft("income", "nightly", Map.of("a", Content.text("1"))))
                        .number())
                .isEqualTo(1);
        assertThat(all(page -> store().versions("churn", page), 10)).hasSize(2);
    }

    @Test
    void ofManyWithOneKeyOneMakesIt() {
        for (int round = 0; round < 20; round++) {
            String model = "churn-" + round;
            List<ModelVersion> got =
                    race(8, racer -> store().create(draft(model, "nightly", Map.of("a", Content.text("1")))));

            if (promises(Capability.ATOMIC_KEYS)) {
                assertThat(new HashSet<>(got)).hasSize(1);
                assertThat(all(page -> store().versions(model, page), 10)).hasSize(1);
            } else {
                ModelVersion oldest = store().find(new ModelVersionId(model, 1)).orElseThrow();
                assertThat(all(page -> store().versions(model, page), 10)).containsAll(got);
                assertThat(store().create(draft(model, "nightly", Map.of("a", Content.text("1")))))
                        .as("found before a retry")
                        .isEqualTo(oldest);
            }
        }
    }

    @Test
    void numbersAreUniqueAndGapFreeUnderARace() {
        List<Integer> numbers = new ArrayList<>();
        race(
                        4,
                        racer -> IntStream.range(0, 10)
                                .mapToObj(i -> store().create(draft("churn", racer + "-" + i))
                                        .number())
                                .toList())
                .forEach(numbers::addAll);

        assertThat(numbers)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, 40).boxed().toList());
    }

    @Test
    void modelsOfAnyNameRoundTripAndNeverCollide() {
        ODD_NAMES.forEach(name -> store().create(draft(name, name)));

        assertThat(ODD_NAMES).allSatisfy(name -> {
            assertThat(find(new ModelVersionId(name, 1)).model()).isEqualTo(name);
            assertThat(store().find(new ModelVersionId(name, 2))).isEmpty();
        });
        assertThat(all(store()::models, 7))
                .extracting(Model::name)
                .containsExactlyElementsOf(ODD_NAMES.stream().sorted().toList());
    }

    @Test
    void aSourceThatFailsLeavesNothingAndTakesNoNumber() {
        Content failing = new Content() {
            @Override
            public long bytes() {
                return 1;
            }

            @Override
            public InputStream open() throws IOException {
                throw new IOException("the source is gone");
            }
        };

        assertThatThrownBy(() -> store().create(draft("churn", "k", Map.of("a", Content.text("1"), "b", failing))))
                .isInstanceOf(MlopsException.class)
                .hasMessageContainingAll("b", "the source is gone");

        assertThat(store().find(new ModelVersionId("churn", 1))).isEmpty();
        assertThat(store().create(draft("churn", "1")).number()).isEqualTo(1);
    }

    @Test
    void descriptionsAndTagsChange() {
        store().create(draft("churn", "1"));
        ModelVersion second = store().create(draft("churn", "2"));

        for (ModelChange change : List.of(
                new ModelChange.Described("who leaves"),
                new ModelChange.Tagged("owner", "growth"),
                new ModelChange.Tagged("gone", "x"),
                new ModelChange.Untagged("gone"),
                new ModelChange.VersionDescribed(2, "deeper"),
                new ModelChange.VersionTagged(2, "reviewed", "yes"),
                new ModelChange.VersionTagged(2, "gone", "x"),
                new ModelChange.VersionUntagged(2, "gone"))) {
            store().change("churn", change);
        }

        Model model = store().find("churn").orElseThrow();
        assertThat(model.description()).isEqualTo("who leaves");
        assertThat(model.tags()).isEqualTo(Map.of("owner", "growth"));
        ModelVersion changed = find(new ModelVersionId("churn", 2));
        assertThat(changed.description()).isEqualTo("deeper");
        assertThat(changed.tags()).isEqualTo(Map.of("reviewed", "yes"));
        assertThat(changed.digest()).isEqualTo(second.digest());
        assertThat(find(new ModelVersionId("churn", 1)).description()).isEmpty();
    }

    @Test
    void whatIsNotThereIsNotFound() {
        assertThat(store().find("churn")).isEmpty();
        assertThat(store().find(new VersionReference.Aliased("churn", "latest")))
                .isEmpty();
        assertThatThrownBy(() -> all(page -> store().versions("churn", page), 1))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("churn");
        assertThatThrownBy(() -> store().change("churn", new ModelChange.Described("x")))
                .isInstanceOf(NotFoundException.class);
        store().create(draft("churn", "1"));
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> store().versions("chrun", PageRequest.first(1)),
                () -> store().history("chrun", PageRequest.first(1)),
                () -> store().change("chrun", new ModelChange.Described("x")),
                () -> store().move(AliasMove.of("chrun@champion", 1), "anna", NOON))) {
            assertThatThrownBy(call)
                    .isInstanceOf(NotFoundException.class)
                    .hasMessage("no model 'chrun' in " + backend().info().name() + ", only churn");
        }
        assertThatThrownBy(() -> store().change("churn", new ModelChange.VersionTagged(2, "k", "v")))
                .isInstanceOf(NotFoundException.class)
                .hasMessage("no model version churn/2 in " + backend().info().name() + ", only 1");
        assertThatThrownBy(() -> backend().artifacts().open(new ModelVersionId("churn", 1), RelativePath.of("nope")))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContainingAll("nope", "churn/1");
    }

    @Test
    void useAfterCloseIsABug() {
        backend().close();

        assertThatThrownBy(() -> store().create(draft("churn", "1"))).isInstanceOf(IllegalStateException.class);
    }
}

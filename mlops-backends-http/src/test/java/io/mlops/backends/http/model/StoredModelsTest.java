package io.mlops.backends.http.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.AliasEvent;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.registry.Model;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.spi.ModelDraft;
import io.mlops.api.spi.ModelStore;
import io.mlops.api.spi.RunDraft;
import io.mlops.backends.http.HttpBackend;
import io.mlops.backends.http.config.HttpSettings;
import io.mlops.backends.http.standin.RawClient;
import io.mlops.backends.http.standin.Release;
import io.mlops.backends.http.standin.StandIn;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What others do to the models of a server, and what is kept there for them. */
final class StoredModelsTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00.123Z");
    private static final ModelVersionId FIRST = new ModelVersionId("churn", 1);

    @AutoClose
    private final StandIn server = StandIn.start(Release.V3_17);

    @AutoClose
    private final HttpBackend backend = HttpBackend.at(server.address(), HttpSettings.standard());

    private final RawClient others = RawClient.of(server);

    StoredModelsTest() throws IOException {}

    private ModelStore store() {
        return backend.models();
    }

    private ModelVersion create() {
        TreeMap<RelativePath, Content> files = new TreeMap<>(Map.of(
                RelativePath.of("MLmodel"),
                Content.text("flavors: {}\n"),
                RelativePath.of("model.txt"),
                Content.text("m")));
        return store().create(new ModelDraft(
                "key-1", "churn", files, null, List.of(), null, null, "first", Map.of("a", "b"), "anna", NOON));
    }

    private List<ArtifactEntry> files() {
        return backend.artifacts().list(FIRST, null, PageRequest.first(10)).items();
    }

    /** The folder of the only version, among the server's artifacts. */
    private String folder() {
        return others.get("model-versions/get?name=churn&version=1")
                .replaceAll("(?s).*\"source\" ?: ?\"mlflow-artifacts:/([^\"]*)\".*", "$1");
    }

    @Test
    void whatIsKeptOfAVersionIsPinned() {
        ModelVersion unused = create();

        assertThat(others.read(folder() + "/version.json")).isEqualTo("""
                {
                  "format": 1,
                  "model": "churn",
                  "key": "key-1",
                  "created": "2026-11-21T12:00:00.123Z",
                  "by": "anna",
                  "files": [
                    {
                      "path": "MLmodel",
                      "bytes": 12,
                      "digest": "sha256:7f8f4a879eefb3f9fed9c6af4077c9acb0db066b2906d6570c42913478686b0f"
                    },
                    {
                      "path": "model.txt",
                      "bytes": 1,
                      "digest": "sha256:62c66a7a5dd70c3146618063c344e531e6d4b59e379808443ce962b3abd63c5a"
                    }
                  ]
                }
                """);
        assertThat(others.get("model-versions/get?name=churn&version=1").replaceAll("\\s+", ""))
                .contains("{\"key\":\"mlops.store.bytes\",\"value\":\"13\"}")
                .contains("{\"key\":\"mlops.store.by\",\"value\":\"anna\"}")
                .contains("{\"key\":\"mlops.store.created\",\"value\":\"1795262400123\"}")
                .contains("\"key\":\"mlops.store.digest\",\"value\":\"sha256:")
                .contains("\"key\":\"mlops.store.key\",\"value\":\"")
                .contains("{\"key\":\"a\",\"value\":\"b\"}");
    }

    @Test
    void aVersionThatOthersRegisteredIsReadUnproved() {
        RunId id = new RunId("run-1");
        String storeId = backend.runs()
                .create(new RunDraft(id, "churn", "run", NOON, null, Map.of(), true))
                .storeId();
        List<ArtifactEntry> stored =
                backend.artifacts().put(id, Map.of(RelativePath.of("model/MLmodel"), Content.text("flavors: {}\n")));
        assertThat(stored).hasSize(1);
        String unused = others.post("registered-models/create", "{\"name\": \"churn\"}");
        unused = others.post(
                "model-versions/create",
                "{\"name\": \"churn\", \"source\": \"runs:/" + storeId + "/model\", \"run_id\": \"" + storeId + "\"}");

        ModelVersion found = store().find(FIRST).orElseThrow();
        assertThat(found.digest()).isNull();
        assertThat(found.run()).isEqualTo(new RunId(storeId));
        assertThat(files()).containsExactly(new ArtifactEntry(RelativePath.of("MLmodel"), 12, null));
        assertThat(backend.artifacts()
                        .open(FIRST, RelativePath.of("MLmodel"))
                        .entry()
                        .bytes())
                .isEqualTo(12);
    }

    @Test
    void aVersionOfOursWithoutItsManifestIsDamaged() {
        ModelVersion unused = create();
        others.delete(folder() + "/version.json");

        try (HttpBackend fresh = HttpBackend.at(server.address(), HttpSettings.standard())) {
            assertThatThrownBy(() -> fresh.artifacts().find(FIRST, RelativePath.of("model.txt")))
                    .isInstanceOf(CorruptDataException.class)
                    .hasMessageContainingAll("churn/1", "version.json");
            assertThat(fresh.models().find(FIRST)).isPresent();
        }
    }

    @Test
    void aFileThatNobodyRegisteredIsDamage() {
        ModelVersion unused = create();
        assertThat(files()).hasSize(2);
        others.put(folder() + "/more.txt", "x");

        assertThatThrownBy(this::files)
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContainingAll("churn/1", "more.txt");
    }

    @Test
    void promptsAreNoModels() {
        String unused = others.post(
                "registered-models/create",
                "{\"name\": \"hello\", \"tags\": [{\"key\": \"mlflow.prompt.is_prompt\", \"value\": \"true\"}]}");
        ModelVersion made = create();

        assertThat(made.number()).isEqualTo(1);
        assertThat(store().models(PageRequest.first(10)).items())
                .extracting(Model::name)
                .containsExactly("churn");
        assertThat(store().find("hello")).isEmpty();
    }

    @Test
    void aMoveThatOthersMadeIsShownAsSeen() {
        ModelVersion unused = create();
        AliasEvent move = store().move(AliasMove.of("churn@champion", 1).because("r".repeat(5000)), "anna", NOON);
        assertThat(move.before()).isNull();

        String answer = others.post(
                "registered-models/alias", "{\"name\": \"churn\", \"alias\": \"python\", \"version\": \"1\"}");

        assertThat(answer).isNotNull();
        List<AliasEvent> history =
                store().history("churn", PageRequest.first(10)).items();
        assertThat(history).extracting(event -> event.move().alias()).containsExactly("python", "champion");
        assertThat(history.get(0).by()).isEqualTo("unknown");
        assertThat(history.get(1).move().reason()).hasSize(5000);
        assertThat(store().find("churn").orElseThrow().tags()).isEmpty();
    }

    @Test
    void ofManyMovesTheNewestAreKept() {
        ModelVersion unused = create();
        for (int i = 0; i < 205; i++) {
            AliasEvent event = store().move(AliasMove.of("churn@champion", 1).because("move " + i), "anna", NOON);
            assertThat(event.move().target()).isEqualTo(1);
        }

        List<AliasEvent> history =
                store().history("churn", PageRequest.first(1000)).items();
        assertThat(history).hasSizeBetween(200, 202);
        assertThat(history.get(0).move().reason()).isEqualTo("move 204");
    }
}

package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.CorruptDataException;
import io.mlops.backends.fs.store.Format;
import io.mlops.backends.fs.store.RunJson;
import io.mlops.core.codec.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One wrong field of a document is named, with the document, whatever is wrong with it. */
final class DocumentsTest {
    private static final String DIGEST = "sha256:" + "ab".repeat(32);
    private static final String RUN = """
            {"format": {"read": 1, "write": 1}, "id": "run-1", "name": "n", "status": "KILLED",
             "failure": {"type": "killed", "message": "m"}, "started": "2026-11-21T12:00:00.000Z",
             "ended": "2026-11-21T12:00:00.000Z", "parent": "run-0", "params": {}, "tags": {},
             "inputs": [{"name": "d", "digest": "md5:00", "version": "d/1", "source": "s", "role": "r"}],
             "outputs": ["m/1"], "metrics": {"loss": {"value": 1, "step": 0, "time": "2026-11-21T12:00:00.000Z",
             "min": 1, "max": 1, "count": 1}}}
            """;
    private static final String MANIFEST = """
            {"format": {"read": 1, "write": 1}, "model": "m", "key": "k", "created": "2026-11-21T12:00:00.000Z",
             "by": "anna", "run": "run-1", "datasets": ["d/1"], "parent": 1, "description": "", "tags": {},
             "signature": {"inputs": [{"name": "a", "type": "double"}], "outputs": []},
             "digest": "%1$s", "bytes": 1, "files": [{"path": "a", "bytes": 1, "digest": "%1$s"}]}
            """.formatted(DIGEST);
    private static final String EXPERIMENT = """
            {"format": {"read": 1, "write": 1}, "name": "e", "created": "2026-11-21T12:00:00.000Z",
             "updated": "2026-11-21T12:00:00.000Z", "tags": {}}
            """;

    private static final String MODEL = """
            {"format": {"read": 1, "write": 1}, "name": "m", "created": "2026-11-21T12:00:00.000Z",
             "description": "", "tags": {}}
            """;

    private record Document(String text, Consumer<Json> reader) {}

    private static final Map<String, Document> DOCUMENTS = Map.of(
            "run", new Document(RUN, json -> RunJson.read(json, "e")),
            "manifest",
                    new Document(MANIFEST, json -> {
                        var unused = ManifestJson.files(json);
                        var unusedToo = ManifestJson.read(json, 1);
                    }),
            "experiment", new Document(EXPERIMENT, json -> ExperimentJson.read(json, "e")),
            "model", new Document(MODEL, json -> ModelJson.read(json, Map.of())));

    private static void read(String document, String text) {
        Json json = Json.parse(text.getBytes(StandardCharsets.UTF_8), "some/file.json");
        DOCUMENTS.get(document).reader().accept(Format.checkReadable(json));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "run|\"run-1\"|\"../x\"|'id'",
                "run|\"run-0\"|\"\"|'parent'",
                "run|md5:00|md5:xyz|'digest'",
                "run|d/1|d|'version'",
                "run|\"d\",|\" \",|'inputs'",
                "run|\"m/1\"|\"m@champion\"|'outputs'",
                "run|\"m/1\"|\"m/99999999999\"|'outputs'",
                "run|\"ended\": \"2026|\"ended\": \"+999999999|'ended'",
                "run|\"started\": \"2026|\"started\": \"-999999999|'started'",
                "run|\"count\": 1|\"count\": -1|'count'",
                "run|\"count\": 1|\"count\": 1e400|'count'",
                "run|{\"read\": 1,|{\"read\": 1e400,|'read'",
                "run|{\"read\": 1, \"write\": 1}|7|'format'",
                "manifest|\"model\": \"m\"|\"model\": \"\"|'model'",
                "manifest|\"run-1\"|\"run 1\"|'run'",
                "manifest|d/1|d/0|'datasets'",
                "manifest|\"parent\": 1|\"parent\": 4294967297|'parent'",
                "manifest|\"parent\": 1|\"parent\": 0|'parent'",
                "manifest|\"name\": \"a\"|\"name\": \" \"|'inputs'",
                "manifest|\"digest\": \"sha256:ab|\"digest\": \"sha256:xy|'digest'",
                "manifest|\"bytes\": 1, \"files|\"bytes\": -1, \"files|'bytes'",
                "manifest|\"a\", \"bytes\": 1|\"a\", \"bytes\": -1|'bytes'",
                "manifest|\"path\": \"a\"|\"path\": \"../a\"|'path'",
                "experiment|\"created\": \"2026|\"created\": \"+999999999|'created'",
                "model|\"created\": \"2026|\"created\": \"+999999999|'created'"
            })
    void aWrongFieldIsNamed(String document, String right, String wrong, String field) {
        String text = DOCUMENTS.get(document).text();
        read(document, text);
        assertThat(text).contains(right);

        assertThatThrownBy(() -> read(document, text.replace(right, wrong)))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContainingAll("some/file.json", field);
    }

    @Test
    void aReasonThatIsTooLongIsNamed() {
        assertThatThrownBy(() -> read("run", RUN.replace("\"m\"}", "\"" + "m".repeat(9000) + "\"}")))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContainingAll("some/file.json", "'message'");
    }

    @Test
    void theParserDoesNotSpeakOfItself() {
        for (String text : List.of("", "{", "{\"a\": [", "{\"a\": \"x", "{\"a\": 1, \"a\": 2}", "{\"a\": tru}")) {
            assertThatThrownBy(() -> read("run", text))
                    .isInstanceOf(CorruptDataException.class)
                    .hasMessageContaining("some/file.json is damaged")
                    .satisfies(e -> assertThat(e.toString() + e.getCause()).doesNotContain("REDACTED", "StreamRead"));
        }
    }
}

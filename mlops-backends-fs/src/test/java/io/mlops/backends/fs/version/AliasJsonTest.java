package io.mlops.backends.fs.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.CorruptDataException;
import io.mlops.core.codec.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One wrong field of a revision is named, with the document, whatever is wrong with it. */
final class AliasJsonTest {
    private static final String REVISION = """
            {"format": {"read": 1, "write": 1}, "revision": 1, "aliases": {"champion": {"version": 1}},
             "move": {"alias": "champion", "from": 1, "to": 2, "by": "anna", "reason": "r",
             "at": "2026-11-21T12:00:00.000Z"}}
            """;

    private static void read(String text) {
        Json json = Json.parse(text.getBytes(StandardCharsets.UTF_8), "some/file.json");
        var unused = AliasJson.aliases(json);
        var unusedToo = AliasJson.move(json, "m");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"version\": 1}|{\"version\": 4294967297}|'version'",
                "\"to\": 2|\"to\": -2|'to'",
                "\"from\": 1|\"from\": 4294967297|'from'",
                "\"alias\": \"champion\"|\"alias\": \"latest\"|'move'"
            })
    void aWrongFieldIsNamed(String right, String wrong, String field) {
        read(REVISION);
        assertThat(REVISION).contains(right);

        assertThatThrownBy(() -> read(REVISION.replace(right, wrong)))
                .isInstanceOf(CorruptDataException.class)
                .hasMessageContainingAll("some/file.json", field);
    }
}

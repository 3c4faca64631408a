package io.mlops.api.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.VersionReference.Aliased;
import io.mlops.api.common.VersionReference.Digested;
import io.mlops.api.tracker.RunInput;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts that name versions, aliases, digests and data. */
final class ReferencesTest {
    private static final Digest DIGEST = Digest.sha256(new byte[32]);

    @Test
    void referencesReadAsTheyAreWritten() {
        for (VersionReference reference : List.of(
                new ModelVersionId("churn", 7),
                new ModelVersionId("team/churn", 7),
                new Aliased("churn", "champion"),
                new Aliased("churn", "latest"),
                new Digested("churn", DIGEST))) {
            assertThat(VersionReference.parse(reference.toString())).isEqualTo(reference);
        }
        assertThat(new ModelVersionId("churn", 7)).hasToString("churn/7");
        assertThat(DatasetVersionId.parse("customers/3")).isEqualTo(new DatasetVersionId("customers", 3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a@b", "a#b", "a@b/7", "a#sha256:00", "a/b", "/", "@", "#", "7"})
    void idsOfVersionsReadAsTheyAreWritten(String name) {
        ModelVersionId model = new ModelVersionId(name, 3);
        DatasetVersionId dataset = new DatasetVersionId(name, 3);

        assertThat(ModelVersionId.parse(model.toString())).isEqualTo(model);
        assertThat(DatasetVersionId.parse(dataset.toString())).isEqualTo(dataset);
        for (String wrong : List.of(name, name + "@champion", name + "/", name + "/0", name + "/x")) {
            if (!wrong.equals("a@b/7")) {
                assertThatThrownBy(() -> ModelVersionId.parse(wrong)).isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> DatasetVersionId.parse(wrong)).isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "churn",
                "",
                "/7",
                "@champion",
                "churn/",
                "churn/0",
                "churn/-1",
                "churn/x",
                "churn@",
                "churn@a b",
                "churn#sha256:ab12",
                "churn#ab12",
                "churn/99999999999"
            })
    void whatNamesNoVersionIsRefused(String text) {
        assertThatThrownBy(() -> VersionReference.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aBareNameIsToldHowToBeWritten() {
        assertThatThrownBy(() -> VersionReference.parse("churn"))
                .hasMessageContainingAll("churn/7", "churn@champion", "churn@latest", "churn#sha256:");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "models:/churn@champion churn@champion",
                "models:/churn/2 churn/2",
                "models:/churn/Production churn@Production",
                "models:/churn/Latest churn@latest",
                "models:/team/churn/7 team/churn/7",
                "models://churn/2 churn/2",
                "Models:/churn churn/7,",
                "churn:2 churn/2",
                "churn:v2 churn/2",
                "churn@v2 churn/2",
                "churn/v2 churn/2",
                "churn:champion churn@champion",
                "churn:LATEST churn@latest",
                "churn/latest churn@latest"
            })
    void howOthersWriteItIsToldHowWeDo(String theirs, String ours) {
        assertThatThrownBy(() -> VersionReference.parse(theirs))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("write " + ours);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {"models:/churn/v7 churn/7", "models:/churn:v7 churn/7", "models:/churn@v7 churn/7"})
    void whatIsToBeWrittenInsteadIsRead(String theirs, String ours) {
        assertThatThrownBy(() -> VersionReference.parse(theirs)).hasMessageEndingWith("write " + ours);
        assertThat(VersionReference.parse(ours)).hasToString(ours);
    }

    @Test
    void whatIsToBeWrittenInsteadOfAnyTextIsRead() {
        Pattern proposal =
                Pattern.compile("(?s)'.*' (?:names no version|is an address of MLflow's): write ([^,]*)(, .*)?");
        int proposed = 0;
        for (String text : NamesTest.wrongTexts()) {
            try {
                VersionReference unused = VersionReference.parse(text);
            } catch (IllegalArgumentException refused) {
                Matcher instead = proposal.matcher(refused.getMessage());
                if (instead.matches()) {
                    proposed++;
                    assertThatCode(() -> VersionReference.parse(instead.group(1)))
                            .as(refused.getMessage())
                            .doesNotThrowAnyException();
                }
            }
        }
        assertThat(proposed).isGreaterThan(1000);
    }

    @Test
    void theNameIsFoundInWhatWouldBeReadAsAVersion() {
        assertThat(VersionReference.findName("team/churn/7")).contains("team/churn");
        assertThat(VersionReference.findName("models:/churn@champion")).contains("churn");
        assertThat(VersionReference.findName("churn")).isEmpty();
        assertThat(VersionReference.findName("com.acme:churn")).isEmpty();
        assertThat(VersionReference.findName("a@".repeat(1_000_000))).isEmpty();
    }

    @Test
    void theNewestVersionIsReservedInAnyCase() {
        for (String latest : List.of("latest", "LATEST", "Latest")) {
            assertThat(VersionReference.parse("churn@" + latest)).isEqualTo(new Aliased("churn", "latest"));
            assertThatThrownBy(() -> AliasMove.of("churn@" + latest, 7))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("reserved");
        }
    }

    @Test
    void aMoveExpectsWhereTheAliasWasFound() {
        ModelVersionId sixth = new ModelVersionId("churn", 6);
        AliasMove move = AliasMove.of("churn@champion", 7);

        assertThat(move.expecting(Optional.of(sixth))).isEqualTo(move.expecting(6));
        assertThat(move.expecting(Optional.empty())).isEqualTo(move.expectingUnset());
        assertThatThrownBy(() -> move.expecting(Optional.of(new ModelVersionId("income", 6))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("income/6");
        assertThatThrownBy(() -> AliasMove.of("models:/churn@champion", sixth))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("write churn@champion");
    }

    @Test
    void aMoveIsAValue() {
        AliasMove move = AliasMove.of("churn@champion", new ModelVersionId("churn", 7))
                .expecting(6)
                .because("AUC +0.02");

        assertThat(move).isEqualTo(new AliasMove("churn", "champion", 7, new AliasMove.Guard.Version(6), "AUC +0.02"));
        assertThat(AliasMove.remove("churn@champion").expectingUnset().target()).isNull();
        assertThat(AliasMove.of("a@b@champion", 1).name()).isEqualTo("a@b");
        assertThatThrownBy(() -> AliasMove.of("churn@champion", new ModelVersionId("income", 7)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("income/7");
        assertThatThrownBy(() -> AliasMove.of("champion", 7)).hasMessageContaining("churn@champion");
        assertThatThrownBy(() -> AliasMove.of("churn@latest", 7)).hasMessageContaining("reserved");
        assertThatThrownBy(() -> AliasMove.of("churn@champion", 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void digestsAreLowerCaseAndWhole() {
        assertThat(Digest.parse("SHA256:" + "AB".repeat(32))).hasToString("sha256:" + "ab".repeat(32));
        assertThat(Digest.parse("md5:00ff")).hasToString("md5:00ff");
        for (String text : List.of("sha256:ab", "ab", "sha256:", ":ab", "md5:xyz", "md5:" + "a".repeat(129))) {
            assertThatThrownBy(() -> Digest.parse(text)).as(text).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "s3://KEY:se/cret@bucket/x s3://bucket/x",
                "https://host/x.csv?sig=abc&token=t https://host/x.csv?…",
                "C:\\data\\a@b.csv C:\\data\\a@b.csv"
            })
    void dataKeptElsewhereIsNamedWithoutCredentials(String source, String shown) {
        String kept = DataReference.external("rows", DIGEST, source).source();

        assertThat(kept).isEqualTo(shown);
        assertThat(DataReference.external("rows", DIGEST, kept).source()).isEqualTo(shown);
        assertThat(new RunInput("rows", DIGEST, null, source, "training").source())
                .isEqualTo(shown);
    }

    @Test
    void theLongestSourceStaysWithinItsLimit() {
        String longest = "https://h/" + "x".repeat(4988) + "?y";

        assertThat(DataReference.external("rows", DIGEST, longest).source()).hasSize(5000);
        assertThat(DataReference.external("rows", DIGEST, "x").version()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../etc", "/etc", "a//b", "a/", "./a", "a/./b", "a/..", "C:/x", "a\\b", "a\nb", "a\u0000", ""})
    void pathsThatWouldBeLocationsAreRefused(String path) {
        assertThatThrownBy(() -> RelativePath.of(path)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void pathsAreOrderedByTheirBytes() {
        assertThat(RelativePath.of("a-b").compareTo(RelativePath.of("a/b"))).isNegative();
        assertThat(RelativePath.of("\uffee").compareTo(RelativePath.of("😀")))
                .as("unlike UTF-16")
                .isNegative();
        assertThat(RelativePath.of("b").below(RelativePath.of("a"))).isEqualTo(RelativePath.of("a/b"));
        assertThat(RelativePath.of("a/b").isBelow(RelativePath.of("a"))).isTrue();
        assertThat(RelativePath.of("ab").isBelow(RelativePath.of("a"))).isFalse();
        assertThatThrownBy(() -> RelativePath.of("ü".repeat(128))).hasMessageContaining("255");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {"weights:0.bin weights_0.bin", "a\\b/c.bin a_b/c.bin"})
    void aPathThatOnlySomeSystemsTakeSaysWhatToDo(String path, String instead) {
        assertThatThrownBy(() -> RelativePath.of(path))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("rename", instead);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", "a/b", "..", "a b", "ü"})
    void runIdsAreSafeInFilesAndUrls(String id) {
        assertThatThrownBy(() -> new RunId(id)).isInstanceOf(IllegalArgumentException.class);
    }
}

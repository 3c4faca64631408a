package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.RefusedException;
import io.mlops.api.registry.ModelChange;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.registry.ModelVersion;
import io.mlops.core.Mlops;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders of a model that somebody replaced by links: what they lead to is read, and never written. */
final class LinkedModelFoldersTest {
    private static final ModelSpec MODEL = ModelSpec.of("churn", "model.txt", Content.text("weights"));

    @TempDir
    private Path folder;

    private Path elsewhere;
    private Mlops mlops;
    private ModelVersion version;

    @BeforeEach
    void makeModel() {
        elsewhere = folder.resolve("elsewhere");
        mlops = Mlops.open("file:" + folder.resolve("store"));
        version = mlops.registry().register(MODEL);
        mlops.registry().tag(version.id(), "reviewed", "yes");
        mlops.registry().move(AliasMove.of("churn@champion", version));
    }

    @AfterEach
    void close() {
        mlops.close();
    }

    /** Puts a link in place of a folder, which goes elsewhere. */
    private Path link(String place) throws IOException {
        Path link = folder.resolve("store").resolve(place);
        Files.move(link, elsewhere);
        return Files.createSymbolicLink(link, elsewhere);
    }

    private Set<String> written() throws IOException {
        Set<String> found = new TreeSet<>();
        try (Stream<Path> files = Files.walk(elsewhere)) {
            for (Path file : files.toList()) {
                found.add(file + (Files.isRegularFile(file) ? Files.readString(file) : ""));
            }
        }
        return found;
    }

    private void assertRefused(Path link, List<ThrowingCallable> writes) throws IOException {
        Set<String> before = written();
        for (ThrowingCallable write : writes) {
            assertThatThrownBy(write)
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContainingAll(link.toString(), "is a link to " + elsewhere);
        }
        assertThat(written()).isEqualTo(before);
        assertThat(mlops.registry().get("churn@champion").tags()).containsEntry("reviewed", "yes");
        assertThat(mlops.registry().history("churn")).hasSize(1);
    }

    @Test
    void labelsAreNotWrittenThroughALink() throws IOException {
        assertRefused(
                link("registry/churn/versions"), List.of(() -> mlops.registry().tag(version.id(), "reviewed", "no")));
    }

    @Test
    void aModelIsNotChangedThroughALink() throws IOException {
        assertRefused(
                link("registry/churn"),
                List.of(
                        () -> mlops.registry().change("churn", new ModelChange.Described("x")),
                        () -> mlops.registry().tag(version.id(), "reviewed", "no"),
                        () -> mlops.registry().move(AliasMove.remove("churn@champion")),
                        () -> mlops.registry().register(MODEL)));
    }

    @Test
    void aVersionIsNotMadeThroughALink() throws IOException {
        assertRefused(link("models/churn"), List.of(() -> mlops.registry().register(MODEL)));
    }
}

package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.RelativePath;
import io.mlops.api.spi.ModelDraft;
import io.mlops.core.disk.Host;
import io.mlops.core.disk.Owner;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Leftovers of the dead are removed, those of the living are not. */
final class LeftoversTest {
    @TempDir
    private Path folder;

    /** Registers a model whose last file never comes to its end. */
    static final class Registering {
        public static void main(String[] args) {
            Content endless = new Content() {
                @Override
                public long bytes() {
                    return 1;
                }

                @Override
                public InputStream open() throws IOException {
                    System.out.println("staging");
                    System.in.read();
                    throw new IOException("told to stop");
                }
            };
            try (FsBackend store = FsBackend.at(Path.of(args[0]))) {
                var unused = store.models()
                        .create(new ModelDraft(
                                "key",
                                "churn",
                                new TreeMap<>(
                                        Map.of(RelativePath.of("a"), Content.text("a"), RelativePath.of("b"), endless)),
                                null,
                                List.of(),
                                null,
                                null,
                                "",
                                Map.of(),
                                "child",
                                Instant.EPOCH));
            }
        }
    }

    /** Opens the store and writes something, as the next process would. */
    static final class Visiting {
        public static void main(String[] args) {
            try (FsBackend store = FsBackend.at(Path.of(args[0]))) {
                var unused = store.experiments().ensure("visit-" + System.nanoTime(), Instant.EPOCH);
            }
        }
    }

    private void visit() {
        Visiting.main(new String[] {folder.resolve("store").toString()});
    }

    private long staged() throws IOException {
        try (Stream<Path> owners = Files.list(folder.resolve("store/.staging"))) {
            return owners.count();
        }
    }

    private long alive() throws IOException {
        try (Stream<Path> owners = Files.list(folder.resolve("store/.live"))) {
            return owners.count();
        }
    }

    @Test
    void whatALivingProcessStagedSurvivesAndWhatADeadOneLeftIsRemoved() throws Exception {
        visit();
        assertThat(staged()).isZero();
        assertThat(alive()).isZero();
        try (ChildJvm child = ChildJvm.start(Registering.class, folder.resolve("store"))) {
            child.awaitLine("staging");
            child.signal("STOP");

            visit();

            assertThat(staged()).as("a stopped process is not dead").isEqualTo(1);
            assertThat(alive()).isEqualTo(1);
            child.kill();

            visit();

            assertThat(staged()).isZero();
            assertThat(alive()).isZero();
        }
        assertThat(folder.resolve("store/models/churn")).doesNotExist();
    }

    @Test
    void aSecondStoreOfThisProcessIsLeftAlone() throws IOException {
        try (FsBackend first = FsBackend.at(folder.resolve("store"))) {
            var unused = first.experiments().ensure("churn", Instant.EPOCH);

            visit();

            assertThat(staged()).isEqualTo(1);
            assertThat(first.experiments().ensure("other", Instant.EPOCH).name())
                    .isEqualTo("other");
        }
        assertThat(staged()).isZero();
    }

    @Test
    void anotherApplicationOfThisJvmLeavesThisOneAlone() throws Exception {
        try (FsBackend first = FsBackend.at(folder.resolve("store"));
                SecondLoader second = new SecondLoader()) {
            var unused = first.experiments().ensure("churn", Instant.EPOCH);

            second.run(Visiting.class, folder.resolve("store"));

            assertThat(staged()).isEqualTo(1);
            assertThat(alive()).isEqualTo(1);
            try (ChildJvm child = ChildJvm.start(Visiting.class, folder.resolve("store"))) {
                assertThat(child.exit()).isZero();
            }
            assertThat(staged()).as("nobody's look has cost it its lock").isEqualTo(1);
            assertThat(first.experiments().ensure("other", Instant.EPOCH).name())
                    .isEqualTo("other");
        }
        assertThat(staged()).isZero();
    }

    @Test
    void anotherProcessWithThePidOfADeadOneDoesNotKeepItAlive() throws IOException {
        visit();
        Host here = Host.current();
        // Only its token tells a process apart: who has its pid now does not matter.
        String dead = new Owner(new Host(here.name(), here.boot(), "11111111"), "22222222").toString();
        Files.createDirectories(folder.resolve("store/.staging").resolve(dead));
        Files.createFile(folder.resolve("store/.live").resolve(dead + ".lock"));

        visit();

        assertThat(staged()).isZero();
        assertThat(alive()).isZero();
    }

    @Test
    void ownersOfEarlierBootsAreDead() throws IOException {
        visit();
        Host here = Host.current();
        String before = new Owner(new Host(here.name(), "00000001", "11111111"), "22222222").toString();
        String elsewhere = new Owner(new Host("other.host", "00000002", "11111111"), "22222222").toString();
        for (String owner : List.of(before, elsewhere)) {
            Files.createDirectories(folder.resolve("store/.staging").resolve(owner));
            Files.createFile(folder.resolve("store/.live").resolve(owner + ".lock"));
        }
        Files.createDirectories(folder.resolve("store/.staging/somebody's notes"));

        visit();

        assertThat(folder.resolve("store/.staging").resolve(before)).doesNotExist();
        assertThat(folder.resolve("store/.staging").resolve(elsewhere)).exists();
        assertThat(folder.resolve("store/.staging/somebody's notes")).exists();
    }

    @Test
    void whoDiedBeforeItsFileHadItsNameIsRemovedInTheEnd() throws IOException {
        visit();
        Path old = Files.createFile(folder.resolve("store/.live/old.new"));
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(8))));
        Path young = Files.createFile(folder.resolve("store/.live/young.new"));

        visit();

        assertThat(old).doesNotExist();
        assertThat(young).as("it may be locked and named in a moment").exists();
    }
}

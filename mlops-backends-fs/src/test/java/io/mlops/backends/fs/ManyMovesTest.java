package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.AliasEvent;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.VersionReference;
import io.mlops.api.registry.ModelSpec;
import io.mlops.core.Mlops;
import io.mlops.core.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Aliases that were moved often: a look lists few files, and the history is whole. */
final class ManyMovesTest {
    private static final VersionReference CHAMPION = new VersionReference.Aliased("churn", "champion");
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    @TempDir
    private Path folder;

    private Path registry;

    /** A disk on which somebody else acts just before the first link to a revision. */
    private static final class InterruptedDisk extends Disk {
        private @Nullable Runnable meanwhile;

        @Override
        public boolean claimFile(Path staged, Path target) throws IOException {
            Runnable others = meanwhile;
            if (others != null && target.getFileName().toString().startsWith("aliases-")) {
                meanwhile = null;
                others.run();
            }
            return super.claimFile(staged, target);
        }
    }

    @BeforeEach
    void makeModel() {
        registry = folder.resolve("store/registry/churn");
        try (Mlops mlops = Mlops.open("file:" + folder.resolve("store"))) {
            for (int i = 1; i <= 3; i++) {
                var unused =
                        mlops.registry().register(ModelSpec.of("churn", "model.txt", Content.text("weights " + i)));
            }
        }
    }

    private FsBackend open() {
        return FsBackend.at(folder.resolve("store"));
    }

    private static void move(FsBackend store, int from, int to) {
        for (int i = from; i <= to; i++) {
            var unused = store.models()
                    .move(AliasMove.of("churn@champion", i % 3 + 1).because("move " + i), "anna", NOON);
        }
    }

    private static void assertHistory(FsBackend store, int moves) {
        assertThat(store.models().history("churn", PageRequest.first(10_000)).items())
                .extracting(event -> event.move().reason())
                .isEqualTo(IntStream.iterate(moves, i -> i >= 1, i -> i - 1)
                        .mapToObj(i -> "move " + i)
                        .toList());
    }

    private static void assertChampion(FsBackend store, int move) {
        assertThat(store.models().find(CHAMPION).orElseThrow().number()).isEqualTo(move % 3 + 1);
        assertThat(store.models().find("churn").orElseThrow().aliases()).containsEntry("champion", move % 3 + 1);
    }

    private List<String> revisions(Path where) throws IOException {
        try (Stream<Path> files = Files.list(where)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("aliases-"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void aLookListsFewFilesHoweverManyMovesThereWere() throws IOException {
        try (FsBackend store = open()) {
            for (int i = 1; i <= 100; i++) {
                move(store, i, i);

                assertThat(revisions(registry)).hasSizeBetween(1, 24).endsWith("aliases-%08d.json".formatted(i));
                assertChampion(store, i);
            }
            assertHistory(store, 100);
        }
        assertThat(revisions(registry.resolve("moves"))).hasSize(88).startsWith("aliases-00000001.json");
        try (FsBackend another = open()) {
            assertChampion(another, 100);
            assertHistory(another, 100);
        }
    }

    @Test
    void aStoreOfAnOlderVersionIsReadAndPutInOrderByItsNextMoves() throws IOException {
        try (FsBackend store = open()) {
            move(store, 1, 50);
        }
        for (String name : revisions(registry.resolve("moves"))) {
            // To rename a link to another one of the same file does nothing.
            Files.deleteIfExists(registry.resolve(name));
            Files.move(registry.resolve("moves").resolve(name), registry.resolve(name));
        }
        Files.delete(registry.resolve("moves"));

        try (FsBackend store = open()) {
            assertChampion(store, 50);
            assertHistory(store, 50);
            move(store, 51, 56);
            assertThat(revisions(registry))
                    .as("a copy that is made now misses none")
                    .hasSize(56);
            assertHistory(store, 56);
            move(store, 57, 64);
            assertHistory(store, 64);
        }
        assertThat(revisions(registry)).hasSize(16);
        assertThat(revisions(registry.resolve("moves"))).hasSize(56);
    }

    @Test
    void aMoverThatSleptForManyMovesHasMovedNothing() throws IOException {
        InterruptedDisk disk = new InterruptedDisk();
        try (FsBackend others = open();
                FsBackend sleeper = FsBackend.at(folder.resolve("store"), disk)) {
            move(others, 1, 1);
            disk.meanwhile = () -> move(others, 2, 39);

            assertThatThrownBy(() -> sleeper.models()
                            .move(AliasMove.of("churn@champion", 3).expecting(2), "ben", NOON))
                    .isInstanceOf(ConflictException.class);

            assertChampion(others, 39);
            assertHistory(others, 39);
            disk.meanwhile = () -> move(others, 40, 79);
            AliasEvent event = sleeper.models()
                    .move(AliasMove.of("churn@champion", 80 % 3 + 1).because("move 80"), "ben", NOON);
            assertThat(event.before()).isEqualTo(79 % 3 + 1);
            assertChampion(others, 80);
            assertHistory(others, 80);
        }
        assertThat(revisions(registry)).doesNotContain("aliases-00000002.json", "aliases-00000040.json");
    }

    @Test
    void aMoverThatSleepsWhileItsMoveIsPutAsideHasMoved() {
        try (FsBackend others = open();
                FsBackend sleeper = FsBackend.at(folder.resolve("store"), new Disk() {
                    private boolean first = true;

                    @Override
                    public boolean claimFile(Path staged, Path target) throws IOException {
                        boolean claimed = super.claimFile(staged, target);
                        if (first && target.getFileName().toString().startsWith("aliases-")) {
                            first = false;
                            move(others, 2, 40);
                        }
                        return claimed;
                    }
                })) {
            var event = sleeper.models().move(AliasMove.of("churn@champion", 2).because("move 1"), "anna", NOON);

            assertThat(event.before()).isNull();
            assertChampion(others, 40);
            assertHistory(others, 40);
        }
    }

    @Test
    void nothingIsPutAsideThroughALink() throws IOException {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Files.createSymbolicLink(registry.resolve("moves"), elsewhere);

        try (FsBackend store = open()) {
            move(store, 1, 20);
            assertChampion(store, 20);
            assertHistory(store, 20);
        }
        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void whoReadsWhileOthersMoveSeesEveryMoveAndWarnsOfNothing() throws Exception {
        AtomicBoolean moving = new AtomicBoolean(true);
        List<Throwable> failures = new ArrayList<>();
        try (FsBackend movers = open();
                FsBackend readers = open()) {
            move(movers, 1, 1);
            Thread reader = new Thread(() -> {
                long seen = 0;
                while (moving.get()) {
                    seen = check(readers, seen);
                }
            });
            reader.setUncaughtExceptionHandler((thread, failure) -> failures.add(failure));
            reader.start();
            move(movers, 2, 400);
            moving.set(false);
            reader.join();
            assertHistory(readers, 400);
        }
        assertThat(failures).isEmpty();
    }

    private static long check(FsBackend store, long seen) {
        assertThat(store.models().find(CHAMPION)).isPresent();
        List<AliasEvent> history =
                store.models().history("churn", PageRequest.first(10_000)).items();
        assertThat(history).hasSizeGreaterThanOrEqualTo((int) seen);
        assertThat(history.get(0).move().reason()).isEqualTo("move " + history.size());
        return history.size();
    }
}

package io.mlops.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.Digest;
import io.mlops.api.common.MlopsException;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.ArtifactStore;
import io.mlops.api.spi.Capability;
import io.mlops.api.spi.OpenArtifact;
import io.mlops.api.spi.RunDraft;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests what every {@link ArtifactStore} must do with the files of runs. */
abstract class ArtifactStoreContract extends StoreSuite {
    private static final RunId ID = new RunId("run-1");

    @BeforeEach
    void makeRun() {
        backend().runs().create(new RunDraft(ID, "churn", "run", NOON, null, Map.of()));
    }

    private ArtifactStore store() {
        return backend().artifacts();
    }

    private static RelativePath path(String text) {
        return RelativePath.of(text);
    }

    private ArtifactEntry put(String path, String text) {
        return store().put(ID, Map.of(path(path), Content.text(text))).get(0);
    }

    private String read(String path) throws IOException {
        try (InputStream in = store().open(ID, path(path)).bytes()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private List<String> list(@Nullable RelativePath folder) {
        return all(page -> store().list(ID, folder, page), 2).stream()
                .map(entry -> entry.path().value())
                .toList();
    }

    /** Content that gives some bytes, then fails. */
    private static Content failing(int after) {
        return new Content() {
            @Override
            public long bytes() {
                return after + 10L;
            }

            @Override
            public InputStream open() {
                return new SequenceInputStream(new ByteArrayInputStream(new byte[after]), new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("the source is gone");
                    }

                    @Override
                    public int read(byte[] target, int from, int length) throws IOException {
                        throw new IOException("the source is gone");
                    }
                });
            }
        };
    }

    @Test
    void bytesComeBackWithSizeAndDigest() throws Exception {
        byte[] bytes = new byte[3_000_000];
        new Random(1).nextBytes(bytes);

        ArtifactEntry entry = store().put(ID, Map.of(path("model/weights.bin"), Content.of(bytes)))
                .get(0);

        assertThat(entry.path().value()).isEqualTo("model/weights.bin");
        assertThat(entry.bytes()).isEqualTo(bytes.length);
        Digest digest = Digest.sha256(MessageDigest.getInstance("SHA-256").digest(bytes));
        if (promises(Capability.ARTIFACT_DIGESTS)) {
            assertThat(entry.digest()).isEqualTo(digest);
        } else {
            assertThat(entry.digest()).isIn(null, digest);
        }
        assertThat(store().find(ID, path("model/weights.bin"))).contains(entry);
        try (InputStream in = store().open(ID, path("model/weights.bin")).bytes()) {
            assertThat(in.readAllBytes()).isEqualTo(bytes);
        }
    }

    @Test
    void putReplaces() throws IOException {
        put("report.txt", "old and long");

        ArtifactEntry entry = put("report.txt", "new");

        assertThat(read("report.txt")).isEqualTo("new");
        assertThat(store().find(ID, path("report.txt"))).contains(entry);
        assertThat(list(null)).containsExactly("report.txt");
    }

    @Test
    void putTwiceIsPutOnce() throws IOException {
        assertThat(put("report.txt", "same")).isEqualTo(put("report.txt", "same"));
        assertThat(read("report.txt")).isEqualTo("same");
    }

    @Test
    void severalAtOnceAndEmptyOnes() throws IOException {
        List<ArtifactEntry> entries = store().put(
                        ID,
                        Map.of(
                                path("b/two"),
                                Content.text("2"),
                                path("a"),
                                Content.text(""),
                                path("b/one"),
                                Content.text("1")));

        assertThat(entries).extracting(entry -> entry.path().value()).containsExactly("a", "b/one", "b/two");
        assertThat(read("a")).isEmpty();
        assertThat(read("b/two")).isEqualTo("2");
    }

    @Test
    void listsByPathBelowAFolder() {
        List.of("b/x/1", "a", "b/y", "bb", "b/x/2").forEach(path -> put(path, path));

        assertThat(list(null)).containsExactly("a", "b/x/1", "b/x/2", "b/y", "bb");
        assertThat(list(path("b"))).containsExactly("b/x/1", "b/x/2", "b/y");
        assertThat(list(path("b/x"))).containsExactly("b/x/1", "b/x/2");
        assertThat(list(path("c"))).isEmpty();
    }

    @Test
    void pathsOfAnyKindRoundTrip() throws IOException {
        List<String> paths = List.of(
                "größe/日本語/😀.txt",
                "with space /x",
                "...",
                ".hidden",
                "con",
                "a%2fb",
                "-rf",
                "x".repeat(255),
                "a..b",
                "~",
                "$HOME");

        for (String path : paths) {
            put(path, path);
        }

        for (String path : paths) {
            assertThat(read(path)).isEqualTo(path);
        }
        assertThat(list(null)).containsExactlyInAnyOrderElementsOf(paths);
    }

    @Test
    void theFolderOfTheStoresIsRefusedWithAllThatCameAlong() {
        for (String path : List.of(".mlops", ".mlops/environment.json")) {
            assertThatThrownBy(
                            () -> store().put(ID, Map.of(path("a"), Content.text("x"), path(path), Content.text("x"))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll(path, "another folder");
        }
        assertThat(list(null)).isEmpty();
        put("deep/.mlops/x", "x");
        put(".mlops2", "x");
    }

    @Test
    void aPathIsAFileOrAFolder() throws IOException {
        put("report", "text");

        assertThatThrownBy(() -> put("report/details", "more"))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("report");
        put("folder/details", "more");
        assertThatThrownBy(() -> put("folder", "text"))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("folder");
        assertThat(read("report")).isEqualTo("text");
        assertThat(list(null)).containsExactly("folder/details", "report");
    }

    @Test
    void aSourceThatFailsLeavesTheOldBytes() throws IOException {
        put("report.txt", "old");

        assertThatThrownBy(() -> store().put(ID, Map.of(path("report.txt"), failing(100_000))))
                .isInstanceOf(MlopsException.class)
                .hasMessageContainingAll("report.txt", "the source is gone");

        assertThat(read("report.txt")).isEqualTo("old");
        assertThat(list(null)).containsExactly("report.txt");
    }

    @Test
    void whatIsNotThereIsNotFound() {
        RunId unknown = new RunId("unknown");

        assertThat(store().find(ID, path("x"))).isEmpty();
        assertThat(store().find(unknown, path("x"))).isEmpty();
        assertThatThrownBy(() -> store().open(ID, path("x")))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContainingAll("x", "run-1");
        assertThatThrownBy(() -> store().put(unknown, Map.of(path("x"), Content.text("x"))))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("unknown");
    }

    @Test
    void manyAtOnceAreAllKept() {
        race(8, racer -> {
            for (int i = 0; i < 5; i++) {
                put("by-" + racer + "/" + i, "text");
            }
            return racer;
        });

        assertThat(list(null)).hasSize(40);
    }

    @Test
    void readersSeeTheOldOrTheNewBytesAndWhatBelongsToThem() {
        put("swap", "a".repeat(100_000));

        race(4, racer -> {
            for (int i = 0; i < 20; i++) {
                if (racer == 0) {
                    put("swap", (i % 2 == 0 ? "b" : "a").repeat(100_000 + i));
                } else {
                    checkWhole(store().open(ID, path("swap")), promises(Capability.ATOMIC_ARTIFACTS));
                }
            }
            return racer;
        });
        checkWhole(store().open(ID, path("swap")), true);
    }

    /** Checks that the bytes are of one content, and as many as the entry says; a torn read must be seen to be one. */
    private static void checkWhole(OpenArtifact opened, boolean untorn) {
        byte[] bytes;
        try (InputStream in = opened.bytes()) {
            bytes = in.readAllBytes();
        } catch (IOException e) {
            assertThat(untorn).as("read to the end, not: %s", e).isFalse();
            return;
        }
        if (untorn || bytes.length >= opened.entry().bytes()) {
            assertThat(bytes).hasSize((int) opened.entry().bytes());
            assertThat(new String(bytes, StandardCharsets.UTF_8)
                            .chars()
                            .distinct()
                            .count())
                    .isEqualTo(1);
        }
    }

    /** Content that opens the stream of this supplier. */
    private static Content opening(Supplier<@Nullable InputStream> stream) {
        return new Content() {
            @Override
            public long bytes() {
                return 1;
            }

            @Override
            @SuppressWarnings("NullAway") // a program without null checks may do so
            public InputStream open() {
                return stream.get();
            }
        };
    }

    @Test
    void contentThatMisbehavesIsRefusedAndLeavesNothing() {
        put("x", "old");
        Content noStream = opening(() -> null);
        Content unclosable = opening(() -> new ByteArrayInputStream(new byte[1]) {
            @Override
            public void close() throws IOException {
                throw new IOException("the pipe broke");
            }
        });
        Content fatal = opening(() -> {
            throw new StackOverflowError("too deep");
        });

        assertThatThrownBy(() -> store().put(ID, Map.of(path("x"), noStream)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContainingAll("'x'", "no stream");
        assertThatThrownBy(() -> store().put(ID, Map.of(path("x"), unclosable)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContainingAll("'x'", "the pipe broke");
        assertThatThrownBy(() -> store().put(ID, Map.of(path("a"), Content.text("a"), path("x"), fatal)))
                .isInstanceOf(StackOverflowError.class);
        assertThat(list(null)).containsExactly("x");
        assertThat(store().find(ID, path("x")).orElseThrow().bytes()).isEqualTo(3);
    }

    @Test
    void aFileThatGrewIsStoredAsLongAsItWasAndOneThatShrankIsRefused(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("growing.log"), "0123456789");
        Content content = Content.of(file);
        Files.writeString(file, "more", StandardOpenOption.APPEND);

        assertThat(store().put(ID, Map.of(path("x"), content)))
                .singleElement()
                .extracting(ArtifactEntry::bytes)
                .isEqualTo(10L);
        assertThat(read("x")).isEqualTo("0123456789");

        Files.writeString(file, "short");
        assertThatThrownBy(() -> store().put(ID, Map.of(path("y"), content)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContainingAll("growing.log", "changed while it was read", "shorter");
        assertThat(list(null)).containsExactly("x");
        assertThat(store().put(ID, Map.of(path("y"), Content.of(file)))).hasSize(1);
    }

    @Test
    void manyOneByOneAreListedInOrderReplacedAndFound() throws IOException {
        int count = 130;
        for (int i = 0; i < count; i++) {
            put("step-%03d/model.bin".formatted(i * 7 % count), "bytes of " + i);
        }
        put("step-005/model.bin", "other bytes");

        List<String> listed = list(null);
        assertThat(listed).hasSize(count).isSorted().startsWith("step-000/model.bin");
        assertThat(list(path("step-005"))).containsExactly("step-005/model.bin");
        assertThat(list(path("step-0"))).isEmpty();
        assertThat(read("step-005/model.bin")).isEqualTo("other bytes");
        assertThat(store().find(ID, path("step-005/model.bin")).orElseThrow().bytes())
                .isEqualTo("other bytes".length());
        for (String clash : List.of("step-077", "step-077/model.bin/x")) {
            assertThatThrownBy(() -> put(clash, "x"))
                    .isInstanceOf(ConflictException.class)
                    .hasMessageContainingAll("step-077/model.bin", "run-1");
        }
        assertThat(list(null)).isEqualTo(listed);
    }

    @Test
    void aNameThatBeginsLikeAFolderIsNotInIt() {
        List.of("a!", "a b/c", "a-", "a.txt", "a/ ", "a/b", "a0").forEach(path -> put(path, path));

        assertThat(list(path("a"))).containsExactly("a/ ", "a/b");
        assertThatThrownBy(() -> put("a", "x")).isInstanceOf(ConflictException.class);
        put("a.", "x");
        assertThatThrownBy(() -> store().put(ID, Map.of(path("b"), Content.text("1"), path("b/c"), Content.text("2"))))
                .isInstanceOf(ConflictException.class)
                .hasMessageContainingAll("'b'", "'b/c'");
    }

    @Test
    void useAfterCloseIsABug() {
        backend().close();

        assertThatThrownBy(() -> put("x", "x")).isInstanceOf(IllegalStateException.class);
    }
}

package io.mlops.core.query;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.mlops.api.common.ConflictException;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RelativePath;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files in the order of their paths, each of which is file or folder. */
final class PathTreeTest {
    private static PathTree<String> tree(String... paths) {
        PathTree<String> tree = new PathTree<>();
        List.of(paths).forEach(path -> tree.put(RelativePath.of(path), path));
        return tree;
    }

    private static List<String> page(PathTree<String> tree, @Nullable String folder, @Nullable String token) {
        return tree.oneMore(
                folder == null ? null : RelativePath.of(folder),
                new PageRequest(2, token == null ? null : tokenAfter(token)));
    }

    private static String tokenAfter(String path) {
        return requireNonNull(
                Pages.cut(List.of(path, "more"), 1, Function.identity()).next());
    }

    @Test
    void aPageBeginsAfterTheTokenAndEndsWithTheFolder() {
        PathTree<String> tree = tree("a", "b!", "b/1", "b/2", "b/3/x", "b0", "c");

        assertThat(page(tree, null, null)).containsExactly("a", "b!", "b/1");
        assertThat(page(tree, null, "b/2")).containsExactly("b/3/x", "b0", "c");
        assertThat(page(tree, "b", null)).containsExactly("b/1", "b/2", "b/3/x");
        assertThat(page(tree, "b", "b/2")).containsExactly("b/3/x");
        assertThat(page(tree, "b", "a")).hasSize(3);
        assertThat(page(tree, "b", "b0")).isEmpty();
        assertThat(page(tree, "d", "c")).isEmpty();
        assertThat(page(tree, "x".repeat(200) + ("/" + "y".repeat(199)).repeat(4), null))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../a", "/a", "a\\b"})
    void aTokenThatIsNoPathSaysSo(String token) {
        PathTree<String> tree = tree("b");

        assertThat(page(tree, null, "a")).containsExactly("b");
        for (String given : List.of(token, tokenAfter(token))) {
            assertThatThrownBy(() -> tree.oneMore(null, new PageRequest(2, given)))
                    .isExactlyInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("page token is not of this listing");
        }
    }

    @Test
    void whetherPathsFitTogetherIsSeenWithoutComparingAllPairs() {
        List<RelativePath> paths = IntStream.range(0, 50_000)
                .mapToObj(i -> RelativePath.of("folder-" + i % 100 + "/sub/file-" + i))
                .toList();
        PathTree<String> tree = new PathTree<>();

        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            tree.checkFree("run r", paths);
            paths.forEach(path -> tree.put(path, path.value()));
            tree.checkFree("run r", paths);
        });
        for (String clash : List.of("folder-7/sub", "folder-7/sub/file-7/x")) {
            assertThatThrownBy(() -> tree.checkFree("run r", List.of(RelativePath.of(clash))))
                    .isInstanceOf(ConflictException.class)
                    .hasMessageContainingAll("run r", "folder-7/sub", "folder-7/sub/file-");
        }
        assertThatThrownBy(() -> new PathTree<String>()
                        .checkFree(
                                "run r",
                                Stream.concat(paths.stream(), Stream.of(RelativePath.of("folder-7/sub")))
                                        .toList()))
                .isInstanceOf(ConflictException.class)
                .hasMessageContainingAll("folder-7/sub", "folder-7/sub/file-");
    }
}

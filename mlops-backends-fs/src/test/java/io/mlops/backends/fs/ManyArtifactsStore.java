package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.RunDraft;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A store with a run that has many artifacts, as the tests of its list have it. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class ManyArtifactsStore {
    static final RunId ID = new RunId("run-1");
    static final String RUN = "experiments/churn/run-1";

    @TempDir
    Path folder;

    TracingDisk disk;
    FsBackend backend;

    @BeforeEach
    void open() {
        disk = new TracingDisk(folder.resolve("store"));
        backend = FsBackend.at(folder.resolve("store"), disk);
        backend.runs().create(new RunDraft(ID, "churn", "run", Instant.EPOCH, null, Map.of()));
    }

    @AfterEach
    void close() {
        backend.close();
    }

    Path file(String name) {
        return folder.resolve("store").resolve(RUN).resolve(name);
    }

    static String name(int i) {
        return "step/%05d.txt".formatted(i);
    }

    static void put(FsBackend store, String path, String text) {
        assertThat(store.artifacts().put(ID, Map.of(RelativePath.of(path), Content.text(text))))
                .hasSize(1);
    }

    /** Puts artifacts one by one; each holds its name. */
    void put(int from, int to) {
        for (int i = from; i < to; i++) {
            put(backend, name(i), name(i));
        }
    }

    /** Puts artifacts in one call. */
    void putTogether(int from, int to) {
        Map<RelativePath, Content> files = new TreeMap<>();
        IntStream.range(from, to).forEach(i -> files.put(RelativePath.of(name(i)), Content.text(name(i))));
        assertThat(backend.artifacts().put(ID, files)).hasSize(to - from);
    }

    static List<String> names(int to) {
        return IntStream.range(0, to).mapToObj(ArtifactListTest::name).toList();
    }

    static List<String> list(FsBackend store) {
        List<String> paths = new ArrayList<>();
        String token = null;
        do {
            var page = store.artifacts().list(ID, null, new PageRequest(1000, token));
            page.items().forEach(entry -> paths.add(entry.path().value()));
            token = page.next();
        } while (token != null);
        return paths;
    }

    /** Lists all as a process does that has nothing in memory. */
    List<String> listAnew() {
        try (FsBackend other = FsBackend.at(folder.resolve("store"))) {
            return list(other);
        }
    }

    static String read(FsBackend store, String path) throws IOException {
        try (InputStream in = store.artifacts().open(ID, RelativePath.of(path)).bytes()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

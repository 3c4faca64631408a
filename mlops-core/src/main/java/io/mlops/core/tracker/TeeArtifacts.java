package io.mlops.core.tracker;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.ArtifactOwner;
import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.ArtifactStore;
import io.mlops.api.spi.OpenArtifact;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The files of one run: put into both places, read from the first. Thread-safe. */
record TeeArtifacts(
        RecordedRun inFirst, ArtifactStore first, RecordedRun inSecond, ArtifactStore second, SecondPlace place)
        implements ArtifactStore {
    @Override
    public List<ArtifactEntry> put(RunId run, Map<RelativePath, Content> files) {
        return place.both(
                "artifacts of run " + run,
                () -> {
                    inFirst.awaitCreated();
                    return first.put(run, files);
                },
                wanted -> {
                    place.patiently(inSecond::awaitCreated);
                    return second.put(run, watched(files, wanted));
                });
    }

    @Override
    public Optional<ArtifactEntry> find(ArtifactOwner owner, RelativePath path) {
        return first.find(owner, path);
    }

    @Override
    public Page<ArtifactEntry> list(ArtifactOwner owner, @Nullable RelativePath folder, PageRequest page) {
        return first.list(owner, folder, page);
    }

    @Override
    public OpenArtifact open(ArtifactOwner owner, RelativePath path) {
        return first.open(owner, path);
    }

    private static Map<RelativePath, Content> watched(Map<RelativePath, Content> files, BooleanSupplier wanted) {
        Map<RelativePath, Content> watched = new TreeMap<>();
        files.forEach((path, content) -> watched.put(path, new Watched(content, wanted)));
        return watched;
    }

    /** Shows that its reader is alive, and ends with an exception when nobody waits any more: the source may be gone. */
    private record Watched(Content content, BooleanSupplier wanted) implements Content {
        @Override
        public long bytes() {
            return content.bytes();
        }

        @Override
        public InputStream open() throws IOException {
            check();
            return new FilterInputStream(content.open()) {
                @Override
                public int read() throws IOException {
                    check();
                    return in.read();
                }

                @Override
                public int read(byte[] target, int from, int length) throws IOException {
                    check();
                    return in.read(target, from, length);
                }
            };
        }

        private void check() throws IOException {
            if (!wanted.getAsBoolean()) {
                throw new IOException("the caller has stopped waiting");
            }
        }
    }
}

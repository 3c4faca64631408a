package io.mlops.api.registry;

import static java.util.Objects.requireNonNull;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The place of the files of a version that is to be registered. */
public sealed interface ModelSource {
    /** A local file, or a folder that is taken whole. */
    record Local(Path fileOrFolder) implements ModelSource {
        public Local {
            requireNonNull(fileOrFolder, "fileOrFolder");
        }
    }

    /** Files by their paths in the version. */
    record Contents(SortedMap<RelativePath, Content> files) implements ModelSource {
        public Contents {
            // Neither holes nor an order of the caller's come in.
            files = Collections.unmodifiableSortedMap(new TreeMap<>(Map.copyOf(requireNonNull(files, "files"))));
            if (files.isEmpty()) {
                throw new IllegalArgumentException("a version needs at least one file");
            }
        }
    }

    /** An artifact of a run, or all of its artifacts below a folder; the store keeps them once, where it can. */
    record OfRun(RunId run, String path) implements ModelSource {
        public OfRun {
            requireNonNull(run, "run");
            requireNonNull(path, "path");
            if (!path.isEmpty()) {
                var unused = RelativePath.of(path);
            }
        }
    }
}

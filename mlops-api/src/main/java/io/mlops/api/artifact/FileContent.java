package io.mlops.api.artifact;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file, with the size it had when it was named. */
record FileContent(Path file, long bytes) implements Content {
    static FileContent of(Path file) {
        if (!Files.isRegularFile(requireNonNull(file, "file"))) {
            throw new NotFoundException("no file " + file);
        }
        try {
            return new FileContent(file, Files.size(file));
        } catch (IOException e) {
            throw new RefusedException("cannot read file " + file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public InputStream open() throws IOException {
        return Files.newInputStream(file);
    }
}

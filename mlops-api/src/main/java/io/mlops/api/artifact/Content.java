package io.mlops.api.artifact;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.NotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Bytes that can be read as often as a retry needs, the same each time. */
public interface Content {
    /** How many, as far as it is known before they are read. */
    long bytes();

    /** From the start; the caller closes it. */
    InputStream open() throws IOException;

    /** A copy of these bytes. */
    static Content of(byte[] bytes) {
        return new BytesContent(requireNonNull(bytes, "bytes").clone());
    }

    /**
     * A file that stays as it is until it was read.
     *
     * @throws NotFoundException if there is no such file
     */
    static Content of(Path file) {
        return FileContent.of(file);
    }

    /** The text as UTF-8. */
    static Content text(String text) {
        return new BytesContent(requireNonNull(text, "text").getBytes(StandardCharsets.UTF_8));
    }
}

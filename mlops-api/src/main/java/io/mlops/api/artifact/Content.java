package io.mlops.api.artifact;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Bytes that can be read as often as a retry needs, the same each time. */
public interface Content {
    /** The number of bytes, as far as it is known before they are read. */
    long bytes();

    /** Opens the bytes from the start; the caller closes the stream. */
    InputStream open() throws IOException;

    /** Content that is a copy of these bytes. */
    static Content of(byte[] bytes) {
        return new BytesContent(requireNonNull(bytes, "bytes").clone());
    }

    /**
     * Content of a file, as long as it is now: what is appended later, as to a log, is left out. Reading one that became
     * shorter fails.
     *
     * @throws NotFoundException if there is no such file
     * @throws RefusedException if something is there that is no file of a known length, or cannot be read
     */
    static Content of(Path file) {
        return FileContent.of(file);
    }

    /** Content that is this text in UTF-8. */
    static Content text(String text) {
        return new BytesContent(requireNonNull(text, "text").getBytes(StandardCharsets.UTF_8));
    }
}

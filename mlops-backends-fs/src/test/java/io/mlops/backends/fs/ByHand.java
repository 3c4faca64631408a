package io.mlops.backends.fs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Edits of documents as people make them who know that nobody compares a document without its checksum. */
final class ByHand {
    private ByHand() {}

    /** Writes a text into a document, without the checksum. */
    static void write(Path document, String text) throws IOException {
        Files.writeString(document, text.replaceAll(",\n  \"checksum\": \"[^\"]+\"", ""));
    }
}

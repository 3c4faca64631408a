package io.mlops.api.artifact;

import java.io.ByteArrayInputStream;
import java.io.InputStream;

/** Content of bytes in memory, of which nobody else holds the array. */
final class BytesContent implements Content {
    private final byte[] bytes;

    BytesContent(byte[] bytes) {
        this.bytes = bytes;
    }

    @Override
    public long bytes() {
        return bytes.length;
    }

    @Override
    public InputStream open() {
        return new ByteArrayInputStream(bytes);
    }
}

package io.mlops.backends.http.artifact;

import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.RelativePath;
import io.mlops.backends.http.wire.Download;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads a long file and goes on where a connection broke. Where the server cannot begin in the middle, what was read is
 * read again and thrown away. The end comes after as many bytes as were listed, never before. Not thread-safe.
 */
final class ResumedStream extends InputStream {
    /** How often it goes on without having read anything. */
    private static final int TRIES = 3;

    private final RemoteFiles files;
    private final Place place;
    private final RelativePath path;
    private final long length;
    private Download download;
    private long position;
    private int fruitless;

    ResumedStream(RemoteFiles files, Place place, RelativePath path, long length) {
        this.files = files;
        this.place = place;
        this.path = path;
        this.length = length;
        this.download = files.open(place, path, 0, null);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int count) throws IOException {
        if (count == 0) {
            return 0;
        }
        while (true) {
            try {
                int read = download.bytes().read(target, from, count);
                if (read < 0 && position < length) {
                    throw new EOFException("'" + path + "' ends after " + position + " of " + length + " bytes");
                }
                if (read > 0) {
                    position += read;
                    fruitless = 0;
                }
                return read;
            } catch (IOException broken) {
                if (++fruitless > TRIES || Thread.currentThread().isInterrupted()) {
                    throw broken;
                }
                resume(broken);
            }
        }
    }

    private void resume(IOException broken) throws IOException {
        try {
            download.close();
            download = files.open(place, path, position, download.etag());
            download.bytes().skipNBytes(position - download.from());
        } catch (BackendUnavailableException e) {
            broken.addSuppressed(e);
            throw broken;
        }
    }

    @Override
    public void close() throws IOException {
        download.close();
    }
}

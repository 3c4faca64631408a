package io.mlops.backends.http.artifact;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.RelativePath;
import io.mlops.backends.http.wire.Presigned;
import io.mlops.backends.http.wire.Upload;
import io.mlops.backends.http.wire.WrongLengthException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Gathers what is written into parts, and sends each as soon as it is whole. Not thread-safe. */
final class SentParts extends OutputStream {
    private static final int LONGEST_ETAG = 1000;
    private static final int FIRST_BYTES = 1 << 16;

    private final Presigned store;
    private final RelativePath path;
    private final List<SignedAddress> addresses;
    private final int partBytes;
    private final List<Map<String, Object>> told = new ArrayList<>();
    private byte[] part;
    private int filled;

    SentParts(Presigned store, RelativePath path, List<SignedAddress> addresses, int partBytes) {
        this.store = store;
        this.path = path;
        this.addresses = addresses;
        this.partBytes = partBytes;
        this.part = new byte[Math.min(partBytes, FIRST_BYTES)];
    }

    /** What the server wants to know of each part to put them together, once all was written. */
    List<Map<String, Object>> told() {
        if (filled > 0 || told.isEmpty()) {
            send();
        }
        return List.copyOf(told);
    }

    @Override
    public void write(int one) {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) {
        int done = 0;
        while (done < count) {
            if (filled == partBytes) {
                send();
            }
            if (filled == part.length) {
                part = Arrays.copyOf(part, (int) Math.min(partBytes, 2L * part.length));
            }
            int fits = Math.min(count - done, part.length - filled);
            System.arraycopy(bytes, from + done, part, filled, fits);
            filled += fits;
            done += fits;
        }
    }

    private void send() {
        int number = told.size() + 1;
        if (number > addresses.size()) {
            throw new WrongLengthException((long) addresses.size() * partBytes);
        }
        SignedAddress address = addresses.get(number - 1);
        Upload.Done done = store.put(address.url(), address.headers(), path, new Part(part, filled))
                .orThrow();
        String etag = done.etag();
        if (etag != null && etag.length() > LONGEST_ETAG) {
            throw new RefusedException("the store behind the server says too much of a part of '" + path + "'", null);
        }
        // Stores that know a part by its address, such as Azure's, tell no other name of it.
        told.add(Map.of("part_number", number, "etag", etag == null ? "" : etag, "url", address.url()));
        filled = 0;
    }

    /** The bytes of one part, which stay as they are until it is sent. */
    private static final class Part implements Content {
        private final byte[] buffer;
        private final int length;

        Part(byte[] buffer, int length) {
            this.buffer = buffer;
            this.length = length;
        }

        @Override
        public long bytes() {
            return length;
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(buffer, 0, length);
        }
    }
}

package io.mlops.backends.http.wire;

import io.mlops.api.artifact.ArtifactEntry;
import org.jspecify.annotations.Nullable;

/** How far one try got. Written by the thread that sends, read by it afterwards. */
final class Trace {
    /** Whether a byte of the request may have reached the server. */
    private volatile boolean started;
    /** Whether a byte of its body may have. */
    private volatile boolean bodyStarted;

    private volatile @Nullable ArtifactEntry sent;
    private volatile @Nullable String retryAfter;

    void start() {
        started = true;
    }

    void startBody() {
        bodyStarted = true;
    }

    void sent(ArtifactEntry entry) {
        sent = entry;
    }

    void retryAfter(@Nullable String header) {
        retryAfter = header;
    }

    /** The header of that name, which OkHttp does not get to see: it would obey it, or fall over it. */
    @Nullable
    String retryAfter() {
        return retryAfter;
    }

    boolean started() {
        return started;
    }

    boolean bodyStarted() {
        return bodyStarted;
    }

    /** The bytes that were sent, all of them; null if they were not. */
    @Nullable
    ArtifactEntry sent() {
        return sent;
    }
}

package io.mlops.core.artifact;

import static java.util.Objects.requireNonNull;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.Progress;
import io.mlops.api.spi.StoredContent;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a listener how many bytes of an operation were read: at its beginning and its end, and every 100 ms at most
 * between. Not thread-safe: one thread reads at a time.
 */
public final class ByteProgress {
    private static final Logger LOG = LoggerFactory.getLogger(ByteProgress.class);
    private static final long PERIOD_NANOS = 100_000_000;
    private static final long UNKNOWN = -1;

    private final Progress listener;
    private final String what;
    private final long total;
    private long done;
    private long toldAt;

    private ByteProgress(Progress listener, String what, long total) {
        this.listener = requireNonNull(listener, "listener");
        this.what = what;
        this.total = Math.max(UNKNOWN, total);
        tell(this.total);
    }

    /** Begins an operation that reads these files. */
    public static ByteProgress ofFiles(Progress listener, String what, Collection<? extends Content> files) {
        return new ByteProgress(
                listener, what, files.stream().mapToLong(Content::bytes).sum());
    }

    /** Begins an operation that reads these artifacts. */
    public static ByteProgress ofArtifacts(Progress listener, String what, Collection<ArtifactEntry> artifacts) {
        return new ByteProgress(
                listener,
                what,
                artifacts.stream().mapToLong(ArtifactEntry::bytes).sum());
    }

    /** Begins an operation that reads a stream, however long it is. */
    public static ByteProgress ofStream(Progress listener, String what) {
        return new ByteProgress(listener, what, UNKNOWN);
    }

    /** Counts what is read of these files; reading them again, as a retry does, is no progress. */
    public <K extends Comparable<K>> SortedMap<K, Content> counted(Map<K, Content> files) {
        SortedMap<K, Content> counted = new TreeMap<>();
        files.forEach((path, content) -> counted.put(path, counted(content)));
        return counted;
    }

    /** Counts what is read of a content, which a store still knows as its own if it is. */
    private Content counted(Content content) {
        CountedContent counted = new CountedContent(content);
        return content instanceof StoredContent stored
                ? new StoredContent(stored.run(), stored.entry(), counted::open)
                : counted;
    }

    /** Counts what is read of this stream. */
    public InputStream counted(InputStream stream) {
        return new Counted(stream, this::read);
    }

    /** Counts what is read of this stream; the end of the stream is that of the operation. */
    public InputStream countedToItsEnd(InputStream stream) {
        return new Counted(stream, new Reads() {
            @Override
            public void more(long bytes) {
                read(bytes);
            }

            @Override
            public void end() {
                finish();
            }
        });
    }

    /** Tells the listener that all is done, whatever was read. */
    public void finish() {
        done = total == UNKNOWN ? done : total;
        tell(done);
    }

    private void read(long more) {
        done += more;
        if (System.nanoTime() - toldAt >= PERIOD_NANOS) {
            tell(total);
        }
    }

    private void tell(long of) {
        toldAt = System.nanoTime();
        try {
            // A content that does not know its length beforehand may turn out longer.
            listener.at(what, total == UNKNOWN ? done : Math.min(done, total), of);
        } catch (RuntimeException e) {
            LOG.debug("a progress listener threw", e);
        }
    }

    /** A listener that hears how many bytes were read. */
    private interface Reads {
        void more(long bytes);

        default void end() {}
    }

    private final class CountedContent implements Content {
        private final Content content;
        private long furthest;

        CountedContent(Content content) {
            this.content = content;
        }

        @Override
        public long bytes() {
            return content.bytes();
        }

        @Override
        public InputStream open() throws IOException {
            InputStream stream = content.open();
            // The store says what is wrong with a content that opens nothing.
            return stream == null ? stream : new Counted(stream, new Beyond());
        }

        /** Counts what one reading reads beyond all that were before it. */
        private final class Beyond implements Reads {
            private long at;

            @Override
            public void more(long bytes) {
                at += bytes;
                if (at > furthest) {
                    read(at - furthest);
                    furthest = at;
                }
            }
        }
    }

    private static final class Counted extends FilterInputStream {
        private final Reads reads;

        Counted(InputStream in, Reads reads) {
            super(in);
            this.reads = reads;
        }

        @Override
        public int read() throws IOException {
            int read = in.read();
            if (read >= 0) {
                reads.more(1);
            } else {
                reads.end();
            }
            return read;
        }

        @Override
        public int read(byte[] target, int from, int length) throws IOException {
            int read = in.read(target, from, length);
            if (read > 0) {
                reads.more(read);
            } else if (read < 0) {
                reads.end();
            }
            return read;
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }
}

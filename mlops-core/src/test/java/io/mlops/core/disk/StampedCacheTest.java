package io.mlops.core.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What was read of a file is known until the file changes, and of so many files only. */
final class StampedCacheTest {
    private static final FileStamp OLD = new FileStamp("key", FileTime.from(Instant.EPOCH), 7);

    private final StampedCache<String, String> cache = new StampedCache<>(2);

    @Test
    void aFileIsKnownAsLongAsItStays() {
        cache.put("a", OLD, "first");

        assertThat(cache.find("a", OLD)).isEqualTo("first");
        assertThat(cache.find("b", OLD)).isNull();
        assertThat(cache.find("a", new FileStamp("key", OLD.modified(), 8))).isNull();
        assertThat(cache.find("a", new FileStamp("other", OLD.modified(), 7))).isNull();
        cache.remove("a");
        assertThat(cache.find("a", OLD)).isNull();
    }

    @Test
    void aFileThatWasJustWrittenIsReadAnew() {
        FileStamp fresh = new FileStamp("key", FileTime.from(Instant.now().plusMillis(50)), 7);

        cache.put("a", fresh, "first");

        assertThat(cache.find("a", fresh)).isNull();
    }

    @Test
    void noMoreFilesAreKeptThanAskedFor() {
        for (String file : new String[] {"a", "b", "c"}) {
            cache.put(file, OLD, file);
        }

        assertThat(cache.find("c", OLD)).isEqualTo("c");
        assertThat(cache.find("a", OLD)).isNull();
        assertThat(cache.find("b", OLD)).isNull();
    }
}

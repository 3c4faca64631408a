package io.mlops.backends.fs;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once about each damaged thing what is wrong with it; what is sound goes on being read. Thread-safe. */
final class DamageLog {
    private static final Logger LOG = LoggerFactory.getLogger(DamageLog.class);
    /** Beyond this, some may be told twice. */
    private static final int MAX_REMEMBERED = 10_000;

    private final Map<Path, String> told = new ConcurrentHashMap<>();

    /** Some records of an event file cannot be read. */
    void skipped(Path file, EventReader reader) {
        if (reader.damagedBytes() > 0) {
            tell(
                    file,
                    "%d damaged bytes from offset %d on are skipped, the other records are read"
                            .formatted(reader.damagedBytes(), reader.firstDamage()));
        }
    }

    /** A file ends in something that is no record, and nobody writes to it. */
    void torn(Path file, EventReader reader) {
        tell(file, "the last %d bytes are no whole record and are left alone".formatted(reader.tailBytes()));
    }

    /** A file is shorter than it was when it was said to be stored. */
    void missing(Path file, long bytes, long expected) {
        tell(file, "acknowledged data is missing: %d of %d bytes are there".formatted(bytes, expected));
    }

    /** An entry cannot be read at all, and is left out. */
    void unreadable(Path file, Exception why) {
        tell(file, "left out, since it cannot be read: " + why.getMessage());
    }

    private void tell(Path file, String what) {
        if (told.size() > MAX_REMEMBERED) {
            told.clear();
        }
        if (!what.equals(told.put(file, what))) {
            LOG.warn("{}: {}", file, what);
        }
    }
}

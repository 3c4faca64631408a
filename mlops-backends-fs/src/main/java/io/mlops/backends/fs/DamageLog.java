package io.mlops.backends.fs;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once about each damaged thing what is wrong with it; what is sound goes on being read. Thread-safe. */
final class DamageLog {
    private static final Logger LOG = LoggerFactory.getLogger(DamageLog.class);
    /** Beyond this, some may be told twice. */
    private static final int MAX_REMEMBERED = 10_000;

    private final Map<Path, String> told = new ConcurrentHashMap<>();

    /**
     * Tells what a reader had to leave out.
     *
     * @param written tells whether somebody may be writing the file, so that its last record is just not there yet
     */
    void read(EventFile file, EventReader reader, BooleanSupplier written) {
        if (reader.damagedBytes() > 0) {
            tell(
                    file.path(),
                    reader.damagedBytes() + " damaged bytes from offset " + reader.firstDamage()
                            + " on are skipped, the other records are read");
        } else if (reader.tailBytes() > 0 && !(file.last() && written.getAsBoolean())) {
            tell(file.path(), "the last " + reader.tailBytes() + " bytes are no whole record and are left alone");
        }
    }

    /** A file is shorter than it was when it was said to be stored. */
    void missing(Path file, long bytes, long expected) {
        tell(file, "acknowledged data is missing: " + bytes + " of " + expected + " bytes are there");
    }

    /** An entry cannot be read at all, and is left out. */
    void unreadable(Path file, Exception why) {
        tell(file, "left out, since it cannot be read: " + why.getMessage());
    }

    /** What runs ran in cannot be kept. */
    void unkept(Path folder, Exception why) {
        tell(folder, "what runs ran in is not kept: " + why.getMessage());
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

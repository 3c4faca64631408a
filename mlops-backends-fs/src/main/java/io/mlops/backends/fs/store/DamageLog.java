package io.mlops.backends.fs.store;

import io.mlops.api.common.CorruptDataException;
import io.mlops.core.disk.Failures;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warnings about damaged files, each logged once however often the file is read; what is sound goes on being read.
 * Thread-safe.
 */
public final class DamageLog {
    private static final Logger LOG = LoggerFactory.getLogger(DamageLog.class);
    /** Number of files after which all are forgotten, so that some warnings come twice. */
    private static final int MAX_REMEMBERED = 10_000;

    /** Files with what was told of them; a concurrent map used as a set. */
    private final Map<String, Boolean> told = new ConcurrentHashMap<>();
    /** Documents that are not what was written, until it is known whether their values can be used; used as a set. */
    private final Map<Path, Boolean> changed = new ConcurrentHashMap<>();

    /** Warns that bytes in the midst of a file are damaged, and that the records around them were read. */
    public void skipped(Path file, long bytes, long offset) {
        tell(file, bytes + " damaged bytes from offset " + offset + " on are skipped, the other records are read");
    }

    /** Warns that a file which nobody writes ends in the midst of a record. */
    public void torn(Path file, long bytes) {
        tell(file, "the last " + bytes + " bytes are no whole record and are left alone");
    }

    /** Warns that a file is shorter than {@code run.json} says that it durably was. */
    public void missing(Path file, long bytes, long expected) {
        tell(file, "acknowledged data is missing: " + bytes + " of " + expected + " bytes are there");
    }

    /** Warns that an entry cannot be read at all, and is left out. */
    public void unreadable(Path file, Exception why) {
        unreadable(file, why instanceof IOException failure ? Failures.reason(failure) : why.getMessage());
    }

    /** Warns that an entry cannot be read at all, and is left out. */
    public void unreadable(Path file, @Nullable String why) {
        changed.keySet().removeIf(document -> document.startsWith(file));
        tell(file, "left out, since it cannot be read: " + reason(file, why));
    }

    /** Warns that the environment of a run cannot be stored. */
    public void environmentNotStored(Path folder, Exception why) {
        tell(folder, "what runs ran in is not kept: " + reason(folder, why.getMessage()));
    }

    /** Warns that something which is no folder of ours lies among such folders, and is left alone. */
    public void stray(Path file) {
        tell(file, "is no folder of the store and is left alone: take it away if nobody needs it");
    }

    /** Warns that a link was removed, and that what it led to is still there. */
    public void linkRemoved(Path original, Path link) {
        tell(original, "was a link" + Links.target(link) + ": only the link was removed, what it led to stays");
    }

    /** Warns that what is deleted stays in the sight of other tools, since its disk does not rename it. */
    public void staysInSight(Path trash, FileSystemException why) {
        tell(trash, "what is deleted stays where it is, marked, since it cannot be moved here: " + why.getReason());
    }

    /**
     * Notes that a document is not what was written. If what it holds cannot be used either, that is told in its place.
     */
    public void changed(Path file) {
        changed.put(file, true);
    }

    /** Warns of the documents that are not what was written, and are used all the same. */
    void tellChanged() {
        changed.keySet().removeIf(file -> {
            tell(
                    file,
                    "something else changed it, and it is used as it stands; whoever edits it takes its last field away,"
                            + " the checksum");
            return true;
        });
    }

    /** Takes it that a caller gets to know by an exception which document cannot be used. */
    void thrown(CorruptDataException damage) {
        changed.keySet().removeIf(file -> String.valueOf(damage.getMessage()).contains(file.toString()));
    }

    /** Warns that the document of a folder is gone, and that what lies below is read without it. */
    public void gone(Path file) {
        tell(file, "it is missing, and what lies in its folder is read without it: put it back");
    }

    /** Returns why something failed, without the name of the file, which the warning begins with. */
    private static String reason(Path file, @Nullable String why) {
        String name = file.toString();
        return String.valueOf(why)
                .replace(name + file.getFileSystem().getSeparator(), "")
                .replace(name + ": ", "")
                .replace(name, "it");
    }

    private void tell(Path file, String what) {
        if (told.size() > MAX_REMEMBERED) {
            told.clear();
        }
        if (told.putIfAbsent(file + ": " + what, true) == null) {
            LOG.warn("{}: {}", file, what);
        }
    }
}

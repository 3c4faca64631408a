package io.mlops.backends.fs.event;

import io.mlops.backends.fs.store.DamageLog;
import io.mlops.backends.fs.store.Layout;
import io.mlops.backends.fs.store.Store;
import io.mlops.core.disk.Disk;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One event file of a run: {@code metrics-<sequence>-<writer>.tfevents}, in the run's folder, or in {@code w-<writer>} if
 * the writer joined a run that somebody else was writing.
 *
 * @param name the file's path below the run's folder, with forward slashes
 * @param bytes the file's length when it was listed
 * @param goodLength the length up to which it counts: what a later file of the same writer says, or the greatest long
 * @param last whether its folder has no later event file, so that it may still be written
 */
record EventFile(Path path, String name, long sequence, String writer, long bytes, long goodLength, boolean last) {
    private static final Pattern NAME = Pattern.compile("metrics-([0-9]{6,18})-([a-z0-9][a-z0-9-]{0,39})\\.tfevents");
    private static final Comparator<EventFile> ORDER =
            Comparator.comparingLong(EventFile::sequence).thenComparing(file -> file.name());

    /** The greatest number that a writer goes on from: one that somebody made up must not lead to names with too many digits. */
    private static final long MAX_SEQUENCE = 999_999_999_999L;

    static String fileName(long sequence, String writer) {
        // Arabic and other locales have digits of their own.
        return String.format(Locale.ROOT, "metrics-%06d-%s.tfevents", sequence, writer);
    }

    /** Returns whether a path below a run's folder is that of an event file, whatever lies there. */
    static boolean isName(String name) {
        int slash = name.indexOf('/');
        return NAME.matcher(name.substring(slash + 1)).matches()
                && (slash < 0 || Layout.isJoined(name.substring(0, slash)));
    }

    /** Returns the greatest sequence number in a folder, 0 if it has no event file. */
    static long lastSequence(Disk disk, Path folder) throws IOException {
        long last = 0;
        for (String name : disk.names(folder)) {
            Matcher matcher = NAME.matcher(name);
            if (matcher.matches()) {
                long sequence = Long.parseLong(matcher.group(1));
                last = sequence <= MAX_SEQUENCE ? Math.max(last, sequence) : last;
            }
        }
        return last;
    }

    /** Lists the event files of a run by sequence number; what has such a name and is no file is told and left out. */
    static List<EventFile> of(Store store, Path run) throws IOException {
        List<EventFile> files = new ArrayList<>();
        for (String name : store.disk().names(run)) {
            add(store, run, name, "", files);
            if (Layout.isJoined(name)) {
                for (String inner : joined(store, run.resolve(name))) {
                    add(store, run.resolve(name), inner, name + "/", files);
                }
            }
        }
        files.sort(ORDER);
        return files.size() < 2 ? files : compared(store.damage(), files);
    }

    private static List<String> joined(Store store, Path folder) throws IOException {
        try {
            return store.disk().names(folder);
        } catch (NotDirectoryException e) {
            store.damage().unreadable(folder, "it is no folder");
        } catch (AccessDeniedException e) {
            store.damage().unreadable(folder, e);
        }
        return List.of();
    }

    private static void add(Store store, Path folder, String name, String prefix, List<EventFile> files) {
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches()) {
            return;
        }
        Path path = folder.resolve(name);
        try {
            // Before it is opened: whoever opens a pipe waits until somebody writes into it.
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            if (!attributes.isRegularFile()) {
                store.damage().unreadable(path, "it is no file");
                return;
            }
            long sequence = Long.parseLong(matcher.group(1));
            String writer = matcher.group(2);
            files.add(new EventFile(path, prefix + name, sequence, writer, attributes.size(), Long.MAX_VALUE, true));
        } catch (NoSuchFileException e) {
            if (Files.isSymbolicLink(path)) {
                store.damage().unreadable(path, "it is a link to a file that is not there");
            }
        } catch (IOException e) {
            store.damage().unreadable(path, e);
        }
    }

    /**
     * Sets the lengths up to which files count: one whose writer had to go on in another file counts only as far as it
     * was durable then.
     */
    private static List<EventFile> compared(DamageLog damage, List<EventFile> files) throws IOException {
        Map<String, Long> goodLengths = new HashMap<>();
        Map<String, EventFile> lastOfWriter = new HashMap<>();
        Map<Path, EventFile> lastOfFolder = new HashMap<>();
        for (EventFile file : files) {
            lastOfFolder.put(Disk.folderOf(file.path()), file);
            if (lastOfWriter.put(file.writer(), file) != null) {
                file.readFailedFiles(damage, goodLengths);
            }
        }
        return files.stream()
                .map(file -> new EventFile(
                        file.path(),
                        file.name(),
                        file.sequence(),
                        file.writer(),
                        file.bytes(),
                        goodLengths.getOrDefault(file.path().getFileName().toString(), Long.MAX_VALUE),
                        file.equals(lastOfFolder.get(Disk.folderOf(file.path())))))
                .toList();
    }

    private void readFailedFiles(DamageLog damage, Map<String, Long> goodLengths) throws IOException {
        try (EventReader reader = open(damage, 0, Long.MAX_VALUE)) {
            if (reader == null || !reader.advance()) {
                return;
            }
            for (EventEncoder.FailedFile failed :
                    new EventPoints().failedFiles(reader.data(), reader.dataFrom(), reader.dataLength())) {
                goodLengths.merge(failed.name(), failed.goodLength(), Math::min);
            }
        }
    }

    /**
     * Opens the file to be read from a record's start on, as far as it counts and not beyond a limit. Returns null if it
     * is gone, or, with a warning, if this process may not read it.
     */
    @Nullable
    EventReader open(DamageLog damage, long from, long limit) throws IOException {
        try {
            return new EventReader(path, from, Math.min(limit, goodLength));
        } catch (NoSuchFileException deletedMeanwhile) {
            return null;
        } catch (AccessDeniedException e) {
            damage.unreadable(path, e);
            return null;
        }
    }

    /**
     * Warns about what a reader of this file had to leave out.
     *
     * @param written tells whether a process may be writing the file, so that its last record is not complete yet
     */
    void reportDamage(DamageLog damage, EventReader reader, BooleanSupplier written) {
        if (reader.damagedBytes() > 0) {
            damage.skipped(path, reader.damagedBytes(), reader.firstDamage());
        } else if (reader.tailBytes() > 0 && !(last && written.getAsBoolean())) {
            damage.torn(path, reader.tailBytes());
        }
    }

    /**
     * Returns whether this is the file at a path of {@code run.json}, or one that the same writer wrote before it;
     * false for null.
     */
    boolean isUpTo(@Nullable String covered) {
        if (covered == null) {
            return false;
        }
        Matcher matcher = NAME.matcher(covered.substring(covered.lastIndexOf('/') + 1));
        if (!matcher.matches()) {
            return false;
        }
        // The same number may stand in the run's folder and in one that the writer joined it with.
        long reached = Long.parseLong(matcher.group(1));
        return sequence < reached || (sequence == reached && name.compareTo(covered) <= 0);
    }
}

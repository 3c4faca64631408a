package io.mlops.backends.fs.event;

import io.mlops.backends.fs.store.DamageLog;
import io.mlops.backends.fs.store.Layout;
import io.mlops.core.disk.Disk;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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
 * @param goodLength the length up to which it counts: what a later file of the same writer says, or the greatest long
 * @param last whether its folder has no later event file, so that it may still be written
 */
record EventFile(Path path, String name, long sequence, String writer, long goodLength, boolean last) {
    private static final Pattern NAME = Pattern.compile("metrics-([0-9]{6,18})-([a-z0-9][a-z0-9-]*)\\.tfevents");
    private static final Comparator<EventFile> ORDER =
            Comparator.comparingLong(EventFile::sequence).thenComparing(file -> file.name());

    static String fileName(long sequence, String writer) {
        // Arabic and other locales have digits of their own.
        return String.format(Locale.ROOT, "metrics-%06d-%s.tfevents", sequence, writer);
    }

    /** Returns the greatest sequence number in a folder, 0 if it has no event file. */
    static long lastSequence(Disk disk, Path folder) throws IOException {
        long last = 0;
        for (String name : disk.names(folder)) {
            Matcher matcher = NAME.matcher(name);
            if (matcher.matches()) {
                last = Math.max(last, Long.parseLong(matcher.group(1)));
            }
        }
        return last;
    }

    /** Lists all event files of a run, by sequence number. */
    static List<EventFile> of(Disk disk, Path run) throws IOException {
        List<EventFile> files = new ArrayList<>();
        for (String name : disk.names(run)) {
            add(run, name, "", files);
            if (Layout.isJoined(name)) {
                for (String inner : disk.names(run.resolve(name))) {
                    add(run.resolve(name), inner, name + "/", files);
                }
            }
        }
        files.sort(ORDER);
        return files.size() < 2 ? files : compared(files);
    }

    private static void add(Path folder, String name, String prefix, List<EventFile> files) {
        Matcher matcher = NAME.matcher(name);
        if (matcher.matches()) {
            files.add(new EventFile(
                    folder.resolve(name),
                    prefix + name,
                    Long.parseLong(matcher.group(1)),
                    matcher.group(2),
                    Long.MAX_VALUE,
                    true));
        }
    }

    /**
     * Sets the lengths up to which files count: one whose writer had to go on in another file counts only as far as it
     * was durable then.
     */
    private static List<EventFile> compared(List<EventFile> files) throws IOException {
        Map<String, Long> goodLengths = new HashMap<>();
        Map<String, EventFile> lastOfWriter = new HashMap<>();
        Map<Path, EventFile> lastOfFolder = new HashMap<>();
        for (EventFile file : files) {
            lastOfFolder.put(Disk.folderOf(file.path()), file);
            if (lastOfWriter.put(file.writer(), file) != null) {
                readFailedFiles(file, goodLengths);
            }
        }
        return files.stream()
                .map(file -> new EventFile(
                        file.path(),
                        file.name(),
                        file.sequence(),
                        file.writer(),
                        goodLengths.getOrDefault(file.path().getFileName().toString(), Long.MAX_VALUE),
                        file.equals(lastOfFolder.get(Disk.folderOf(file.path())))))
                .toList();
    }

    private static void readFailedFiles(EventFile file, Map<String, Long> goodLengths) throws IOException {
        try (EventReader reader = new EventReader(file.path(), 0, Long.MAX_VALUE)) {
            if (!reader.advance()) {
                return;
            }
            for (EventEncoder.FailedFile failed :
                    new EventPoints().failedFiles(reader.data(), reader.dataFrom(), reader.dataLength())) {
                goodLengths.merge(failed.name(), failed.goodLength(), Math::min);
            }
        } catch (NoSuchFileException gone) {
            return;
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

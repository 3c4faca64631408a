package io.mlops.backends.fs;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.Digest;
import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RelativePath;
import io.mlops.api.spi.DigestingStream;
import io.mlops.backends.fs.store.Format;
import io.mlops.backends.fs.store.Layout;
import io.mlops.backends.fs.store.Store;
import io.mlops.core.codec.Json;
import io.mlops.core.disk.Disk;
import io.mlops.core.disk.FileStamp;
import io.mlops.core.disk.FileType;
import io.mlops.core.query.Pages;
import io.mlops.core.query.PathTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The list of a run's artifacts, as far as it was read: {@code artifacts.json} and, of a long one, the log in which it
 * goes on. What was read is kept, and only what was appended since is read. Thread-safe: the lock guards all fields
 * that change.
 */
final class ArtifactList {
    private static final Logger LOG = LoggerFactory.getLogger(ArtifactList.class);
    /** Number of the format of a list that goes on in a log. */
    private static final int WITH_LOG = 2;
    /** Number of artifacts up to which a list is replaced as a whole: it is small, and every tool reads it. */
    private static final int MAX_WITHOUT_LOG = 50;

    private static final String FILES = "files";
    private static final String LOG_NAME = "log";
    /** Length above which a log is none of ours, also for the smallest heap. */
    private static final long MAX_LOG_BYTES =
            Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 4);

    /** A use of the list while nobody else uses it. */
    @FunctionalInterface
    interface Use<T> {
        T of(ArtifactList list) throws IOException;
    }

    private final Store store;
    private final Path folder;
    private final Path base;
    private final ReentrantLock lock = new ReentrantLock();

    /** Written under the lock; read by any thread. */
    private volatile int size;

    private PathTree<ListedArtifact> files = new PathTree<>();
    /** Paths of the files that are being replaced, or that a put which was cut short left so. */
    private final Set<RelativePath> replaced = new TreeSet<>();
    /** The stamp of the base when it was read; null if there was none. */
    private @Nullable FileStamp stamp;
    /** Whether a base with this stamp is the one that was read. */
    private boolean known;

    /** What the base says but for its files; null if there is none. */
    private @Nullable Json head;

    private int inBase;
    /** The log that the base names; null if it names none. */
    private @Nullable Path log;

    private @Nullable Object logKey;
    private long logBytes;
    private int inLog;
    /** Whether the log ends with what is no whole line. */
    private boolean torn;
    /** The most bytes that a log of this name had, to notice that some are gone. */
    private long logSeen;
    /** The log whose name this process has made durable; null if it has not yet. */
    private @Nullable Path logNamed;

    /**
     * Makes the list of a run, of which nothing was read yet.
     *
     * @param folder the folder of the run
     */
    ArtifactList(Store store, Path folder) {
        this.store = store;
        this.folder = folder;
        this.base = folder.resolve(Layout.ARTIFACT_LIST);
    }

    /** Brings the list up to date and uses it. */
    <T> T with(Use<T> use) throws IOException {
        lock.lock();
        try {
            refresh();
            return use.of(this);
        } finally {
            lock.unlock();
        }
    }

    /** The number of artifacts when the list was brought up to date last. */
    int size() {
        return size;
    }

    private void refresh() throws IOException {
        do {
            FileStamp now = FileStamp.find(base);
            if (!known || !Objects.equals(now, stamp)) {
                readBase(now);
            }
            // Who folds log and base together takes another log.
        } while (!readLog() || (log != null && !Objects.equals(FileStamp.find(base), stamp)));
        size = files.size();
    }

    private void readBase(@Nullable FileStamp now) throws IOException {
        known = false;
        files = new PathTree<>();
        replaced.clear();
        head = null;
        Path before = log;
        log = null;
        logBytes = 0;
        inLog = 0;
        Json json = now == null ? null : store.documents().find(base, WITH_LOG);
        if (json != null) {
            json.children(FILES).forEach(this::add);
            head = json.remove(FILES);
            log = json.parsedOrNull(LOG_NAME, "the name of a log", this::logAt);
        }
        inBase = files.size();
        logSeen = Objects.equals(log, before) ? logSeen : 0;
        stamp = now;
        known = now == null || now.isDistinctive();
    }

    private Path logAt(String name) {
        if (ArtifactLog.number(name).isEmpty()) {
            throw new IllegalArgumentException("no name of a log");
        }
        return folder.resolve(name);
    }

    private void add(Json json) {
        ListedArtifact listed = ListedArtifact.read(json);
        files.put(listed.path(), listed);
        if (listed.replacing() == null) {
            replaced.remove(listed.path());
        } else {
            replaced.add(listed.path());
        }
    }

    /** Reads what was appended to the log; returns false if all is to be read anew. */
    private boolean readLog() throws IOException {
        Path file = log;
        if (file == null) {
            return true;
        }
        BasicFileAttributes found = attributes(file);
        long bytes = found == null ? 0 : found.size();
        Object key = found == null ? null : found.fileKey();
        if (bytes < logSeen && Objects.equals(FileStamp.find(base), stamp)) {
            store.damage().missing(file, bytes, logSeen);
        }
        logSeen = bytes;
        if (bytes < logBytes || (logBytes > 0 && !Objects.equals(key, logKey))) {
            known = false;
            return false;
        }
        if (bytes > logBytes) {
            byte[] added = store.disk().read(file, logBytes, Math.toIntExact(bytes - logBytes));
            ArtifactLog.Lines lines = ArtifactLog.read(added, file, logBytes, store.damage());
            lines.entries().forEach(this::add);
            inLog += lines.entries().size();
            logBytes += lines.bytes();
            bytes = logBytes + added.length - lines.bytes();
        }
        torn = bytes > logBytes;
        logKey = key;
        return true;
    }

    /** Looks at a file before it is opened: a pipe would never let go of us, and a link may lead anywhere. */
    private static @Nullable BasicFileAttributes attributes(Path file) throws IOException {
        try {
            BasicFileAttributes found = FileType.readable(file, LinkOption.NOFOLLOW_LINKS);
            if (found.size() > MAX_LOG_BYTES) {
                throw new CorruptDataException(
                        file + " has " + found.size() + " bytes and cannot be read: put back what was there", null);
            }
            return found;
        } catch (NoSuchFileException none) {
            return null;
        }
    }

    /** Finds the entry of the file that is there; null if there is no such artifact. */
    @Nullable
    ArtifactEntry find(RelativePath path) throws IOException {
        ListedArtifact listed = files.find(path);
        return listed == null ? null : current(listed);
    }

    /** Reads a page of the entries below a folder. */
    Page<ArtifactEntry> page(@Nullable RelativePath below, PageRequest page) throws IOException {
        List<ArtifactEntry> entries = new ArrayList<>();
        for (ListedArtifact listed : files.oneMore(below, page)) {
            entries.add(current(listed));
        }
        return Pages.cut(entries, page.limit(), entry -> entry.path().value());
    }

    /**
     * Returns the entry of the file that is there: the old one until the rename, the new one from then on. May read the
     * whole file.
     */
    private ArtifactEntry current(ListedArtifact listed) throws IOException {
        ArtifactEntry old = listed.entry();
        ArtifactEntry next = listed.replacing();
        if (next == null) {
            return old;
        }
        Path file = Layout.artifact(folder, old.path());
        try {
            BasicFileAttributes found =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            boolean replacedAlready = found.isRegularFile()
                    && found.size() == next.bytes()
                    && (old.bytes() != next.bytes() || digestOf(file).equals(next.digest()));
            return replacedAlready ? next : old;
        } catch (NoSuchFileException gone) {
            return old;
        }
    }

    private static Digest digestOf(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return DigestingStream.digest(in);
        }
    }

    /** Refuses a list that only a newer version of the library may rewrite, before anything is changed. */
    void checkWritable() {
        if (head != null) {
            Json unused = Format.checkWritable(head, WITH_LOG);
        }
    }

    /** Refuses paths that would be file and folder at once. */
    void checkFree(String owner, Collection<RelativePath> added) {
        files.checkFree(owner, added);
    }

    /**
     * Renames files to their places and lists them, durably. Where one takes the place of another, the list says so
     * before, so that whatever happens between leaves each of them old or new.
     *
     * @param rename puts the files into their places, and syncs that
     */
    void put(Collection<ArtifactEntry> added, Disk.Action rename) throws IOException {
        Map<RelativePath, ListedArtifact> changes = settled();
        boolean replaces = false;
        for (ArtifactEntry entry : added) {
            ListedArtifact listed = changes.getOrDefault(entry.path(), files.find(entry.path()));
            if (listed != null && !listed.entry().equals(entry)) {
                changes.put(entry.path(), new ListedArtifact(listed.entry(), entry));
                replaces = true;
            }
        }
        if (replaces) {
            write(changes.values());
            changes.clear();
        }
        rename.run();
        added.forEach(entry -> changes.put(entry.path(), new ListedArtifact(entry, null)));
        write(changes.values());
    }

    /**
     * Finds out which file is there for each artifact that a put which was cut short was replacing. That put may not
     * have synced its renames: a list that tells of them must not be durable before them.
     */
    private Map<RelativePath, ListedArtifact> settled() throws IOException {
        Map<RelativePath, ListedArtifact> settled = new TreeMap<>();
        Set<Path> renamedInto = new TreeSet<>();
        for (RelativePath path : replaced) {
            ListedArtifact listed = files.find(path);
            if (listed != null) {
                settled.put(path, new ListedArtifact(current(listed), null));
                renamedInto.add(Disk.folderOf(Layout.artifact(folder, path)));
            }
        }
        for (Path renamed : renamedInto) {
            if (Files.isDirectory(renamed)) {
                store.disk().syncFolder(renamed);
            }
        }
        return settled;
    }

    /** Writes what has changed, durably: into the log as long as that is shorter than the base, or a new base. */
    private void write(Collection<ListedArtifact> changes) throws IOException {
        Path file = log;
        if (file != null && !torn && inLog + changes.size() <= Math.max(MAX_WITHOUT_LOG, inBase)) {
            append(file, changes);
        } else {
            fold(changes);
        }
        refresh();
    }

    private void append(Path file, Collection<ListedArtifact> changes) throws IOException {
        List<Json> entries =
                changes.stream().map(change -> change.write(Json.object())).toList();
        long unused = store.disk().append(file, ArtifactLog.line(entries));
        store.disk().syncFile(file);
        if (logBytes == 0 || !file.equals(logNamed)) {
            // The process that made it may have died before it did this.
            store.disk().syncFolder(folder);
            logNamed = file;
        }
    }

    /** Writes a base that holds all, and names a log of its own. */
    private void fold(Collection<ListedArtifact> changes) throws IOException {
        Json found = store.documents().find(base, WITH_LOG);
        Json document = found == null ? Format.stamp(Json.object()) : found;
        Map<RelativePath, Json> all = new LinkedHashMap<>();
        document.children(FILES)
                .forEach(json -> all.put(ListedArtifact.read(json).path(), json));
        Path before = log;
        if (before != null && logBytes > 0) {
            byte[] bytes = store.disk().read(before, 0, Math.toIntExact(logBytes));
            for (Json line : ArtifactLog.read(bytes, before, 0, store.damage()).entries()) {
                all.merge(ListedArtifact.read(line).path(), line, ListedArtifact::later);
            }
        }
        for (ListedArtifact change : changes) {
            all.put(change.path(), change.write(all.getOrDefault(change.path(), Json.object())));
        }
        List<String> logs = List.of();
        if (before != null || all.size() > MAX_WITHOUT_LOG) {
            logs = store.disk().names(folder).stream()
                    .filter(name -> ArtifactLog.number(name).isPresent())
                    .toList();
            int last = Stream.concat(
                            logs.stream(),
                            Stream.ofNullable(before)
                                    .map(name -> name.getFileName().toString()))
                    .mapToInt(name -> ArtifactLog.number(name).orElse(0))
                    .max()
                    .orElse(0);
            Format.raise(document, WITH_LOG).put(LOG_NAME, ArtifactLog.name(last + 1));
        }
        store.documents().replace(base, document.put(FILES, List.copyOf(all.values())));
        known = false;
        deleteAllBut(before, logs);
    }

    /**
     * Deletes logs that no base names any more. The last one stays until there is another, for whoever copies the store
     * at this moment.
     */
    private void deleteAllBut(@Nullable Path last, List<String> logs) {
        for (String name : logs) {
            if (last == null || !last.endsWith(name)) {
                try {
                    store.disk().delete(folder.resolve(name));
                } catch (IOException e) {
                    LOG.debug("{} stays in {}, and counts for nothing", name, folder, e);
                }
            }
        }
    }
}

package io.mlops.backends.fs.power;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that keeps what POSIX promises and no more: bytes are durable after a sync of their file, a name
 * after a sync of its folder. Until then a power cut may lose any subset of the changes. A rename never loses both
 * names; until both folders are synced a file may have both, while a folder has one. Thread-safe: the monitor guards
 * all fields.
 */
final class PowerDisk {
    /** A watcher of each operation that changes the disk, or syncs it, which is called before and may fail it. */
    interface Watcher {
        Watcher NONE = (operation, path) -> {};

        void before(String operation, String path) throws IOException;
    }

    /** A decision whether a sync happens; a mutant leaves some out. */
    interface Sync {
        Sync HONEST = path -> true;

        boolean happens(String path);
    }

    private static final Set<String> LEFTOVERS = Set.of(".live", ".staging", "store.lock");
    private static final long FIRST_MILLIS = 1_800_000_000_000L;

    private final Inode root;
    private final List<NameChange> pending = new ArrayList<>();
    private long lastInode;
    private long clockMillis;
    private Watcher watcher = Watcher.NONE;
    private Sync sync = Sync.HONEST;
    private Open open = Open.MOVES;
    private String failing = "";

    /** Makes an empty disk. */
    PowerDisk() {
        this(new Inode(1, true), 1, FIRST_MILLIS);
    }

    private PowerDisk(Inode root, long lastInode, long clockMillis) {
        this.root = root;
        this.lastInode = lastInode;
        this.clockMillis = clockMillis;
    }

    synchronized PowerDisk watchedBy(Watcher newWatcher) {
        watcher = newWatcher;
        return this;
    }

    synchronized PowerDisk syncing(Sync newSync) {
        sync = newSync;
        return this;
    }

    /** The things that cannot be moved or deleted while they are open. */
    enum Open {
        /** Nothing, as POSIX. */
        MOVES,
        /** Folders with something open below them; open files move, as Java shares them. */
        HOLDS_FOLDERS,
        /** Open files, too, as other programs share them. */
        HOLDS_ALL
    }

    synchronized PowerDisk whereOpen(Open newOpen) {
        open = newOpen;
        return this;
    }

    /** Copies the disk with its unsynced changes, for another boot, or to try things on. */
    synchronized PowerDisk copy() {
        Map<Inode, Inode> copies = new HashMap<>();
        PowerDisk copy = new PowerDisk(copyOf(root, copies), lastInode, clockMillis);
        Map<NameChange, NameChange> changes = new HashMap<>();
        for (NameChange change : pending) {
            List<NameChange.Edit> edits = change.edits().stream()
                    .map(edit -> new NameChange.Edit(
                            copyOf(edit.folder(), copies),
                            edit.name(),
                            edit.inode() == null ? null : copyOf(edit.inode(), copies)))
                    .toList();
            NameChange done = new NameChange(edits, change.needs() == null ? null : changes.get(change.needs()));
            changes.put(change, done);
            copy.pending.add(done);
        }
        copy.open = open;
        return copy;
    }

    private static Inode copyOf(Inode inode, Map<Inode, Inode> copies) {
        Inode known = copies.get(inode);
        if (known != null) {
            return known;
        }
        Inode copy = inode.copy();
        copies.put(inode, copy);
        inode.entries.forEach((name, entry) -> copy.entries.put(name, copyOf(entry, copies)));
        inode.durableEntries.forEach((name, entry) -> copy.durableEntries.put(name, copyOf(entry, copies)));
        return copy;
    }

    /** Returns the number of changes to names that are not synced. */
    synchronized int unsynced() {
        return pending.size();
    }

    /** Returns the disk as it is found after a power cut now; this one stays as it is. */
    synchronized PowerDisk cut(Survival survival) {
        PowerDisk after = copy();
        List<NameChange> changes = List.copyOf(after.pending);
        for (int i = 0; i < changes.size(); i++) {
            if (survival.keeps(i, changes.size())) {
                after.persist(changes.get(i));
            }
        }
        after.pending.clear();
        settle(after.root, survival, new HashSet<>());
        return after;
    }

    /** Returns a text that differs for disks with different contents, but for leftovers of processes. */
    synchronized String fingerprint() {
        StringBuilder text = new StringBuilder();
        print(root, text);
        return text.toString();
    }

    private static void print(Inode inode, StringBuilder text) {
        text.append('(').append(Arrays.hashCode(inode.bytes)).append(' ').append(inode.bytes.length);
        inode.entries.forEach((name, entry) -> {
            if (!LEFTOVERS.contains(name)) {
                text.append(' ').append(name);
                print(entry, text);
            }
        });
        text.append(')');
    }

    /** Makes the next sync of this path fail. */
    synchronized void failSync(String path) {
        failing = path;
    }

    private static void settle(Inode inode, Survival survival, Set<Long> done) {
        if (!done.add(inode.number)) {
            return;
        }
        inode.entries.clear();
        inode.entries.putAll(inode.durableEntries);
        inode.bytes = inode.dirty() ? survival.content(inode.durableBytes, inode.bytes) : inode.bytes;
        inode.durableBytes = inode.bytes;
        inode.entries.values().forEach(entry -> settle(entry, survival, done));
    }

    /**
     * Makes a change durable, and before it the earlier ones of the same names, without which it never reaches the
     * disk.
     */
    private void persist(NameChange change) {
        int at = pending.indexOf(change);
        if (at < 0) {
            return;
        }
        for (NameChange earlier : List.copyOf(pending.subList(0, at))) {
            if (earlier.sharesNameWith(change)) {
                persist(earlier);
            }
        }
        if (change.needs() != null) {
            persist(change.needs());
        }
        pending.remove(change);
        for (NameChange.Edit edit : change.edits()) {
            set(edit.folder().durableEntries, edit.name(), edit.inode());
        }
    }

    private static void set(Map<String, Inode> entries, String name, @Nullable Inode inode) {
        if (inode == null) {
            entries.remove(name);
        } else {
            entries.put(name, inode);
        }
    }

    private void change(@Nullable NameChange needs, NameChange.Edit... edits) {
        for (NameChange.Edit edit : edits) {
            set(edit.folder().entries, edit.name(), edit.inode());
            edit.folder().modifiedMillis = ++clockMillis;
        }
        pending.add(new NameChange(List.of(edits), needs));
    }

    synchronized @Nullable Inode find(PowerPath path) {
        Inode at = root;
        for (String name : path.names()) {
            at = at.folder ? at.entries.get(name) : null;
            if (at == null) {
                return null;
            }
        }
        return at;
    }

    synchronized Inode get(PowerPath path) throws NoSuchFileException {
        Inode inode = find(path);
        if (inode == null) {
            throw new NoSuchFileException(path.toString());
        }
        return inode;
    }

    private Inode folderOf(PowerPath path) throws IOException {
        PowerPath parent = path.getParent();
        if (parent == null) {
            throw new FileSystemException(path.toString(), null, "is the root");
        }
        Inode folder = get(parent);
        if (!folder.folder) {
            throw new FileSystemException(path.toString(), null, "Not a directory");
        }
        return folder;
    }

    private Inode add(PowerPath path, boolean folder) throws IOException {
        Inode above = folderOf(path);
        if (above.entries.containsKey(path.name())) {
            throw new FileAlreadyExistsException(path.toString());
        }
        Inode made = new Inode(++lastInode, folder);
        made.modifiedMillis = ++clockMillis;
        change(null, new NameChange.Edit(above, path.name(), made));
        return made;
    }

    synchronized void makeFolder(PowerPath path) throws IOException {
        watcher.before("mkdir", path.toString());
        Inode unused = add(path, true);
    }

    synchronized Inode makeFile(PowerPath path) throws IOException {
        watcher.before("create", path.toString());
        return add(path, false);
    }

    synchronized void link(PowerPath path, PowerPath existing) throws IOException {
        watcher.before("link", path.toString());
        Inode inode = get(existing);
        Inode above = folderOf(path);
        if (above.entries.containsKey(path.name())) {
            throw new FileAlreadyExistsException(path.toString());
        }
        change(null, new NameChange.Edit(above, path.name(), inode));
    }

    synchronized void delete(PowerPath path) throws IOException {
        watcher.before("delete", path.toString());
        Inode inode = get(path);
        if (!inode.entries.isEmpty()) {
            throw new DirectoryNotEmptyException(path.toString());
        }
        checkClosed(inode, path);
        change(null, new NameChange.Edit(folderOf(path), path.name(), null));
    }

    synchronized void move(PowerPath from, PowerPath to) throws IOException {
        watcher.before("rename", to.toString());
        Inode inode = get(from);
        Inode source = folderOf(from);
        Inode target = folderOf(to);
        Inode there = target.entries.get(to.name());
        checkClosed(inode, from);
        if (there == inode) {
            return;
        }
        if (there != null) {
            checkClosed(there, to);
            if (there.folder != inode.folder) {
                throw new FileSystemException(
                        from.toString(), to.toString(), there.folder ? "Is a directory" : "Not a directory");
            }
            if (!there.entries.isEmpty()) {
                throw new FileSystemException(from.toString(), to.toString(), "Directory not empty");
            }
        }
        NameChange.Edit add = new NameChange.Edit(target, to.name(), inode);
        NameChange.Edit remove = new NameChange.Edit(source, from.name(), null);
        if (source == target || inode.folder) {
            change(null, add, remove);
        } else {
            change(null, add);
            change(pending.get(pending.size() - 1), remove);
        }
    }

    private void checkClosed(Inode inode, PowerPath path) throws IOException {
        boolean held = open == Open.HOLDS_ALL || (open == Open.HOLDS_FOLDERS && inode.folder);
        if (held && anyOpen(inode)) {
            throw new FileSystemException(path.toString(), null, "used by another process");
        }
    }

    private static boolean anyOpen(Inode inode) {
        return inode.open > 0 || inode.entries.values().stream().anyMatch(PowerDisk::anyOpen);
    }

    synchronized List<String> names(PowerPath path) throws IOException {
        Inode folder = get(path);
        if (!folder.folder) {
            throw new NotDirectoryException(path.toString());
        }
        return List.copyOf(folder.entries.keySet());
    }

    synchronized byte[] bytes(Inode file) {
        return file.bytes;
    }

    synchronized void setBytes(Inode file, byte[] bytes, String operation, PowerPath path) throws IOException {
        watcher.before(operation, path.toString());
        file.bytes = bytes;
        file.modifiedMillis = ++clockMillis;
    }

    synchronized long modifiedMillis(Inode inode) {
        return inode.modifiedMillis;
    }

    synchronized void opened(Inode inode, int more) {
        inode.open += more;
    }

    /** Lists the files and folders that are open. */
    synchronized List<String> open() {
        List<String> found = new ArrayList<>();
        collectOpen(root, "", found);
        return found;
    }

    private static void collectOpen(Inode inode, String path, List<String> found) {
        if (inode.open > 0) {
            found.add(path);
        }
        inode.entries.forEach((name, entry) -> collectOpen(entry, path + "/" + name, found));
    }

    synchronized void sync(Inode inode, PowerPath path) throws IOException {
        watcher.before("sync", path.toString());
        if (path.toString().equals(failing)) {
            failing = "";
            throw new IOException("Input/output error");
        }
        if (!sync.happens(path.toString())) {
            return;
        }
        inode.durableBytes = inode.bytes;
        if (inode.folder) {
            for (NameChange change : List.copyOf(pending)) {
                if (change.touches(inode)) {
                    persist(change);
                }
            }
        }
    }
}

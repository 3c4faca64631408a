package io.mlops.backends.fs.power;

import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The byte ranges of files that are locked; each channel counts as a process of its own. Thread-safe: the monitor
 * guards all fields.
 */
final class Locks {
    private static final class Held extends FileLock {
        private final Locks locks;
        private final long inode;

        Held(FileChannel channel, Locks locks, long inode, long position, long size, boolean shared) {
            super(channel, position, size, shared);
            this.locks = locks;
            this.inode = inode;
        }

        @Override
        public boolean isValid() {
            return locks.holds(inode, this);
        }

        @Override
        public void release() {
            locks.release(inode, this);
        }
    }

    private final Map<Long, List<Held>> held = new HashMap<>();

    synchronized @Nullable FileLock tryLock(
            FileChannel channel, Inode inode, long position, long size, boolean shared) {
        List<Held> there = held.computeIfAbsent(inode.number, number -> new ArrayList<>());
        if (there.stream().anyMatch(lock -> lock.overlaps(position, size) && !(shared && lock.isShared()))) {
            return null;
        }
        Held lock = new Held(channel, this, inode.number, position, size, shared);
        there.add(lock);
        return lock;
    }

    synchronized void releaseAll(FileChannel channel, Inode inode) {
        List<Held> there = held.get(inode.number);
        if (there != null) {
            there.removeIf(lock -> lock.acquiredBy() == channel);
        }
    }

    private synchronized boolean holds(long inode, Held lock) {
        return held.getOrDefault(inode, List.of()).contains(lock);
    }

    private synchronized void release(long inode, Held lock) {
        boolean unused = held.getOrDefault(inode, new ArrayList<>()).remove(lock);
    }
}

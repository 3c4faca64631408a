package io.mlops.backends.fs.power;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** An open file or folder of a {@link PowerDisk}. Thread-safe. */
final class PowerChannel extends FileChannel {
    private final PowerFileSystem fileSystem;
    private final PowerDisk disk;
    private final PowerPath path;
    private final Inode inode;
    private final boolean reads;
    private final boolean writes;
    private final boolean appends;
    /** The offset of the next read or write; guarded by the monitor. */
    private long position;

    PowerChannel(
            PowerFileSystem fileSystem, PowerPath path, Inode inode, boolean reads, boolean writes, boolean appends) {
        this.fileSystem = fileSystem;
        this.disk = fileSystem.disk();
        this.path = path;
        this.inode = inode;
        this.reads = reads;
        this.writes = writes;
        this.appends = appends;
        disk.opened(inode, 1);
    }

    private void checkOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public synchronized int read(ByteBuffer target) throws IOException {
        int read = read(target, position);
        position += Math.max(0, read);
        return read;
    }

    @Override
    public int read(ByteBuffer target, long from) throws IOException {
        checkOpen();
        if (!reads) {
            throw new NonReadableChannelException();
        }
        if (inode.folder) {
            throw new IOException(path + ": Is a directory");
        }
        byte[] bytes = disk.bytes(inode);
        if (from >= bytes.length) {
            return target.hasRemaining() ? -1 : 0;
        }
        int count = (int) Math.min(target.remaining(), bytes.length - from);
        target.put(bytes, (int) from, count);
        return count;
    }

    @Override
    public long read(ByteBuffer[] targets, int from, int count) throws IOException {
        long all = 0;
        for (int i = from; i < from + count; i++) {
            int read = read(targets[i]);
            if (read < 0) {
                return all == 0 ? -1 : all;
            }
            all += read;
        }
        return all;
    }

    @Override
    public synchronized int write(ByteBuffer source) throws IOException {
        position = appends ? size() : position;
        int written = write(source, position);
        position += written;
        return written;
    }

    @Override
    public int write(ByteBuffer source, long to) throws IOException {
        checkOpen();
        checkWrites();
        synchronized (disk) {
            byte[] before = disk.bytes(inode);
            int count = source.remaining();
            byte[] after = Arrays.copyOf(before, (int) Math.max(before.length, to + count));
            source.get(after, (int) to, count);
            disk.setBytes(inode, after, "write", path);
            return count;
        }
    }

    private void checkWrites() {
        if (!writes) {
            throw new NonWritableChannelException();
        }
    }

    @Override
    public long write(ByteBuffer[] sources, int from, int count) throws IOException {
        long all = 0;
        for (int i = from; i < from + count; i++) {
            all += write(sources[i]);
        }
        return all;
    }

    @Override
    public synchronized long position() throws IOException {
        checkOpen();
        return position;
    }

    @Override
    public synchronized FileChannel position(long newPosition) throws IOException {
        checkOpen();
        position = newPosition;
        return this;
    }

    @Override
    public long size() throws IOException {
        checkOpen();
        return disk.bytes(inode).length;
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        checkOpen();
        checkWrites();
        synchronized (disk) {
            byte[] before = disk.bytes(inode);
            if (size < before.length) {
                disk.setBytes(inode, Arrays.copyOf(before, (int) size), "truncate", path);
            }
        }
        return this;
    }

    @Override
    public void force(boolean metaData) throws IOException {
        checkOpen();
        disk.sync(inode, path);
    }

    @Override
    public long transferTo(long from, long count, WritableByteChannel target) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(count, Math.max(0, size() - from)));
        int unused = read(buffer, from);
        return target.write(buffer.flip());
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long to, long count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(count, 1 << 16));
        return source.read(buffer) < 0 ? 0 : write(buffer.flip(), to);
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long from, long size) {
        throw new UnsupportedOperationException("files are not mapped here");
    }

    @Override
    public FileLock lock(long from, long size, boolean shared) throws IOException {
        FileLock lock = tryLock(from, size, shared);
        if (lock == null) {
            throw new IOException(path + " is locked, and waiting for locks is not made here");
        }
        return lock;
    }

    @Override
    public @Nullable FileLock tryLock(long from, long size, boolean shared) throws IOException {
        checkOpen();
        return fileSystem.locks().tryLock(this, inode, from, size, shared);
    }

    @Override
    protected void implCloseChannel() {
        disk.opened(inode, -1);
        fileSystem.locks().releaseAll(this, inode);
    }
}

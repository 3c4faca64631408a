package io.mlops.core.disk;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.RelativePath;
import io.mlops.api.spi.ContentCopy;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Copies content into new files, digested on the way and synced in the end. */
public final class FileContentCopy {
    private FileContentCopy() {}

    /**
     * Copies content into a file that is not there yet, and syncs the file; its name is not durable. If the copy fails,
     * the file is deleted.
     *
     * @param path the path that the entry is to have
     */
    public static ArtifactEntry copy(Disk disk, RelativePath path, Content content, Path file) throws IOException {
        try {
            ArtifactEntry entry = write(path, content, file);
            disk.syncFile(file);
            return entry;
        } catch (IOException | RuntimeException | Error e) {
            disk.deleteAfter(e, file);
            throw e;
        }
    }

    private static ArtifactEntry write(RelativePath path, Content content, Path file) throws IOException {
        try (Target target = new Target(file)) {
            return ContentCopy.copy(path, content, target);
        }
    }

    /**
     * A stream into a file that writes at known places, so that an interrupt, which closes the channel, costs no more
     * than opening it again.
     */
    private static final class Target extends OutputStream {
        private final Path file;
        private FileChannel channel;
        private long position;
        private boolean interrupted;

        Target(Path file) throws IOException {
            this.file = file;
            this.channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            int written = 0;
            while (written < length) {
                interrupted |= Thread.interrupted();
                try {
                    ByteBuffer rest = ByteBuffer.wrap(bytes, from + written, length - written);
                    int more = Disk.naming(file, () -> channel.write(rest, position));
                    written += more;
                    position += more;
                } catch (ClosedByInterruptException e) {
                    channel = FileChannel.open(file, StandardOpenOption.WRITE);
                }
            }
        }

        @Override
        public void close() throws IOException {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            channel.close();
        }
    }
}

package io.mlops.backends.fs.faults;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.nio.charset.StandardCharsets;

/**
 * The answers of a child process to its test, written by a system call (writev) that the store never makes, so that
 * strace tells the two apart.
 */
final class Answers {
    private Answers() {}

    /** Writes a line of text to the test. */
    static void say(String line) {
        ByteBuffer text = ByteBuffer.wrap((line.replace('\n', ' ') + "\n").getBytes(StandardCharsets.UTF_8));
        // The channel is never closed: it is the standard output.
        GatheringByteChannel out = new FileOutputStream(FileDescriptor.out).getChannel();
        try {
            while (text.hasRemaining()) {
                long unused = out.write(new ByteBuffer[] {text});
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.mlops.backends.fs.faults;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.nio.charset.StandardCharsets;

/** What a child process says to its test: by a call of the system (writev) that the store never makes. */
final class Answers {
    private Answers() {}

    /** A line of text. */
    static void say(String line) {
        ByteBuffer text = ByteBuffer.wrap((line.replace('\n', ' ') + "\n").getBytes(StandardCharsets.UTF_8));
        // Never closed: it is the standard output.
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

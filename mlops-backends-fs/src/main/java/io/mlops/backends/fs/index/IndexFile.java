package io.mlops.backends.fs.index;

import io.mlops.backends.fs.store.Layout;
import io.mlops.core.disk.Disk;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file {@code index-v1.bin} of an experiment: the records of its runs as some process last saw them. It is a cache:
 * another version of the library uses another name, and a damaged file is ignored.
 */
final class IndexFile {
    private static final Logger LOG = LoggerFactory.getLogger(IndexFile.class);
    private static final byte[] MAGIC = "mlops index 1\n".getBytes(StandardCharsets.US_ASCII);
    private static final int BUFFER_BYTES = 1 << 16;

    /** The contents of an index: records, and the keys that their numbers stand for. */
    record Contents(KeyTable keys, List<RunRecord> records) {}

    private IndexFile() {}

    static Path of(Path experiment) {
        return experiment.resolve("index-v1.bin");
    }

    /** Reads the file of an experiment; null if it is missing or damaged. Never throws. */
    static @Nullable Contents read(Path experiment) {
        Path file = of(experiment);
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            // A pipe would never let go of us; a file that does not fit into memory is none that helps.
            if (!attributes.isRegularFile()
                    || attributes.size() > Runtime.getRuntime().maxMemory() * 2 / 3) {
                throw new IOException("it is none of ours");
            }
            // By parts: as a whole, it would leave a buffer of its length with the thread.
            byte[] bytes = new Disk().read(file, 0, Math.toIntExact(attributes.size()));
            return read(bytes, new KeyTable(experiment));
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException | RuntimeException e) {
            LOG.debug("{} counts for nothing", file, e);
            return null;
        }
    }

    private static Contents read(byte[] bytes, KeyTable keys) throws IOException {
        int end = bytes.length - Integer.BYTES;
        if (end < MAGIC.length
                || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)
                || PackedReader.fixedInt(bytes, end) != checksum(bytes, end)) {
            throw new IOException("it is no whole index");
        }
        PackedReader reader = new PackedReader(bytes, MAGIC.length);
        for (int left = reader.count(); left > 0; left--) {
            int unused = keys.numberOf(reader.text());
        }
        List<RunRecord> records = new ArrayList<>();
        RunRecord last = null;
        for (int left = reader.count(); left > 0; left--) {
            int length = reader.count();
            RunRecord record = new RunRecord(keys, bytes, reader.at(), length);
            String folder = record.folder();
            // Names from a file are data: these must be folders of this experiment, each once.
            if (!Layout.isRunFolder(folder) || (last != null && RunRecord.compareFolder(last, record) >= 0)) {
                throw new IOException("it tells of a run in '" + folder + "'");
            }
            last = record;
            records.add(record);
            reader.skip(length);
        }
        return new Contents(keys, List.copyOf(records));
    }

    private static int checksum(byte[] bytes, int end) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, end);
        return (int) crc.getValue();
    }

    /** Writes a file that {@link #read} reads. */
    static void write(OutputStream file, KeyTable keys, List<RunRecord> records) throws IOException {
        CheckedOutputStream out = new CheckedOutputStream(new BufferedOutputStream(file, BUFFER_BYTES), new CRC32C());
        out.write(MAGIC);
        PackedWriter packed = new PackedWriter();
        List<String> all = keys.all();
        packed.number(all.size());
        all.forEach(packed::text);
        packed.number(records.size());
        for (RunRecord record : records) {
            packed.number(record.length());
            packed.into(out);
            record.write(out);
        }
        packed.into(out);
        packed.fixed((int) out.getChecksum().getValue());
        packed.into(out);
        out.flush();
    }
}

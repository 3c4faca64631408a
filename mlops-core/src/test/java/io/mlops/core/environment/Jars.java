package io.mlops.core.environment;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Makes jars for tests. */
final class Jars {
    private final Map<String, byte[]> entries = new LinkedHashMap<>();
    private boolean stored;

    static Jars jar() {
        return new Jars();
    }

    /** Entries are not compressed, as those of executable jars. */
    Jars stored() {
        stored = true;
        return this;
    }

    Jars with(String entry, byte[] bytes) {
        entries.put(entry, bytes);
        return this;
    }

    Jars with(String entry, String text) {
        return with(entry, text.getBytes(StandardCharsets.UTF_8));
    }

    Jars manifest(String... lines) {
        return with("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\r\n" + String.join("\r\n", lines) + "\r\n\r\n");
    }

    Jars pom(String group, String artifact, String version) {
        return with(
                "META-INF/maven/" + group + "/" + artifact + "/pom.properties",
                "#made\ngroupId=" + group + "\nartifactId=" + artifact + "\nversion=" + version + "\n");
    }

    byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                ZipEntry one = new ZipEntry(entry.getKey());
                one.setTime(0);
                if (stored) {
                    CRC32 crc = new CRC32();
                    crc.update(entry.getValue());
                    one.setMethod(ZipEntry.STORED);
                    one.setSize(entry.getValue().length);
                    one.setCrc(crc.getValue());
                }
                zip.putNextEntry(one);
                zip.write(entry.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    Path in(Path folder, String name) throws IOException {
        return Files.write(folder.resolve(name), bytes());
    }
}

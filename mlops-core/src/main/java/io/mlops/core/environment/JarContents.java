package io.mlops.core.environment;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipException;

/** What a jar says about itself and what lies in it. Not thread-safe. */
final class JarContents {
    /** A library by its Maven coordinates. */
    record Coordinates(String group, String artifact, String version) {
        String name() {
            return Findings.clean(group + ":" + artifact);
        }
    }

    private static final List<String> LIBRARIES = List.of("BOOT-INF/lib/", "WEB-INF/lib/", "WEB-INF/lib-provided/");
    private static final int MAX_ENTRIES = 2000;
    private static final int MAX_POM_BYTES = 1 << 16;
    private static final int MAX_MANIFEST_BYTES = 1 << 20;

    private final ZipDirectory directory;
    private final List<ZipDirectory.Entry> entries;

    JarContents(ZipBytes bytes) throws IOException {
        this.directory = new ZipDirectory(bytes);
        this.entries = directory.entries(JarContents::tells, MAX_ENTRIES);
    }

    /** Asked for every entry of every jar before the JVM is warm: no patterns. */
    private static boolean tells(String name) {
        return name.equals(JarFile.MANIFEST_NAME) || isPom(name) || isLibrary(name);
    }

    private static boolean isPom(String name) {
        return name.startsWith("META-INF/maven/") && name.endsWith("/pom.properties");
    }

    private static boolean isLibrary(String name) {
        return name.endsWith(".jar")
                && LIBRARIES.stream()
                        .anyMatch(folder -> name.startsWith(folder) && name.lastIndexOf('/') < folder.length());
    }

    /** Whether there may be more than was looked at. */
    boolean cutShort() {
        return entries.size() >= MAX_ENTRIES;
    }

    List<ZipDirectory.Entry> nestedJars() {
        return entries.stream().filter(entry -> isLibrary(entry.name())).toList();
    }

    InputStream open(ZipDirectory.Entry entry) throws IOException {
        return directory.open(entry);
    }

    /** The manifest; empty if there is none that can be read. */
    Manifest manifest() {
        for (ZipDirectory.Entry entry : entries) {
            if (entry.name().equals(JarFile.MANIFEST_NAME)) {
                try {
                    return new Manifest(new ByteArrayInputStream(bytes(entry, MAX_MANIFEST_BYTES)));
                } catch (IOException | IllegalArgumentException e) {
                    return new Manifest();
                }
            }
        }
        return new Manifest();
    }

    /** The libraries that were built into this jar, itself among them; what cannot be read tells nothing. */
    List<Coordinates> libraries() {
        return entries.stream()
                .filter(entry -> isPom(entry.name()))
                .flatMap(entry -> coordinates(entry).stream())
                .toList();
    }

    private Optional<Coordinates> coordinates(ZipDirectory.Entry entry) {
        try {
            Properties pom = new Properties();
            pom.load(new ByteArrayInputStream(bytes(entry, MAX_POM_BYTES)));
            return Optional.of(new Coordinates(
                    text(pom, "groupId", "unknown"), text(pom, "artifactId", "unknown"), text(pom, "version", "")));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String text(Properties pom, String name, String otherwise) {
        String text = Findings.clean(pom.getProperty(name, ""));
        return text.isEmpty() || text.contains("${") ? otherwise : text;
    }

    static String text(Manifest manifest, String name) {
        Attributes attributes = manifest.getMainAttributes();
        String text = attributes.getValue(name);
        return text == null ? "" : Findings.clean(text);
    }

    private byte[] bytes(ZipDirectory.Entry entry, int max) throws IOException {
        try (InputStream in = directory.open(entry)) {
            byte[] bytes = in.readNBytes(max + 1);
            if (bytes.length > max) {
                throw new ZipException("has an entry that is too long");
            }
            return bytes;
        }
    }
}

package io.mlops.core.environment;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** Reads what a jar says about itself, and what lies in it. Not thread-safe. */
final class JarContents {
    /** A library by its Maven coordinates. */
    record Coordinates(String group, String artifact, String version) {
        String name() {
            return FoundEnvironment.clean(group + ":" + artifact);
        }
    }

    private static final List<String> LIBRARIES = List.of("BOOT-INF/lib/", "WEB-INF/lib/", "WEB-INF/lib-provided/");
    /** The places of {@code git.properties} in an executable jar, and in any other. */
    private static final List<String> GIT_PROPERTIES = Stream.of("BOOT-INF/classes/", "WEB-INF/classes/", "")
            .map(folder -> folder + PackagedRevision.FILE)
            .toList();

    private static final int MAX_ENTRIES = 2000;
    private static final int MAX_POM_BYTES = 1 << 16;
    private static final int MAX_MANIFEST_BYTES = 1 << 20;

    private final ZipDirectory directory;
    private final List<ZipDirectory.Entry> entries;
    private final ByteBudget budget;

    /**
     * Reads the table of contents of a jar.
     *
     * @param budget from which unpacking takes; once it is spent, the methods that unpack fail
     */
    JarContents(ZipBytes bytes, ByteBudget budget) throws IOException {
        this.directory = new ZipDirectory(bytes);
        this.budget = budget;
        this.entries = directory.entries(JarContents::tells, MAX_ENTRIES);
    }

    /**
     * Whether an entry of this name tells something; no patterns, as it is asked for every entry of every jar before
     * the JVM is warm.
     */
    private static boolean tells(String name) {
        return name.equals(JarFile.MANIFEST_NAME) || isPom(name) || isLibrary(name) || GIT_PROPERTIES.contains(name);
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
    Manifest manifest() throws IOException {
        for (ZipDirectory.Entry entry : entries) {
            if (entry.name().equals(JarFile.MANIFEST_NAME)) {
                return manifest(bytes(entry, MAX_MANIFEST_BYTES));
            }
        }
        return new Manifest();
    }

    static Manifest manifest(byte[] bytes) {
        try {
            return new Manifest(new ByteArrayInputStream(bytes));
        } catch (IOException | IllegalArgumentException e) {
            return new Manifest();
        }
    }

    /** The properties that the build wrote about its checkout; empty if there are none that can be read. */
    Properties gitProperties() throws IOException {
        for (String name : GIT_PROPERTIES) {
            for (ZipDirectory.Entry entry : entries) {
                if (entry.name().equals(name)) {
                    return properties(bytes(entry, MAX_POM_BYTES));
                }
            }
        }
        return new Properties();
    }

    /** A file of properties; empty if it is damaged. */
    static Properties properties(byte[] bytes) {
        try {
            Properties properties = new Properties();
            properties.load(new InputStreamReader(new ByteArrayInputStream(bytes), StandardCharsets.UTF_8));
            return properties;
        } catch (IOException | IllegalArgumentException e) {
            return new Properties();
        }
    }

    /** The libraries that were built into this jar, itself among them; what cannot be read tells nothing. */
    List<Coordinates> libraries() throws IOException {
        List<Coordinates> libraries = new ArrayList<>();
        for (ZipDirectory.Entry entry : entries) {
            if (isPom(entry.name())) {
                coordinates(bytes(entry, MAX_POM_BYTES)).ifPresent(libraries::add);
            }
        }
        return libraries;
    }

    private static Optional<Coordinates> coordinates(byte[] bytes) {
        if (bytes.length == 0) {
            return Optional.empty();
        }
        try {
            Properties pom = new Properties();
            pom.load(new ByteArrayInputStream(bytes));
            return Optional.of(new Coordinates(
                    text(pom, "groupId", "unknown"), text(pom, "artifactId", "unknown"), text(pom, "version", "")));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String text(Properties pom, String name, String otherwise) {
        String text = FoundEnvironment.clean(pom.getProperty(name, ""));
        return text.isEmpty() || text.contains("${") ? otherwise : text;
    }

    static String text(Manifest manifest, String name) {
        Attributes attributes = manifest.getMainAttributes();
        String text = attributes.getValue(name);
        return text == null ? "" : FoundEnvironment.clean(text);
    }

    /** The bytes of an entry; none if it is too long or damaged. */
    private byte[] bytes(ZipDirectory.Entry entry, int max) throws IOException {
        budget.take(0);
        try (InputStream in = directory.open(entry)) {
            byte[] bytes = in.readNBytes(max + 1);
            budget.take(bytes.length);
            return bytes.length > max ? new byte[0] : bytes;
        } catch (ByteBudget.Spent | InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            return new byte[0];
        }
    }
}

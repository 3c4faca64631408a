package io.mlops.core.environment;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The revision that a program was built from, as its build wrote it: in {@code git.properties}, as the plug-ins for Maven
 * and Gradle do, or in the manifest. Libraries may bring such files of their own, so only what is surely the program's
 * counts: the jar of its main class, and the folders of the class path.
 *
 * @param values by the keys of {@code git.properties}
 */
record PackagedRevision(Map<String, String> values) {
    static final String FILE = "git.properties";

    private static final List<String> COMMITS = List.of("git.commit.id.full", "git.commit.id", "git.commit.id.abbrev");
    /** Names of manifest attributes, each with the key that means the same. */
    private static final Map<String, List<String>> ATTRIBUTES = Map.of(
            "git.commit.id",
            List.of(
                    "Implementation-SCM-Revision",
                    "SCM-Revision",
                    "Git-Commit",
                    "Git-Commit-Id",
                    "Git-Revision",
                    "Git-SHA"),
            "git.branch",
            List.of("Implementation-SCM-Branch", "SCM-Branch", "Git-Branch"),
            "git.remote.origin.url",
            List.of("SCM-URL", "Git-Remote-URL"));

    private static final Pattern COMMIT = Pattern.compile("([0-9a-f]{7,64})(-dirty)?");
    private static final int MAX_BYTES = 1 << 16;
    private static final int MAX_JAR_BYTES = 2 << 20;

    /** The revision that a jar tells of itself; null if it tells none, or cannot be read. */
    static @Nullable PackagedRevision ofJar(Path jar) {
        try (FileChannel channel = FileChannel.open(jar)) {
            JarContents contents = new JarContents(ZipBytes.of(channel), new ByteBudget(MAX_JAR_BYTES));
            PackagedRevision file = of(contents.gitProperties());
            return file == null ? of(contents.manifest()) : file;
        } catch (IOException e) {
            return null;
        }
    }

    /** The revision that the first of these folders tells of; null if none does. */
    static @Nullable PackagedRevision ofFolders(List<Path> folders) {
        for (Path folder : folders) {
            Path file = folder.resolve(FILE);
            if (Files.isRegularFile(file)) {
                try (var in = Files.newInputStream(file)) {
                    PackagedRevision found = of(JarContents.properties(in.readNBytes(MAX_BYTES)));
                    if (found != null) {
                        return found;
                    }
                } catch (IOException e) {
                    // The next may be readable.
                }
            }
        }
        return null;
    }

    private static @Nullable PackagedRevision of(Properties properties) {
        Map<String, String> values = new HashMap<>();
        for (String key : properties.stringPropertyNames()) {
            values.put(key, FoundEnvironment.withoutControls(properties.getProperty(key)));
        }
        return ofValues(values);
    }

    private static @Nullable PackagedRevision of(Manifest manifest) {
        Map<String, String> values = new HashMap<>();
        ATTRIBUTES.forEach((key, names) -> names.stream()
                .map(name -> text(manifest, name))
                .filter(value -> !key.equals("git.commit.id")
                        || COMMIT.matcher(lower(value)).matches())
                .filter(value -> !value.isEmpty())
                .findFirst()
                .ifPresent(value -> values.put(key, value)));
        return ofValues(values);
    }

    /** Returns an attribute as a whole, since the beginning of a branch or an address names another one. */
    private static String text(Manifest manifest, String name) {
        String text = manifest.getMainAttributes().getValue(name);
        return text == null ? "" : FoundEnvironment.withoutControls(text);
    }

    /**
     * The revision of these values; null without a commit, since then the rest says nothing, and a build that knew
     * nothing leaves words such as {@code unknown}.
     */
    private static @Nullable PackagedRevision ofValues(Map<String, String> values) {
        PackagedRevision found = new PackagedRevision(Map.copyOf(values));
        return found.commit() == null ? null : found;
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    private @Nullable Matcher commit() {
        for (String key : COMMITS) {
            Matcher matcher = COMMIT.matcher(lower(values.getOrDefault(key, "")));
            if (matcher.matches()) {
                return matcher;
            }
        }
        return null;
    }

    void add(FoundEnvironment environment) {
        Matcher found = commit();
        String commit = found == null ? "" : found.group(1);
        environment.fact(GitFacts.COMMIT, commit);
        String branch = text("git.branch");
        // Of a commit that was checked out itself, the plug-ins write that in place of a branch.
        if (branch.isEmpty() || lower(branch).startsWith(commit)) {
            environment.missing(GitFacts.BRANCH, "the build did not tell one");
        } else {
            environment.fact(GitFacts.BRANCH, branch);
        }
        addDirty(environment, found != null && found.group(2) != null ? "true" : lower(text("git.dirty")));
        String remote = text("git.remote.origin.url");
        if (remote.isEmpty()) {
            environment.missing(GitFacts.REMOTE, "the build did not tell one");
        } else {
            GitFacts.addRemote(environment, remote);
        }
    }

    private static void addDirty(FoundEnvironment environment, String dirty) {
        if (dirty.equals("true")) {
            environment.missing("git.changes", "something was not committed when the program was built");
        }
        if (dirty.equals("true") || dirty.equals("false")) {
            environment.fact(GitFacts.DIRTY, dirty);
        } else {
            environment.missing(GitFacts.DIRTY, "the build did not tell it");
        }
    }

    /** The value of a key; empty if the build did not fill it in. */
    private String text(String key) {
        String value = values.getOrDefault(key, "");
        return value.contains("${") || value.equalsIgnoreCase("unknown") ? "" : value;
    }
}

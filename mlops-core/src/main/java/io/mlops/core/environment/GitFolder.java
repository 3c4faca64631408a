package io.mlops.core.environment;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The administrative folder of a Git checkout, of which only what tells whether Git may be asked is read: also those of
 * linked worktrees and submodules, whose {@code .git} is a file that names it.
 *
 * @param workTree the checkout
 * @param own what belongs to this checkout alone, such as its HEAD
 * @param shared what all worktrees of the repository share; null if the file that names it cannot be followed
 */
record GitFolder(Path workTree, Path own, @Nullable Path shared) {
    private static final int MAX_SMALL_BYTES = 1 << 12;
    private static final int MAX_CONFIG_BYTES = 1 << 20;
    /** Words without which no settings of a repository make Git run a program or use the network. */
    private static final List<String> RISKS = List.of("filter", "include", "promisor", "partialclone");

    /** The checkout that a place belongs to; null if to none. */
    static @Nullable GitFolder around(Path place) {
        for (Path folder = place.toAbsolutePath().normalize(); folder != null; folder = folder.getParent()) {
            Path git = folder.resolve(".git");
            if (Files.isDirectory(git) && Files.isRegularFile(git.resolve("HEAD"))) {
                return of(folder, git);
            }
            if (Files.isRegularFile(git)) {
                Path own = named(folder, "gitdir: ", git);
                return own == null || !Files.isRegularFile(own.resolve("HEAD")) ? null : of(folder, own);
            }
        }
        return null;
    }

    private static GitFolder of(Path workTree, Path own) {
        Path common = own.resolve("commondir");
        return new GitFolder(workTree, own, isAbsent(common) ? own : named(own, "", common));
    }

    /** The path that a small file holds, relative to a folder, to the letter as Git takes it. */
    private static @Nullable Path named(Path folder, String before, Path file) {
        String text = text(file, MAX_SMALL_BYTES);
        if (text == null || !text.startsWith(before) || text.isBlank() || text.indexOf('\uFFFD') >= 0) {
            return null;
        }
        try {
            // Not normalized: what lies above a link is not what stands before it.
            return folder.resolve(text.substring(before.length()).replaceFirst("[\r\n]+$", ""));
        } catch (InvalidPathException e) {
            return null;
        }
    }

    /**
     * Whether Git can be asked about this checkout without running a program that the repository names, and without
     * reaching for the network. Settings are searched for words, not parsed: whoever parses them otherwise than Git does
     * can be deceived. That a harmless setting holds such a word costs only this one answer.
     */
    boolean safeToAsk() {
        return isWhole()
                && !looksBare(workTree)
                && configFiles().stream().allMatch(file -> isAbsent(file) || isSafe(file));
    }

    /** Whether this is a repository to Git, which else looks for another one. */
    private boolean isWhole() {
        return shared != null
                && Files.isDirectory(shared.resolve("objects"))
                && Files.isDirectory(shared.resolve("refs"));
    }

    /** Whether Git before 2.38 may take the working tree for a repository, whose settings nobody looked at. */
    private static boolean looksBare(Path workTree) {
        boolean holdsAll = !isAbsent(workTree.resolve("objects")) && !isAbsent(workTree.resolve("refs"));
        return !isAbsent(workTree.resolve("HEAD")) && (holdsAll || !isAbsent(workTree.resolve("commondir")));
    }

    private static boolean isSafe(Path config) {
        String text = text(config, MAX_CONFIG_BYTES);
        if (text == null) {
            return false;
        }
        String lower = text.toLowerCase(Locale.ROOT);
        return RISKS.stream().noneMatch(lower::contains);
    }

    private List<Path> configFiles() {
        Path special = own.resolve("config.worktree");
        return shared == null ? List.of(special) : List.of(shared.resolve("config"), special);
    }

    /** Whether a file is surely not there; a link to nowhere is, and so is one that cannot be looked at. */
    private static boolean isAbsent(Path file) {
        return Files.notExists(file, LinkOption.NOFOLLOW_LINKS);
    }

    /** A file as text; null if it is not there, or too long. */
    private static @Nullable String text(Path file, int max) {
        if (!Files.isRegularFile(file)) {
            return null;
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(max + 1);
            return bytes.length > max ? null : new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return null;
        }
    }
}

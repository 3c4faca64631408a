package io.mlops.core.environment;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Asks the program {@code git} whether a file that it knows was changed and not committed: only it knows all the rules
 * for line ends and the like. It is kept from running anything that the checkout names, from writing, and from taking long.
 */
final class GitStatus {
    /** What came of it. */
    enum Answer {
        CLEAN,
        DIRTY,
        UNKNOWN
    }

    private static final long LOOK_MILLIS = 5;

    private final List<String> program;
    private final Duration patience;

    /**
     * With a program of this name.
     *
     * @param patience after which it is ended
     */
    GitStatus(List<String> program, Duration patience) {
        this.program = List.copyOf(program);
        this.patience = patience;
    }

    Answer of(Path workTree) {
        // Windows would take a program of the working folder for git.
        if (File.separatorChar == '\\' && Files.exists(Path.of("git.exe"))) {
            return Answer.UNKNOWN;
        }
        try {
            Path real = workTree.toRealPath();
            Path parent = real.getParent();
            if (parent == null || parent.toString().contains(File.pathSeparator)) {
                return Answer.UNKNOWN;
            }
            Process process = start(real, parent);
            try (InputStream out = process.getInputStream()) {
                process.getOutputStream().close();
                return await(process, out);
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            return Answer.UNKNOWN;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.UNKNOWN;
        }
    }

    private Process start(Path workTree, Path parent) throws IOException {
        String nothing = File.separatorChar == '\\' ? "NUL" : "/dev/null";
        List<String> command = new ArrayList<>(program);
        command.addAll(List.of(
                "-C",
                workTree.toString(),
                "-c",
                "core.fsmonitor=false",
                "-c",
                "core.hooksPath=" + nothing,
                // Were .git no repository to Git, it would take the settings of the working tree or of a folder above.
                "-c",
                "safe.bareRepository=explicit",
                "status",
                "--porcelain",
                // A store or data in the checkout would make every run differ; that other code ran, digests tell.
                "--untracked-files=no",
                // Looking into submodules would run git there, under their own settings.
                "--ignore-submodules=dirty"));
        // Not in the checkout: a relative entry of the PATH would take a program there for git.
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(workTree.getRoot().toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        Map<String, String> inherited = builder.environment();
        // A hook of another repository that started this program would point git there.
        inherited.keySet().removeIf(name -> name.startsWith("GIT_"));
        inherited.put("GIT_CEILING_DIRECTORIES", parent.toString());
        inherited.put("GIT_OPTIONAL_LOCKS", "0");
        inherited.put("GIT_NO_LAZY_FETCH", "1");
        inherited.put("GIT_TERMINAL_PROMPT", "0");
        return builder.start();
    }

    /** The first letter tells that something changed; a program that hangs says nothing, and cannot be waited for. */
    private Answer await(Process process, InputStream out) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() - deadline < 0) {
            if (out.available() > 0) {
                return Answer.DIRTY;
            }
            if (process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                boolean said = out.read() >= 0;
                return process.exitValue() != 0 ? Answer.UNKNOWN : said ? Answer.DIRTY : Answer.CLEAN;
            }
        }
        return Answer.UNKNOWN;
    }
}

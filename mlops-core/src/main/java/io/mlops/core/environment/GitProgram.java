package io.mlops.core.environment;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Asks the program {@code git} about a checkout, as only it knows all the rules for references, line ends and the like. It is
 * kept from running anything that the checkout names, from writing, and from taking long.
 */
final class GitProgram {
    /** Git gave no answer; the message says why. */
    static final class NoAnswer extends Exception {
        private static final long serialVersionUID = 1;

        private final int exit;

        NoAnswer(String why) {
            this(why, 0);
        }

        NoAnswer(String why, int exit) {
            super(why);
            this.exit = exit;
        }

        /** The exit code of git; 0 if it did not come to its end. */
        int exit() {
            return exit;
        }

        String why() {
            return String.valueOf(getMessage());
        }
    }

    private static final long POLL_MILLIS = 5;
    /** Enough for any branch and the first changes; git is ended when it has written more. */
    private static final int MAX_BYTES = 1 << 16;

    private final List<String> program;
    private final Duration patience;

    /**
     * Asks the program of this name.
     *
     * @param patience how long all questions about one checkout may take
     */
    GitProgram(List<String> program, Duration patience) {
        this.program = List.copyOf(program);
        this.patience = patience;
    }

    Duration patience() {
        return patience;
    }

    /** Asks git, and returns what it writes, or the beginning of that. Undecodable bytes of it become U+FFFD. */
    String ask(Path workTree, Duration timeout, String... question) throws NoAnswer {
        // Windows would take a program of the working folder for git.
        if (File.separatorChar == '\\' && Files.exists(Path.of("git.exe"))) {
            throw new NoAnswer("another program called git lies in the working folder");
        }
        try {
            Process process = start(tellable(workTree), question);
            try (InputStream out = process.getInputStream()) {
                process.getOutputStream().close();
                return await(process, out, timeout);
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new NoAnswer("git is not installed, or cannot be started");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NoAnswer("asking git was interrupted");
        }
    }

    /** A path that reaches git as it is: under a POSIX locale Java turns what is no ASCII into question marks. */
    private static Path tellable(Path workTree) throws IOException, NoAnswer {
        Path real = workTree.toRealPath();
        Path parent = real.getParent();
        try {
            if (parent != null
                    && !parent.toString().contains(File.pathSeparator)
                    && Path.of(real.toString()).equals(real)) {
                return real;
            }
        } catch (InvalidPathException e) {
            // As if it were another path.
        }
        throw new NoAnswer("the path of the checkout cannot be told to git");
    }

    private Process start(Path workTree, String... question) throws IOException {
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
                "safe.bareRepository=explicit"));
        command.addAll(List.of(question));
        // Not in the checkout: a relative entry of the PATH would take a program there for git.
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(workTree.getRoot().toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        Map<String, String> inherited = builder.environment();
        // A hook of another repository that started this program would point git there.
        inherited.keySet().removeIf(name -> name.startsWith("GIT_"));
        inherited.put("GIT_CEILING_DIRECTORIES", String.valueOf(workTree.getParent()));
        inherited.put("GIT_OPTIONAL_LOCKS", "0");
        inherited.put("GIT_NO_LAZY_FETCH", "1");
        inherited.put("GIT_TERMINAL_PROMPT", "0");
        return builder.start();
    }

    private static String await(Process process, InputStream out, Duration timeout)
            throws IOException, InterruptedException, NoAnswer {
        long deadline = System.nanoTime() + timeout.toNanos();
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        while (System.nanoTime() - deadline < 0) {
            boolean ended = process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
            // What has not arrived may never come, and is not waited for.
            while (out.available() > 0 && answer.size() < MAX_BYTES) {
                answer.write(out.readNBytes(Math.min(out.available(), MAX_BYTES)));
            }
            if (ended && process.exitValue() != 0) {
                throw new NoAnswer(
                        "git cannot or will not read the checkout: it may be damaged, of a newer format or of another user",
                        process.exitValue());
            }
            if (ended || answer.size() >= MAX_BYTES) {
                return answer.toString(StandardCharsets.UTF_8);
            }
        }
        throw new NoAnswer("git did not answer in time");
    }
}

package io.mlops.core.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mlops.api.tracker.RunEnvironment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** What tests of Git need: checkouts, and programs that are none. */
abstract class CheckoutTest {
    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    static final Duration LONG = Duration.ofSeconds(20);
    static final GitProgram GIT = new GitProgram(List.of("git"), LONG);
    static final GitProgram NO_GIT = new GitProgram(List.of("no-such-program-as-this"), LONG);

    @TempDir
    Path folder;

    static RunEnvironment of(GitProgram status, Path... places) {
        FoundEnvironment environment = new FoundEnvironment();
        GitFacts.add(environment, List.of(places), status);
        return environment.result();
    }

    Path git() throws IOException {
        Files.createDirectories(folder.resolve(".git/refs/heads"));
        Files.createDirectories(folder.resolve(".git/objects"));
        Files.writeString(folder.resolve(".git/HEAD"), "ref: refs/heads/feature/größe\n");
        return folder.resolve(".git");
    }

    /** A checkout with one commit on a branch whose name is no ASCII; also where the JVM cannot tell such a name to git. */
    String commit() throws Exception {
        assumeTrue(run("--version"), "there is no git");
        run("init", "--quiet");
        Files.writeString(folder.resolve(".git/HEAD"), "ref: refs/heads/feature/größe\n");
        Files.writeString(folder.resolve("a.txt"), "a");
        run("add", "a.txt");
        run("-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "--quiet", "-m", "first");
        Process process = new ProcessBuilder("git", "rev-parse", "HEAD")
                .directory(folder.toFile())
                .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
    }

    Path script(String... lines) throws IOException {
        assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("posix"));
        Path script = folder.resolve("fake-git");
        Files.writeString(script, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        return script;
    }

    boolean run(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}

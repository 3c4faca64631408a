package io.mlops.core.environment;

import io.mlops.api.common.Addresses;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which state of which code runs. */
final class GitFacts {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private GitFacts() {}

    /** Of the first checkout around one of these places. */
    static void add(FoundEnvironment environment, List<Path> places) {
        add(environment, places, new GitStatus(List.of("git"), PATIENCE));
    }

    static void add(FoundEnvironment environment, List<Path> places, GitStatus status) {
        GitFolder git = around(places);
        if (git == null) {
            environment.missing("git.commit", "the program does not run in a Git checkout");
            return;
        }
        String commit = git.commit();
        environment.fact("git.commit", commit);
        environment.fact("git.branch", git.branch());
        if (commit == null) {
            environment.missing("git.commit", "nothing is committed, or it is kept in a way that cannot be read");
        }
        addRemote(environment, git.config().remote());
        GitStatus.Answer answer = git.safeToAsk() ? status.of(git.workTree()) : GitStatus.Answer.UNKNOWN;
        switch (answer) {
            case CLEAN -> environment.fact("git.dirty", "false");
            case DIRTY -> {
                environment.fact("git.dirty", "true");
                environment.missing("git.changes", "something in the checkout is not committed");
            }
            case UNKNOWN ->
                environment.missing("git.dirty", "git could not be asked, or could not be asked without risk");
        }
    }

    private static void addRemote(FoundEnvironment environment, @Nullable String remote) {
        String shown = remote == null ? null : Addresses.remote(remote).orElse(null);
        environment.fact("git.remote", shown);
        if (shown == null) {
            environment.missing(
                    "git.remote", remote == null ? "there is none" : "it is on this machine, or may hold a secret");
        }
    }

    private static @Nullable GitFolder around(List<Path> places) {
        for (Path place : places) {
            GitFolder git = GitFolder.around(place);
            if (git != null) {
                return git;
            }
        }
        return null;
    }
}

package io.mlops.core.environment;

import io.mlops.api.common.Addresses;
import io.mlops.core.environment.GitProgram.NoAnswer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds out which code runs, as git tells it of a checkout; each part that it does not tell is missing by name. */
final class GitFacts {
    static final String COMMIT = "git.commit";
    static final String BRANCH = "git.branch";
    static final String DIRTY = "git.dirty";
    static final String REMOTE = "git.remote";

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Pattern WHOLE_COMMIT = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
    private static final String HEADS = "refs/heads/";
    private static final char UNDECODABLE = '\uFFFD';

    private final FoundEnvironment environment;
    private final GitFolder checkout;
    private final GitProgram git;
    private final long begin = System.nanoTime();

    private GitFacts(FoundEnvironment environment, GitFolder checkout, GitProgram git) {
        this.environment = environment;
        this.checkout = checkout;
        this.git = git;
    }

    /** Adds what git tells of the first checkout around one of these places. */
    static void add(FoundEnvironment environment, List<Path> places) {
        add(environment, places, new GitProgram(List.of("git"), PATIENCE));
    }

    static void add(FoundEnvironment environment, List<Path> places, GitProgram git) {
        GitFolder checkout = around(places);
        if (checkout == null) {
            environment.missing(COMMIT, "the program does not run in a Git checkout, and its build wrote none into it");
        } else if (checkout.safeToAsk()) {
            new GitFacts(environment, checkout, git).add();
        } else {
            String why =
                    "git was not asked, as settings of the checkout, such as filters, might make it run programs or"
                            + " use the network, or it is not whole";
            List.of(COMMIT, BRANCH, DIRTY, REMOTE).forEach(name -> environment.missing(name, why));
        }
    }

    /** Whether one of these places lies in a checkout. */
    static boolean isIn(List<Path> places) {
        return around(places) != null;
    }

    private static @Nullable GitFolder around(List<Path> places) {
        for (Path place : places) {
            GitFolder checkout = GitFolder.around(place);
            if (checkout != null) {
                return checkout;
            }
        }
        return null;
    }

    private void add() {
        addState();
        // Last, since commit and branch matter more where git is slow to start.
        addRemote();
    }

    private void addState() {
        try {
            // Leaves time for what can be told at once even where looking at every file takes too long.
            String status = ask(
                    git.patience().multipliedBy(3).dividedBy(4),
                    "status",
                    "--porcelain=v2",
                    "--branch",
                    "-z",
                    "--no-ahead-behind",
                    // A store or data in the checkout would make every run differ; that other code ran, digests tell.
                    "--untracked-files=no",
                    // Looking into submodules would run git there, under their own settings.
                    "--ignore-submodules=dirty");
            addStatus(List.of(status.split("\0", -1)));
        } catch (NoAnswer e) {
            environment.missing(DIRTY, e.why());
            addHead();
        }
    }

    private String ask(Duration until, String... question) throws NoAnswer {
        return git.ask(checkout.workTree(), until.minusNanos(System.nanoTime() - begin), question);
    }

    private void addStatus(List<String> records) {
        boolean dirty = false;
        for (String part : records) {
            if (part.startsWith("# branch.oid ")) {
                addCommit(part.substring("# branch.oid ".length()));
            } else if (part.startsWith("# branch.head ")) {
                String branch = part.substring("# branch.head ".length());
                addBranch(branch.equals("(detached)") ? null : branch);
            } else {
                dirty |= part.startsWith("1 ") || part.startsWith("2 ") || part.startsWith("u ");
            }
        }
        List.of(COMMIT, BRANCH).stream()
                .filter(name -> !environment.tells(name))
                .forEach(name -> environment.missing(name, "git did not tell it"));
        if (!dirty && Files.exists(checkout.workTree().resolve(".gitmodules"))) {
            environment.missing(DIRTY, "the checkout has submodules, and git does not look into them for changes");
        } else {
            environment.fact(DIRTY, Boolean.toString(dirty));
        }
        if (dirty) {
            environment.missing("git.changes", "something in the checkout is not committed");
        }
    }

    /** Adds commit and branch alone, without a look at the files. */
    private void addHead() {
        try {
            List<String> lines = List.of(ask(git.patience(), "rev-parse", "HEAD", "--symbolic-full-name", "HEAD")
                    .split("\n", -1));
            addCommit(lines.get(0));
            String name = lines.size() > 1 ? lines.get(1) : "";
            addBranch(name.startsWith(HEADS) ? name.substring(HEADS.length()) : null);
        } catch (NoAnswer e) {
            environment.missing(COMMIT, e.why());
            environment.missing(BRANCH, e.why());
        }
    }

    private void addCommit(String commit) {
        if (WHOLE_COMMIT.matcher(commit).matches()) {
            environment.fact(COMMIT, commit);
        } else {
            environment.missing(COMMIT, "nothing is committed yet");
        }
    }

    private void addBranch(@Nullable String branch) {
        if (branch == null) {
            environment.missing(BRANCH, "a commit is checked out, and no branch");
        } else if (branch.indexOf(UNDECODABLE) >= 0) {
            environment.missing(BRANCH, "its name is not in UTF-8");
        } else {
            environment.fact(BRANCH, branch);
        }
    }

    /** Adds the address that the code came from: that of the remote called origin, else of the first. */
    private void addRemote() {
        try {
            String settings = ask(git.patience(), "config", "--local", "-z", "--get-regexp", "^remote\\..*\\.url$");
            String first = null;
            for (String setting : settings.split("\0", -1)) {
                String url = setting.substring(setting.indexOf('\n') + 1);
                if (setting.startsWith("remote.origin.url\n")) {
                    first = url;
                    break;
                }
                first = first == null ? url : first;
            }
            addRemote(environment, String.valueOf(first));
        } catch (NoAnswer e) {
            // With exit code 1 git says that no setting has such a name.
            environment.missing(REMOTE, e.exit() == 1 ? "the checkout has no remote" : e.why());
        }
    }

    /** Adds a remote without secrets. */
    static void addRemote(FoundEnvironment environment, String remote) {
        Addresses.remote(remote)
                .ifPresentOrElse(
                        shown -> environment.fact(REMOTE, shown),
                        () -> environment.missing(REMOTE, "it is on this machine, or may hold a secret"));
    }
}

package io.mlops.core.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mlops.api.tracker.RunEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GitFactsTest {
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final GitStatus NO_GIT = new GitStatus(List.of("no-such-program-as-this"), LONG);

    @TempDir
    private Path folder;

    private static RunEnvironment of(GitStatus status, Path... places) {
        FoundEnvironment environment = new FoundEnvironment();
        GitFacts.add(environment, List.of(places), status);
        return environment.result();
    }

    private Path git() throws IOException {
        Path git = Files.createDirectories(folder.resolve(".git/refs/heads"));
        Files.writeString(folder.resolve(".git/HEAD"), "ref: refs/heads/feature/größe\n");
        return git.resolve("../..").normalize();
    }

    private Path script(String... lines) throws IOException {
        assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("posix"));
        Path script = folder.resolve("fake-git");
        Files.writeString(script, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        return script;
    }

    @Test
    void aLooseReferenceIsTheCommit() throws IOException {
        Path git = git();
        Files.createDirectories(git.resolve("refs/heads/feature"));
        Files.writeString(git.resolve("refs/heads/feature/größe"), COMMIT + "\n");
        Files.writeString(git.resolve("config"), """
                [core]
                	bare = false
                [remote "up"]
                	url = https://example.com/up.git
                [remote "origin"] url = "https://anna:s3cret@example.com/churn.git" ; mine
                """);
        Path inside = Files.createDirectories(folder.resolve("target/classes"));

        RunEnvironment found = of(NO_GIT, inside);

        assertThat(found.facts())
                .containsEntry("git.commit", COMMIT)
                .containsEntry("git.branch", "feature/größe")
                .containsEntry("git.remote", "https://example.com/churn.git")
                .doesNotContainKey("git.dirty");
        assertThat(found.missing()).containsOnlyKeys("git.dirty");
        assertThat(found.toString()).doesNotContain("s3cret", "anna");
    }

    @Test
    void packedReferencesAreFound() throws IOException {
        Files.writeString(
                git().resolve("packed-refs"),
                "# pack-refs with: peeled fully-peeled sorted\n"
                        + "1".repeat(40) + " refs/heads/feature/größe2\n"
                        + COMMIT + " refs/heads/feature/größe\n^" + "2".repeat(40) + "\n");

        assertThat(of(NO_GIT, folder).facts()).containsEntry("git.commit", COMMIT);
    }

    @Test
    void aCommitThatIsCheckedOutItselfHasNoBranch() throws IOException {
        Files.writeString(git().resolve("HEAD"), COMMIT + "\n");

        assertThat(of(NO_GIT, folder).facts())
                .containsEntry("git.commit", COMMIT)
                .doesNotContainKey("git.branch");
    }

    @Test
    void aLinkedWorktreeSharesTheReferencesOfItsRepository() throws IOException {
        Path git = git();
        Files.createDirectories(git.resolve("refs/heads/feature"));
        Files.writeString(git.resolve("refs/heads/feature/größe"), COMMIT);
        Files.writeString(git.resolve("config"), "[remote \"origin\"]\nurl = git@example.com:a/b.git\n");
        Path own = Files.createDirectories(git.resolve("worktrees/w"));
        Files.writeString(own.resolve("HEAD"), "ref: refs/heads/feature/größe\n");
        Files.writeString(own.resolve("commondir"), "../..\n");
        Path linked = Files.createDirectories(folder.resolve("elsewhere/w"));
        Files.writeString(linked.resolve(".git"), "gitdir: " + own + "\n");

        assertThat(of(NO_GIT, linked).facts())
                .containsEntry("git.commit", COMMIT)
                .containsEntry("git.remote", "git@example.com:a/b.git");
    }

    @Test
    void aSubmoduleNamesItsFolderByARelativePath() throws IOException {
        Path own = Files.createDirectories(git().resolve("modules/sub"));
        Files.writeString(own.resolve("HEAD"), COMMIT);
        Path sub = Files.createDirectories(folder.resolve("sub"));
        Files.writeString(sub.resolve(".git"), "gitdir: ../.git/modules/sub\n");

        assertThat(of(NO_GIT, sub).facts()).containsEntry("git.commit", COMMIT);
    }

    @Test
    void whatIsDamagedOrPointsOutsideIsNoCommit() throws IOException {
        Path git = git();
        Files.writeString(folder.resolve("secret"), COMMIT);
        for (String head : List.of(
                "", "ref:", "ref: ../../secret", "ref: refs/../../secret", "ref: HEAD", "x".repeat(9000), "\0\1")) {
            Files.writeString(git.resolve("HEAD"), head);

            RunEnvironment found = of(NO_GIT, folder);

            assertThat(found.facts()).as(head).doesNotContainKey("git.commit");
            assertThat(found.missing()).as(head).containsKey("git.commit");
        }
    }

    @Test
    void outsideOfACheckoutTheCommitIsMissing() {
        assertThat(of(NO_GIT, Path.of("/")).missing()).containsOnlyKeys("git.commit");
    }

    @Test
    void theFirstPlaceWithACheckoutCounts() throws IOException {
        Files.writeString(git().resolve("HEAD"), COMMIT);

        assertThat(of(NO_GIT, Path.of("/"), folder).facts()).containsEntry("git.commit", COMMIT);
    }

    @Test
    void aProgramThatHangsIsEnded() throws IOException {
        Path script = script("echo $$ > '" + folder.resolve("pid") + "'", "exec sleep 1000");
        GitStatus hanging = new GitStatus(List.of(script.toString()), Duration.ofMillis(500));
        git();

        long before = System.nanoTime();
        RunEnvironment found = of(hanging, folder);

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(LONG);
        assertThat(found.missing()).containsKey("git.dirty");
        long pid = Long.parseLong(Files.readString(folder.resolve("pid")).strip());
        ProcessHandle.of(pid)
                .ifPresent(left -> assertThat(left.onExit().orTimeout(20, TimeUnit.SECONDS))
                        .succeedsWithin(LONG));
    }

    @Test
    void aProgramThatFailsSaysNothing() throws IOException {
        git();
        GitStatus failing = new GitStatus(List.of(script("exit 128").toString()), LONG);

        assertThat(of(failing, folder).missing()).containsKey("git.dirty");
    }

    @Test
    void whoeverTalksWithoutEndIsCutShort() throws IOException {
        git();
        GitStatus talking = new GitStatus(List.of(script("exec yes ' M file'").toString()), LONG);

        assertThat(of(talking, folder).facts()).containsEntry("git.dirty", "true");
    }

    @Test
    void aRepositoryThatNamesProgramsIsNotAsked() throws IOException {
        Path git = git();
        Path ran = folder.resolve("ran");
        GitStatus noting = new GitStatus(List.of(script("touch '" + ran + "'").toString()), LONG);
        for (String config : List.of(
                "[filter \"evil\"]\nclean = touch x\n",
                "[FILTER \"evil\"] clean=x\n",
                "[include]\npath = /tmp/x\n",
                "[includeIf \"gitdir:~/\"]\npath = x\n",
                "[extensions]\npartialClone = origin\n",
                "[remote \"origin\"]\nurl = https://example.com/a\npromisor = true\n")) {
            Files.writeString(git.resolve("config"), config);

            assertThat(of(noting, folder).missing()).as(config).containsKey("git.dirty");
        }
        assertThat(ran).doesNotExist();
    }

    @Test
    void theRealGitTellsWhetherSomethingIsNotCommitted() throws Exception {
        GitStatus git = new GitStatus(List.of("git"), LONG);
        assumeTrue(run("--version"), "there is no git");
        run("init", "--quiet");
        Files.writeString(folder.resolve("a.txt"), "a");
        run("add", "a.txt");
        run("-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "--quiet", "-m", "first");
        Files.createDirectories(folder.resolve("mlops-store"));
        Files.writeString(folder.resolve("mlops-store/store.json"), "{}");

        RunEnvironment clean = of(git, folder);
        Files.writeString(folder.resolve("a.txt"), "b");
        RunEnvironment dirty = of(git, folder);

        assertThat(clean.facts()).containsEntry("git.dirty", "false");
        assertThat(clean.facts().get("git.commit")).hasSize(40);
        assertThat(clean.missing()).containsOnlyKeys("git.remote");
        assertThat(dirty.facts()).containsEntry("git.dirty", "true");
        assertThat(dirty.missing()).containsKey("git.changes");
    }

    @Test
    void theRealGitRunsNothingOfTheRepository() throws Exception {
        GitStatus git = new GitStatus(List.of("git"), LONG);
        assumeTrue(run("--version"), "there is no git");
        run("init", "--quiet");
        Files.writeString(folder.resolve("a.txt"), "a");
        run("add", "a.txt");
        Path ran = folder.resolve(".git/ran");
        Path script = script("touch '" + ran + "'");
        Files.move(script, folder.resolve(".git/evil"));
        Files.createDirectories(folder.resolve(".git/hooks"));
        Files.copy(folder.resolve(".git/evil"), folder.resolve(".git/hooks/post-index-change"));
        run("config", "core.fsmonitor", folder.resolve(".git/evil").toString());
        Files.writeString(folder.resolve("a.txt"), "b");

        assertThat(of(git, folder).facts()).containsEntry("git.dirty", "true");

        assertThat(ran).doesNotExist();
    }

    private Path evilFilter() throws Exception {
        run("init", "--quiet");
        Files.writeString(folder.resolve(".gitattributes"), "*.txt filter=evil\n");
        Files.writeString(folder.resolve("a.txt"), "a");
        run("add", "a.txt");
        Files.writeString(folder.resolve("a.txt"), "b");
        Path ran = folder.resolve(".git/ran");
        Files.move(script("touch '" + ran + "'", "cat"), folder.resolve(".git/evil"));
        return ran;
    }

    private void assertThatOnlyGitItselfRuns(String as, Path ran) throws Exception {
        assertThat(run("status")).as(as).isTrue();
        assertThat(ran).as(as).exists();
        Files.delete(ran);
        assertThat(of(new GitStatus(List.of("git"), LONG), folder).missing())
                .as(as)
                .containsKey("git.dirty");
        assertThat(ran).as(as).doesNotExist();
    }

    @Test
    void noSpellingOfASettingDeceivesIt() throws Exception {
        assumeTrue(run("--version"), "there is no git");
        Path ran = evilFilter();
        String core = "[core]\nrepositoryformatversion = 0\nbare = false\n";
        String clean = "\nclean = " + folder.resolve(".git/evil") + "\n";
        for (String config : List.of(
                core + "# \\\n[filter \"evil\"]" + clean,
                core + "[filter\r\"evil\"]" + clean,
                "\uFEFF[FILTER \"evil\"]" + clean + core,
                core + "#" + "x".repeat(1 << 20) + "\n[filter \"evil\"]" + clean)) {
            Files.writeString(folder.resolve(".git/config"), config);

            assertThatOnlyGitItselfRuns(config.substring(0, 60), ran);
        }
        Files.writeString(folder.resolve(".git/config"), core + "[extensions]\nworktreeConfig = true\n");
        Files.writeString(folder.resolve(".git/config.worktree"), "[filter \"evil\"]" + clean);

        assertThatOnlyGitItselfRuns("config.worktree", ran);
    }

    @Test
    void whatEveryWorktreeSharesIsNeverGuessed() throws Exception {
        assumeTrue(run("--version"), "there is no git");
        Path ran = evilFilter();
        Path git = folder.resolve(".git");
        run("config", "filter.evil.clean", git.resolve("evil").toString());
        Path shared = Files.createDirectories(folder.resolve("elsewhere/shared "));
        for (String moved : List.of("config", "objects", "refs")) {
            Files.move(git.resolve(moved), shared.resolve(moved));
        }
        Path harmless = Files.createDirectories(folder.resolve("elsewhere/shared"));
        Files.createDirectories(harmless.resolve("refs/heads"));
        Files.createDirectories(git.resolve("refs/heads"));
        Files.writeString(git.resolve("HEAD"), "ref: refs/heads/main\n");
        Files.writeString(git.resolve("refs/heads/main"), COMMIT);
        for (String common : List.of("../elsewhere/shared ", "../elsewhere/shared " + "\n".repeat(5000))) {
            Files.writeString(git.resolve("commondir"), common);

            assertThatOnlyGitItselfRuns("commondir of " + common.length(), ran);
        }
        assertThat(of(NO_GIT, folder).facts()).doesNotContainKey("git.commit");
        assertThat(of(NO_GIT, folder).missing()).containsKeys("git.commit", "git.dirty");
    }

    @Test
    void aLinkOnTheWayIsFollowedAsGitFollowsIt() throws Exception {
        assumeTrue(run("--version"), "there is no git");
        Path ran = evilFilter();
        Path git = folder.resolve(".git");
        run("config", "filter.evil.clean", git.resolve("evil").toString());
        Path other = Files.createDirectories(folder.resolve("other/inner"));
        for (String moved : List.of("config", "objects", "refs")) {
            Files.move(git.resolve(moved), other.resolveSibling(moved));
        }
        Files.createSymbolicLink(git.resolve("link"), other);
        Files.writeString(git.resolve("commondir"), "link/..\n");

        assertThatOnlyGitItselfRuns("commondir through a link", ran);
    }

    @Test
    void gitLooksNowhereElse() throws Exception {
        assumeTrue(run("--version"), "there is no git");
        Path ran = evilFilter();
        run("config", "filter.evil.clean", folder.resolve(".git/evil").toString());
        Path inner = Files.createDirectories(folder.resolve("inner"));
        Files.writeString(Files.createDirectories(inner.resolve(".git")).resolve("HEAD"), COMMIT);

        assertThat(of(new GitStatus(List.of("git"), LONG), inner).missing()).containsKey("git.dirty");

        assertThat(ran).doesNotExist();
    }

    @Test
    void longNamesInSettingsDoNoHarm() throws IOException {
        Path git = git();
        for (String part : List.of("a".repeat(900_000), "\\a".repeat(450_000))) {
            String config = "[x \"" + part + "\"]\n[remote \"origin\"]\nurl = https://example.com/a\n";
            Files.writeString(git.resolve("config"), config);

            assertThat(of(NO_GIT, folder).facts()).containsEntry("git.remote", "https://example.com/a");
        }
    }

    private boolean run(String... arguments) throws Exception {
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

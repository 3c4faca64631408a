package io.mlops.core.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mlops.api.tracker.RunEnvironment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class GitFactsTest extends CheckoutTest {
    @Test
    void aLooseReferenceIsTheCommit() throws Exception {
        String commit = commit();
        Files.writeString(folder.resolve(".git/config"), """
                [core]
                	bare = false
                [remote "up"]
                	url = https://example.com/up.git
                [remote "origin"] url = "https://anna:s3cret@example.com/churn.git" ; mine
                """);
        Path inside = Files.createDirectories(folder.resolve("target/classes"));

        RunEnvironment found = of(GIT, inside);

        assertThat(found.facts())
                .containsOnly(
                        entry("git.commit", commit),
                        entry("git.branch", "feature/größe"),
                        entry("git.dirty", "false"),
                        entry("git.remote", "https://example.com/churn.git"));
        assertThat(found.missing()).isEmpty();
        assertThat(found.toString()).doesNotContain("s3cret", "anna");
    }

    @Test
    void withoutGitEachPartIsMissingAndNothingIsGuessed() throws Exception {
        commit();

        RunEnvironment found = of(NO_GIT, folder);

        assertThat(found.facts()).isEmpty();
        assertThat(found.missing())
                .containsOnlyKeys("git.commit", "git.branch", "git.dirty", "git.remote")
                .allSatisfy((name, why) -> assertThat(why).contains("not installed"));
    }

    @Test
    void nobodySaysThatSubmodulesAreCommitted() throws Exception {
        commit();
        Files.writeString(folder.resolve(".gitmodules"), "");

        RunEnvironment found = of(GIT, folder);
        Files.writeString(folder.resolve("a.txt"), "b");
        RunEnvironment changed = of(GIT, folder);

        assertThat(found.facts()).doesNotContainKey("git.dirty");
        assertThat(found.missing().get("git.dirty")).contains("submodules");
        assertThat(changed.facts()).containsEntry("git.dirty", "true");
    }

    @Test
    void packedReferencesAreFound() throws Exception {
        String commit = commit();
        assertThat(run("pack-refs", "--all")).isTrue();

        assertThat(of(GIT, folder).facts()).containsEntry("git.commit", commit);
    }

    @Test
    void aCommitThatIsCheckedOutItselfHasNoBranch() throws Exception {
        String commit = commit();
        Files.writeString(folder.resolve(".git/HEAD"), commit + "\n");

        RunEnvironment found = of(GIT, folder);

        assertThat(found.facts()).containsEntry("git.commit", commit).doesNotContainKey("git.branch");
        assertThat(found.missing().get("git.branch")).contains("no branch");
    }

    @Test
    void beforeTheFirstCommitThereIsNone() throws Exception {
        assumeTrue(run("--version"), "there is no git");
        run("init", "--quiet", "--initial-branch=trunk");

        RunEnvironment found = of(GIT, folder);

        assertThat(found.facts()).containsEntry("git.branch", "trunk").doesNotContainKey("git.commit");
        assertThat(found.missing().get("git.commit")).contains("nothing is committed");
    }

    @Test
    void aLinkedWorktreeSharesTheReferencesOfItsRepository() throws Exception {
        String commit = commit();
        run("remote", "add", "origin", "git@example.com:a/b.git");
        Path linked = folder.resolve("elsewhere/w");
        assertThat(run("worktree", "add", "-b", "other", linked.toString())).isTrue();

        assertThat(of(GIT, linked).facts())
                .containsEntry("git.commit", commit)
                .containsEntry("git.branch", "other")
                .containsEntry("git.remote", "git@example.com:a/b.git");
    }

    @Test
    void aSubmoduleNamesItsFolderByARelativePath() throws Exception {
        String commit = commit();
        Path sub = Files.createDirectories(folder.resolve("sub"));
        Files.writeString(sub.resolve(".git"), "gitdir: ../moved/modules/sub\n");
        Files.createDirectories(folder.resolve("moved/modules"));
        Files.move(folder.resolve(".git"), folder.resolve("moved/modules/sub"));

        assertThat(of(GIT, sub).facts()).containsEntry("git.commit", commit);
    }

    @Test
    void whatIsDamagedOrPointsOutsideIsNoCommit() throws Exception {
        commit();
        Files.writeString(folder.resolve("secret"), COMMIT);
        for (String head : List.of(
                "", "ref:", "ref: ../../secret", "ref: refs/../../secret", "ref: HEAD", "x".repeat(9000), "\0\1")) {
            Files.writeString(folder.resolve(".git/HEAD"), head);

            RunEnvironment found = of(GIT, folder);

            assertThat(found.facts()).as(head).doesNotContainKey("git.commit");
            assertThat(found.missing()).as(head).containsKey("git.commit");
        }
    }

    /** Git 2.45 and later can read it; the HEAD that all others find there is no branch. */
    @Test
    void aCheckoutWithReferencesInAFormatThatGitDoesNotKnowTellsNothingUntrue() throws Exception {
        commit();
        run("config", "core.repositoryFormatVersion", "1");
        run("config", "extensions.refStorage", "unheard-of");
        Files.writeString(folder.resolve(".git/HEAD"), "ref: refs/heads/.invalid\n");

        RunEnvironment found = of(GIT, folder);

        assertThat(found.facts()).isEmpty();
        assertThat(found.missing())
                .containsOnlyKeys("git.commit", "git.branch", "git.dirty", "git.remote")
                .allSatisfy((name, why) -> assertThat(why).contains("newer format"));
    }

    @Test
    void wherePathsAreAsciiABranchIsStillTold() throws Exception {
        String commit = commit();
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        CollectorProgram.class.getName())
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().keySet().removeIf(name -> name.startsWith("LC_") || name.equals("LANG"));
        builder.environment().put("LC_ALL", "C");

        Process process = builder.start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();

        assertThat(lines).contains("git.commit=" + commit, "git.branch=feature/größe", "git.dirty=false");
        assertThat(lines).anyMatch(line -> line.startsWith("java.version="));
    }

    @Test
    void outsideOfACheckoutTheCommitIsMissing() {
        assertThat(of(NO_GIT, Path.of("/")).missing()).containsOnlyKeys("git.commit");
    }

    @Test
    void theFirstPlaceWithACheckoutCounts() throws Exception {
        String commit = commit();

        assertThat(of(GIT, Path.of("/"), folder).facts()).containsEntry("git.commit", commit);
    }

    @Test
    void aProgramThatHangsIsEnded() throws IOException {
        Path script = script("echo $$ >> '" + folder.resolve("pids") + "'", "exec sleep 1000");
        GitProgram hanging = new GitProgram(List.of(script.toString()), Duration.ofMillis(500));
        git();

        long before = System.nanoTime();
        RunEnvironment found = of(hanging, folder);

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(LONG);
        assertThat(found.missing()).containsKey("git.dirty");
        List<String> pids = Files.readAllLines(folder.resolve("pids"));
        assertThat(pids).isNotEmpty();
        for (String pid : pids) {
            ProcessHandle.of(Long.parseLong(pid))
                    .ifPresent(left -> assertThat(left.onExit().orTimeout(20, TimeUnit.SECONDS))
                            .succeedsWithin(LONG));
        }
    }

    @Test
    void commitAndBranchAreToldWhereLookingAtEveryFileTakesTooLong() throws IOException {
        git();
        Path script = script(
                "case \"$*\" in",
                "*' status '*) exec sleep 1000;;",
                "*' rev-parse '*) echo " + COMMIT + "; echo refs/heads/main;;",
                "*) exit 1;;",
                "esac");

        RunEnvironment found = of(new GitProgram(List.of(script.toString()), Duration.ofSeconds(4)), folder);

        assertThat(found.facts()).containsOnly(entry("git.commit", COMMIT), entry("git.branch", "main"));
        assertThat(found.missing()).containsOnlyKeys("git.dirty", "git.remote");
        assertThat(found.missing().get("git.dirty")).contains("in time");
    }

    @Test
    void theRemoteIsToldByAGitThatIsSlowToStart() throws IOException {
        git();
        Path script = script(
                "sleep 1.7",
                "case \"$*\" in",
                "*' status '*) printf '# branch.oid " + COMMIT + "\\0# branch.head main\\0';;",
                "*' config '*) printf 'remote.origin.url\\nhttps://example.com/a\\0';;",
                "*) exit 1;;",
                "esac");

        RunEnvironment found = of(new GitProgram(List.of(script.toString()), Duration.ofSeconds(6)), folder);

        assertThat(found.facts())
                .containsOnly(
                        entry("git.commit", COMMIT),
                        entry("git.branch", "main"),
                        entry("git.dirty", "false"),
                        entry("git.remote", "https://example.com/a"));
    }

    @Test
    void whatAnAnswerLeavesOutIsMissing() throws IOException {
        git();
        for (String answer : List.of("", "# branch.oid \\0# branch.head \\0", "# branch.head  \\t\\0")) {
            GitProgram git =
                    new GitProgram(List.of(script("printf '" + answer + "'").toString()), LONG);

            RunEnvironment found = of(git, folder);

            assertThat(found.facts()).as(answer).containsOnly(entry("git.dirty", "false"));
            assertThat(found.missing()).as(answer).containsOnlyKeys("git.commit", "git.branch", "git.remote");
        }
    }

    @Test
    void aBranchOrRemoteThatIsTooLongIsMissingAndNotCut() throws IOException {
        git();
        String branch = "b".repeat(501);
        String host = "h".repeat(501);
        Path script = script(
                "case \"$*\" in",
                "*' status '*) printf '# branch.oid " + COMMIT + "\\0# branch.head " + branch + "\\0';;",
                "*) printf 'remote.origin.url\\nhttps://" + host + "/a\\0';;",
                "esac");

        RunEnvironment found = of(new GitProgram(List.of(script.toString()), LONG), folder);

        assertThat(found.facts()).containsOnly(entry("git.commit", COMMIT), entry("git.dirty", "false"));
        assertThat(found.missing())
                .containsOnlyKeys("git.branch", "git.remote")
                .allSatisfy((name, why) -> assertThat(why).contains("longer than 500"));
    }

    @Test
    void aProgramThatFailsSaysNothing() throws IOException {
        git();
        GitProgram failing = new GitProgram(List.of(script("exit 128").toString()), LONG);

        assertThat(of(failing, folder).missing()).containsKey("git.dirty");
    }

    @Test
    void whoeverTalksWithoutEndIsCutShort() throws IOException {
        git();
        GitProgram talking =
                new GitProgram(List.of(script("exec yes '1 .M N... file'").toString()), LONG);

        assertThat(of(talking, folder).facts()).containsEntry("git.dirty", "true");
    }

    @Test
    void theRealGitTellsWhetherSomethingIsNotCommitted() throws Exception {
        assumeTrue(run("--version"), "there is no git");
        commit();
        Files.createDirectories(folder.resolve("mlops-store"));
        Files.writeString(folder.resolve("mlops-store/store.json"), "{}");

        RunEnvironment clean = of(GIT, folder);
        Files.writeString(folder.resolve("a.txt"), "b");
        RunEnvironment dirty = of(GIT, folder);

        assertThat(clean.facts()).containsEntry("git.dirty", "false");
        assertThat(clean.facts().get("git.commit")).hasSize(40);
        assertThat(clean.missing()).containsOnlyKeys("git.remote");
        assertThat(dirty.facts()).containsEntry("git.dirty", "true");
        assertThat(dirty.missing()).containsKey("git.changes");
    }

    @Test
    void longNamesInSettingsDoNoHarm() throws Exception {
        commit();
        Path git = folder.resolve(".git");
        for (String part : List.of("a".repeat(900_000), "\\a".repeat(450_000))) {
            String config = "[x \"" + part + "\"]\n[remote \"origin\"]\nurl = https://example.com/a\n";
            Files.writeString(git.resolve("config"), config);

            assertThat(of(GIT, folder).facts()).containsEntry("git.remote", "https://example.com/a");
        }
    }
}

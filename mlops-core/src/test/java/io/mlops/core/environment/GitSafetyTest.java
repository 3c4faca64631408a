package io.mlops.core.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A checkout may be a stranger's: to look at it runs nothing that it names. */
final class GitSafetyTest extends CheckoutTest {
    @Test
    void aRepositoryThatNamesProgramsIsNotAsked() throws IOException {
        Path git = git();
        Path ran = folder.resolve("ran");
        GitProgram noting = new GitProgram(List.of(script("touch '" + ran + "'").toString()), LONG);
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

    /** Git before 2.38 takes the working tree for a repository, and runs what its settings name. */
    @Test
    void aWorkingTreeThatMayBeARepositoryItselfIsNotAsked() throws IOException {
        Path ran = folder.resolve("ran");
        GitProgram noting = new GitProgram(List.of(script("touch '" + ran + "'").toString()), LONG);
        for (List<String> parts : List.of(
                List.of(".git/HEAD"),
                List.of(".git/HEAD", ".git/objects/x"),
                List.of(".git/HEAD", ".git/objects/x", ".git/refs/x", "HEAD", "objects/x", "refs/x"),
                List.of(".git/HEAD", ".git/objects/x", ".git/refs/x", "HEAD", "commondir"))) {
            Path tree = folder.resolve("tree" + parts.size() + parts.hashCode());
            for (String part : parts) {
                Files.createDirectories(tree.resolve(part).getParent());
                Files.writeString(tree.resolve(part), "ref: refs/heads/main\n");
            }

            assertThat(of(noting, tree).missing())
                    .as(parts.toString())
                    .containsKeys("git.commit", "git.branch", "git.dirty", "git.remote");
        }
        assertThat(ran).doesNotExist();
    }

    @Test
    void theRealGitRunsNothingOfTheRepository() throws Exception {
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

        assertThat(of(GIT, folder).facts()).containsEntry("git.dirty", "true");

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
        assertThat(of(GIT, folder).missing()).as(as).containsKey("git.dirty");
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

        assertThat(of(GIT, inner).missing()).containsKey("git.dirty");

        assertThat(ran).doesNotExist();
    }
}

package io.mlops.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The README shows code that is compiled and run, and commands that are what they were. */
final class ReadmeTest {
    private static final Path ROOT = Path.of(System.getProperty("basedir", ".")).resolve("..");

    private static List<String> blocks(String language) throws IOException {
        Matcher matcher = Pattern.compile("(?m)^```" + language + "\n(.*?)^```", Pattern.DOTALL)
                .matcher(Files.readString(ROOT.resolve("README.md")));
        List<String> blocks = new ArrayList<>();
        while (matcher.find()) {
            blocks.add(matcher.group(1).strip());
        }
        return blocks;
    }

    private static String withoutIndent(String code) {
        return code.strip().replaceAll("(?m)^\\s+", "").replaceAll("\\s+", " ");
    }

    @Test
    void everyJavaBlockIsASnippetThatRuns() throws IOException {
        String snippets = withoutIndent(
                Files.readString(ROOT.resolve("samples/src/test/java/io/mlops/samples/SnippetsTest.java")));

        assertThat(blocks("java"))
                .isNotEmpty()
                .allSatisfy(block -> assertThat(snippets).contains(withoutIndent(block)));
    }

    @Test
    void thereAreTwoCommandsOfOneLineEach() throws IOException {
        assertThat(blocks("sh")).hasSize(2).noneMatch(block -> block.contains("\n"));
        assertThat(blocks("sh").get(0)).contains("quickstart.jar");
        assertThat(blocks("sh").get(1)).startsWith("mvn ").contains("verify");
    }
}

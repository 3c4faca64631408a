package io.mlops.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.core.config.Environment;
import io.mlops.core.config.MlopsConfig;
import io.mlops.core.config.Program;
import io.mlops.core.config.Recording;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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

    @Test
    void everySettingStandsInTheTable() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));

        assertThat(Stream.of(Recording.class, Environment.class, Program.class, MlopsConfig.class)
                        .flatMap(part -> Arrays.stream(part.getRecordComponents()))
                        .filter(setting -> !setting.getType().isRecord())
                        .map(RecordComponent::getName))
                .contains("closeWithin", "exitHook")
                .allSatisfy(setting -> assertThat(readme).contains("| `" + setting + "` | "));
    }

    @Test
    void theVersionToAddIsThatOfTheBuild() throws IOException {
        String version = Pattern.compile("<version>([^<]+)</version>")
                .matcher(Files.readString(ROOT.resolve("pom.xml")))
                .results()
                .findFirst()
                .orElseThrow()
                .group(1);

        assertThat(blocks("xml")).singleElement().asString().contains("<version>" + version + "</version>");
        assertThat(blocks("kotlin")).singleElement().asString().endsWith(":" + version + "\")");
        assertThat(Files.readString(ROOT.resolve("mlops-bom/pom.xml"))).contains("<version>" + version + "</version>");
    }

    @Test
    void everyLinkedFileIsThere() throws IOException {
        for (Path page : List.of(
                ROOT.resolve("README.md"),
                ROOT.resolve("SECURITY.md"),
                ROOT.resolve("CHANGELOG.md"),
                ROOT.resolve("docs/operations.md"))) {
            Matcher link = Pattern.compile("]\\(([^)#]+)\\)").matcher(Files.readString(page));
            while (link.find()) {
                assertThat(page.resolveSibling(link.group(1))).exists();
            }
        }
    }
}

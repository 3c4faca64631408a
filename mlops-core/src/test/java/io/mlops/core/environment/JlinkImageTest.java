package io.mlops.core.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonFactory;
import io.mlops.api.tracker.RunEnvironment;
import java.io.File;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

/** In an image made by jlink there is neither a class path nor a jar. */
final class JlinkImageTest {
    private static final String EXPORTED = "io.mlops.core/io.mlops.core.environment=app";
    private static final String MAIN = """
            package app;
            public class Main {
                public static void main(String[] arguments) {
                    var details = java.util.Set.of(
                        io.mlops.api.tracker.RunDetail.DEPENDENCIES, io.mlops.api.tracker.RunDetail.SYSTEM);
                    var found = new io.mlops.core.environment.EnvironmentCollector(details, "anna").collect(null);
                    found.dependencies().forEach(library -> System.out.println(library.name() + " " + library.version()
                        + " " + (library.digest() != null) + " " + library.file() + " " + library.within()));
                    System.out.println("main " + found.facts().get("main.class"));
                    System.out.println("missing " + found.missing().get("dependencies"));
                    try {
                        io.mlops.core.Mlops.open("file:store");
                    } catch (io.mlops.api.common.NotFoundException e) {
                        System.out.println(e.getMessage());
                    }
                }
            }
            """;

    @TempDir
    private Path folder;

    private static String modulePath() throws URISyntaxException {
        List<String> places = new ArrayList<>();
        for (Class<?> one : List.of(
                EnvironmentCollector.class, RunEnvironment.class, JsonFactory.class, Logger.class, NullMarked.class)) {
            places.add(Path.of(one.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString());
        }
        return String.join(File.pathSeparator, places);
    }

    private static void tool(String name, String... arguments) {
        PrintStream out = System.out;
        assertThat(ToolProvider.findFirst(name).orElseThrow().run(out, out, arguments))
                .as(name)
                .isZero();
    }

    @Test
    void theLibrariesOfAnImageAreItsModules() throws Exception {
        boolean jlink = ToolProvider.findFirst("jlink").isPresent()
                && Files.isDirectory(Path.of(System.getProperty("java.home"), "jmods"));
        assumeTrue(jlink, "this JDK has no jlink: libraries of an image are not tested");
        Path source = Files.createDirectories(folder.resolve("source/app"));
        Files.writeString(source.resolve("Main.java"), MAIN);
        Files.writeString(source.resolveSibling("module-info.java"), "module app { requires io.mlops.core; }");
        String classes = folder.resolve("classes").toString();
        String path = modulePath();
        tool(
                "javac",
                "-p",
                path,
                "--add-exports",
                EXPORTED,
                "--module-version",
                "1.2",
                "-d",
                classes,
                source.resolve("Main.java").toString(),
                source.resolveSibling("module-info.java").toString());
        Path image = folder.resolve("image");
        tool("jlink", "-p", path + File.pathSeparator + classes, "--add-modules", "app", "--output", image.toString());

        Process process = new ProcessBuilder(
                        image.resolve("bin/java").toString(), "--add-exports", EXPORTED, "-m", "app/app.Main")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();

        assertThat(lines)
                .contains("app 1.2 true app modules", "main app.Main", "missing null")
                .anyMatch(line -> line.startsWith("io.mlops.core "))
                .anyMatch(line -> line.matches(".*'file:'.* module io\\.mlops\\.backends\\.fs .*jlink.*"))
                .anyMatch(line -> line.matches("org\\.slf4j 2\\.[0-9.]+ true org\\.slf4j modules"))
                .noneMatch(line -> line.startsWith("java.") || line.startsWith("jdk."));
    }
}

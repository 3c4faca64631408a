package io.mlops.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Who may use whom, and what {@code docs/architecture.md} shows of it. This module sees every other. */
final class ArchitectureTest {
    /**
     * Each line is the complete list of what a package uses: packages of ours, and roots of others'. A name too many fails
     * as one too few does, so that an arrow that is gone cannot come back unseen.
     */
    private static final Map<String, Set<String>> USES = new TreeMap<>(Map.ofEntries(
            line("api.common"),
            line("api.schema", "api.common"),
            line("api.artifact", "api.common"),
            line("api.tracker", "api.common", "api.artifact"),
            line("api.registry", "api.common", "api.schema", "api.artifact"),
            line("api.spi", "api.common", "api.schema", "api.artifact", "api.tracker", "api.registry"),
            line(
                    "contract",
                    "api.common",
                    "api.schema",
                    "api.artifact",
                    "api.tracker",
                    "api.registry",
                    "api.spi",
                    "org.junit.",
                    "org.assertj."),
            line("core.codec", "api.common", "api.tracker", "com.fasterxml.jackson.core."),
            line("core.mlflow", "api.common", "api.schema", "api.artifact", "core.codec"),
            line("core.query", "api.common", "api.tracker"),
            line("core.disk", "api.common", "api.artifact", "api.spi", "org.slf4j."),
            line("core.config", "api.common", "api.tracker"),
            line("core.delivery", "api.common"),
            line("core.environment", "api.common", "api.tracker", "api.spi"),
            line(
                    "core.artifact",
                    "api.common",
                    "api.artifact",
                    "api.spi",
                    "core.codec",
                    "core.disk",
                    "core.query",
                    "org.slf4j."),
            line(
                    "core.tracker",
                    "api.common",
                    "api.artifact",
                    "api.tracker",
                    "api.spi",
                    "core.query",
                    "core.config",
                    "core.delivery",
                    "core.artifact",
                    "org.slf4j."),
            line(
                    "core.registry",
                    "api.common",
                    "api.artifact",
                    "api.registry",
                    "api.spi",
                    "core.disk",
                    "core.codec",
                    "core.mlflow",
                    "core.delivery",
                    "core.artifact",
                    "core.query",
                    "org.slf4j."),
            line("core.memory", "api.common", "api.artifact", "api.tracker", "api.registry", "api.spi", "core.query"),
            line(
                    "core.sync",
                    "api.common",
                    "api.artifact",
                    "api.tracker",
                    "api.registry",
                    "api.spi",
                    "core.delivery",
                    "core.disk",
                    "core.artifact",
                    "org.slf4j."),
            line(
                    "core",
                    "api.common",
                    "api.tracker",
                    "api.registry",
                    "api.spi",
                    "core.codec",
                    "core.config",
                    "core.environment",
                    "core.delivery",
                    "core.disk",
                    "core.sync",
                    "core.tracker",
                    "core.registry",
                    "core.memory",
                    "org.slf4j."),
            line("backends.fs.store", "api.common", "api.spi", "api.tracker", "core.codec", "core.disk", "org.slf4j."),
            line(
                    "backends.fs.event",
                    "api.common",
                    "api.spi",
                    "api.tracker",
                    "backends.fs.store",
                    "core.codec",
                    "core.disk",
                    "core.query",
                    "org.slf4j."),
            line(
                    "backends.fs.index",
                    "api.common",
                    "api.tracker",
                    "backends.fs.store",
                    "core.disk",
                    "core.query",
                    "org.slf4j."),
            line(
                    "backends.fs.version",
                    "api.common",
                    "api.artifact",
                    "api.spi",
                    "backends.fs.store",
                    "core.disk",
                    "core.query",
                    "core.codec",
                    "org.slf4j."),
            line(
                    "backends.fs",
                    "api.common",
                    "api.artifact",
                    "api.tracker",
                    "api.registry",
                    "api.spi",
                    "backends.fs.store",
                    "backends.fs.event",
                    "backends.fs.index",
                    "backends.fs.version",
                    "core.disk",
                    "core.query",
                    "core.codec",
                    "core.mlflow",
                    "org.slf4j."),
            line("backends.http.config", "api.common"),
            line(
                    "backends.http.wire",
                    "api.common",
                    "api.artifact",
                    "api.spi",
                    "backends.http.config",
                    "com.fasterxml.jackson.core.",
                    "javax.net.",
                    "javax.security.auth.x500.",
                    "okhttp3.",
                    "okio.",
                    "org.slf4j."),
            line(
                    "backends.http.server",
                    "api.common",
                    "api.spi",
                    "api.tracker",
                    "backends.http.wire",
                    "core.codec",
                    "core.query",
                    "com.fasterxml.jackson.core.",
                    "org.slf4j."),
            line(
                    "backends.http.search",
                    "api.common",
                    "api.tracker",
                    "backends.http.server",
                    "backends.http.wire",
                    "core.query"),
            line(
                    "backends.http.artifact",
                    "api.common",
                    "api.artifact",
                    "api.spi",
                    "backends.http.config",
                    "backends.http.wire",
                    "backends.http.server",
                    "core.codec",
                    "core.query",
                    "com.fasterxml.jackson.core.",
                    "org.slf4j."),
            line(
                    "backends.http.model",
                    "api.common",
                    "api.artifact",
                    "api.registry",
                    "api.spi",
                    "backends.http.config",
                    "backends.http.wire",
                    "backends.http.server",
                    "backends.http.artifact",
                    "core.codec",
                    "core.mlflow",
                    "core.query",
                    "com.fasterxml.jackson.core."),
            line(
                    "backends.http.run",
                    "api.common",
                    "api.artifact",
                    "api.spi",
                    "api.tracker",
                    "backends.http.wire",
                    "backends.http.server",
                    "backends.http.artifact",
                    "backends.http.search",
                    "core.codec",
                    "core.query",
                    "com.fasterxml.jackson.core.",
                    "org.slf4j."),
            line(
                    "backends.http",
                    "api.spi",
                    "backends.http.config",
                    "backends.http.wire",
                    "backends.http.server",
                    "backends.http.artifact",
                    "backends.http.model",
                    "backends.http.run")));

    private static JavaClasses classes;

    private static Map.Entry<String, Set<String>> line(String user, String... used) {
        return Map.entry(user, Set.of(used));
    }

    @BeforeAll
    static void readClasses() {
        classes = ReadClasses.all();
    }

    private static Stream<JavaClass> library() {
        return ReadClasses.library();
    }

    private static PackageMap packages() {
        return PackageMap.of(
                library(),
                USES.values().stream()
                        .flatMap(Set::stream)
                        .filter(name -> name.endsWith("."))
                        .toList());
    }

    @Test
    void everyModuleIsRead() {
        assertThat(classes.stream().map(type -> type.getPackageName()))
                .contains(
                        "io.mlops.api.common",
                        "io.mlops.contract",
                        "io.mlops.core",
                        "io.mlops.backends.fs",
                        "io.mlops.backends.http")
                .contains("io.mlops.samples", "io.mlops.benchmarks");
    }

    @Test
    void everyLineNamesWhatItsPackageUsesAndNothingElse() {
        List<String> wrong = new ArrayList<>();
        packages().uses().forEach((user, used) -> {
            Set<String> line = USES.getOrDefault(user, Set.of());
            used.forEach((name, where) -> {
                if (!line.contains(name)) {
                    wrong.add(user + " uses " + name + ", which its line does not name: " + where);
                }
            });
            line.stream()
                    .filter(name -> !used.containsKey(name))
                    .forEach(name -> wrong.add(user + " does not use " + name + ": take it out of its line"));
        });
        assertThat(wrong).isEmpty();
    }

    @Test
    void everyPackageHasALine() {
        assertThat(USES.keySet()).isEqualTo(packages().uses().keySet());
    }

    @Test
    void theDocumentationShowsTheseArrows() throws IOException {
        MarkedBlock shown = new MarkedBlock(
                Path.of(System.getProperty("basedir", ".")).resolve("../docs/architecture.md"), "packages");
        String now = packages().markdown();
        if (Boolean.getBoolean("mlops.docs.update")) {
            shown.replaceBy(now);
        }
        assertThat(shown.text())
                .as("docs/architecture.md is out of date: run the tests of this module with -Dmlops.docs.update=true,"
                        + " and commit what changed")
                .isEqualTo(now);
    }

    @Test
    void nobodySeesTheRoomsOfTheFileStore() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.mlops.backends.fs..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.mlops.backends.fs.*..")
                .check(classes);
    }

    /** Another client would change one class, and nobody who reads the others needs to know this one. */
    @Test
    void oneClassSeesOkHttp() {
        noClasses()
                .that()
                .haveNameNotMatching("io\\.mlops\\.backends\\.http\\.wire\\.Http(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("okhttp3..", "okio..", "kotlin..")
                .check(classes);
    }

    /** A suite that no contract runs looks like tests, and tests nothing. */
    @Test
    void everySuiteOfTheContractIsRun() {
        assertThat(library()
                        .filter(type ->
                                type.getMethods().stream().anyMatch(method -> method.isAnnotatedWith(Test.class))))
                .hasSizeGreaterThan(10)
                .allSatisfy(suite -> assertThat(suite.getAllSubclasses())
                        .as("the suite " + suite.getName())
                        .anyMatch(run -> run.isAnnotatedWith(Nested.class)));
    }

    @Test
    void noPackagesFormACycle() {
        slices().matching("io.mlops.(**)").should().beFreeOfCycles().check(classes);
    }

    /** Classes that only work together are hard to test, and it is hard to see which thread does what in them. */
    @Test
    void noClassesOfRecordingFormACycle() {
        slices().assignedFrom(new SliceAssignment() {
                    @Override
                    public String getDescription() {
                        return "classes of recording, each with those in it";
                    }

                    @Override
                    public SliceIdentifier getIdentifierOf(JavaClass type) {
                        return Set.of("io.mlops.core.tracker", "io.mlops.core.delivery")
                                        .contains(type.getPackageName())
                                ? SliceIdentifier.of(type.getName().replaceFirst("\\$.*", ""))
                                : SliceIdentifier.ignore();
                    }
                })
                .should()
                .beFreeOfCycles()
                .check(classes);
    }
}

package io.mlops.architecture;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may use whom. This module sees every other. */
final class ArchitectureTest {
    private static final String ROOT = "io.mlops.";
    private static final String JDK = "java.";
    private static final String NULLNESS = "org.jspecify.";
    private static final String[] SMALL = {"api.common", "api.schema", "api.artifact"};

    /** Each line is the complete list: packages of ours, and roots of others'. Every class may use its own package. */
    private static final Map<String, Set<String>> MAY_USE = new TreeMap<>(Map.ofEntries(
            line("api.common"),
            line("api.schema", "api.common"),
            line("api.artifact", "api.common"),
            line("api.tracker", SMALL),
            line("api.registry", SMALL),
            line("api.spi", SMALL, "api.tracker", "api.registry"),
            line("contract", api(), "org.junit.", "org.assertj."),
            line("core.codec", SMALL, "api.tracker", "api.registry", "com.fasterxml.jackson.core."),
            line("core.mlflow", SMALL, "api.tracker", "api.registry", "core.codec"),
            line("core.query", api()),
            line("core.disk", api(), "org.slf4j."),
            line("core.environment", api()),
            line("core.artifact", api(), "core.codec", "org.slf4j."),
            line("core.tracker", api(), "core.artifact", "core.query", "core.codec", "org.slf4j."),
            line(
                    "core.registry",
                    api(),
                    "core.artifact",
                    "core.disk",
                    "core.mlflow",
                    "core.query",
                    "core.codec",
                    "org.slf4j."),
            line("core.memory", api(), "core.query"),
            line(
                    "core",
                    api(),
                    "core.codec",
                    "core.query",
                    "core.environment",
                    "core.artifact",
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
                    "backends.fs.store",
                    "core.codec",
                    "core.disk",
                    "core.query",
                    "org.slf4j."),
            line(
                    "backends.fs",
                    api(),
                    "backends.fs.store",
                    "backends.fs.event",
                    "backends.fs.index",
                    "backends.fs.version",
                    "core.codec",
                    "core.disk",
                    "core.mlflow",
                    "core.query",
                    "org.slf4j.")));

    private static JavaClasses classes;

    private static String[] api() {
        return new String[] {"api.common", "api.schema", "api.artifact", "api.tracker", "api.registry", "api.spi"};
    }

    private static Map.Entry<String, Set<String>> line(String user, String... used) {
        return line(user, used, new String[0]);
    }

    private static Map.Entry<String, Set<String>> line(String user, String[] used, String... more) {
        Set<String> all = new TreeSet<>(Arrays.asList(used));
        all.addAll(List.of(more));
        return Map.entry(user, all);
    }

    @BeforeAll
    static void readClasses() {
        classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.mlops.api", "io.mlops.core", "io.mlops.backends", "io.mlops.contract");
    }

    private static Stream<JavaClass> library() {
        return classes.stream().filter(type -> type.getPackageName().startsWith(ROOT));
    }

    @Test
    void everyPackageUsesOnlyWhatItsLineNames() {
        List<String> breaches = new ArrayList<>();
        library().forEach(user -> {
            String from = user.getPackageName().substring(ROOT.length());
            Set<String> allowed = MAY_USE.get(from);
            assertThat(allowed).as("line for package " + from).isNotNull();
            for (Dependency dependency : user.getDirectDependenciesFromSelf()) {
                String used = dependency.getTargetClass().getBaseComponentType().getPackageName();
                if (!mayUse(from, allowed, used)) {
                    breaches.add(dependency.getDescription());
                }
            }
        });
        assertThat(breaches).isEmpty();
    }

    private static boolean mayUse(String from, Set<String> allowed, String used) {
        if (used.isEmpty() || used.startsWith(JDK) || used.startsWith(NULLNESS)) {
            return true;
        }
        return used.startsWith(ROOT)
                ? used.equals(ROOT + from) || allowed.contains(used.substring(ROOT.length()))
                : allowed.stream().anyMatch(root -> root.endsWith(".") && (used + ".").startsWith(root));
    }

    @Test
    void everyLineIsAboutAPackageThatIsThere() {
        Set<String> there = new TreeSet<>();
        library().forEach(type -> there.add(type.getPackageName().substring(ROOT.length())));

        assertThat(MAY_USE.keySet()).isEqualTo(there);
    }

    @Test
    void noPackagesFormACycle() {
        slices().matching("io.mlops.(**)").should().beFreeOfCycles().check(classes);
    }

    @Test
    void noInterfaceHasMoreThanEightAbstractMethods() {
        library()
                .filter(JavaClass::isInterface)
                .forEach(type -> assertThat(type.getMethods().stream()
                                .filter(method -> method.getModifiers().contains(JavaModifier.ABSTRACT)))
                        .as(type.getName())
                        .hasSizeLessThanOrEqualTo(8));
    }

    @Test
    void nothingStaticChanges() {
        library()
                .flatMap(type -> type.getFields().stream())
                .filter(field -> field.getModifiers().contains(JavaModifier.STATIC))
                .forEach(field ->
                        assertThat(field.getModifiers()).as(field.getFullName()).contains(JavaModifier.FINAL));
    }

    @Test
    void nothingDangerousIsUsed() {
        Set<String> banned = Set.of(
                "java.io.ObjectInputStream",
                "java.io.ObjectOutputStream",
                "java.beans.XMLDecoder",
                "javax.script.ScriptEngine",
                "java.sql.DriverManager",
                "java.lang.ThreadLocal");
        library()
                .forEach(type -> assertThat(type.getDirectDependenciesFromSelf())
                        .extracting(dependency -> dependency.getTargetClass().getName())
                        .as(type.getName())
                        .doesNotContainAnyElementsOf(banned));
    }
}

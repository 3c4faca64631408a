package io.mlops.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What no class of the library may have, whatever it uses. */
final class CodeRulesTest {
    private static Stream<JavaClass> library() {
        return ReadClasses.library();
    }

    @Test
    void noStoreHasMoreThanEightAbstractMethods() {
        library()
                .filter(type -> type.isInterface() && type.getPackageName().endsWith("api.spi"))
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

package io.mlops.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.stream.Stream;

/** The classes of all modules, read once for all tests. Not for instances. */
final class ReadClasses {
    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.mlops");

    private ReadClasses() {}

    /** All classes. */
    static JavaClasses all() {
        return ALL;
    }

    /** The classes of the library: samples and benchmarks are read, too, but nobody builds on them. */
    static Stream<JavaClass> library() {
        return ALL.stream()
                .filter(type -> !type.getPackageName().startsWith("io.mlops.samples")
                        && !type.getPackageName().startsWith("io.mlops.benchmarks"));
    }
}

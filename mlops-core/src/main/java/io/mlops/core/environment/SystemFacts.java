package io.mlops.core.environment;

import java.nio.charset.Charset;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Adds the facts of JVM and machine. Of the system properties only those named here are read. */
final class SystemFacts {
    private static final List<String> PROPERTIES = List.of(
            "java.version", "java.vendor", "java.vm.name", "java.vm.version", "os.name", "os.version", "os.arch");

    private SystemFacts() {}

    static void add(FoundEnvironment environment, @Nullable MainClass main) {
        PROPERTIES.forEach(name -> environment.fact(name, System.getProperty(name)));
        environment.fact("locale", Locale.getDefault().toLanguageTag());
        environment.fact("zone", ZoneId.systemDefault().getId());
        environment.fact("charset", Charset.defaultCharset().name());
        environment.fact("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
        environment.fact("heap.max.bytes", Long.toString(Runtime.getRuntime().maxMemory()));
        if (main == null) {
            environment.missing("main.class", "the JVM does not tell it");
        } else {
            environment.fact("main.class", main.name());
        }
    }
}

package io.mlops.core.environment;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** JVM and machine. Of the system properties only those named here are read. */
final class SystemFacts {
    private static final List<String> PROPERTIES = List.of(
            "java.version", "java.vendor", "java.vm.name", "java.vm.version", "os.name", "os.version", "os.arch");
    private static final int MAX_MANIFEST_BYTES = 2 << 20;
    private static final Pattern CLASS = Pattern.compile("(?:[\\w.$-]+/)?([\\p{javaJavaIdentifierPart}.]{1,300})");

    private SystemFacts() {}

    static void add(FoundEnvironment environment, ClassPath classPath) {
        PROPERTIES.forEach(name -> environment.fact(name, System.getProperty(name)));
        environment.fact("locale", Locale.getDefault().toLanguageTag());
        environment.fact("zone", ZoneId.systemDefault().getId());
        environment.fact("charset", Charset.defaultCharset().name());
        environment.fact("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
        environment.fact("heap.max.bytes", Long.toString(Runtime.getRuntime().maxMemory()));
        String main = mainClass(
                System.getProperty("sun.java.command", ""), System.getProperty("java.class.path", ""), classPath);
        main = main == null ? mainClassOnTheStack() : main;
        if (main == null) {
            environment.missing("main.class", "the JVM does not tell it");
        } else {
            environment.fact("main.class", main);
        }
    }

    /**
     * Of a command line only what was started, never its arguments, which may hold anything.
     *
     * @param path the class path as given, which is the jar itself where a jar was started
     */
    static @Nullable String mainClass(String command, String path, ClassPath classPath) {
        boolean jar = !path.isEmpty()
                && command.startsWith(path)
                && (command.length() == path.length() || command.charAt(path.length()) == ' ');
        if (jar && classPath.entries().size() > 0) {
            return mainClassOf(classPath.entries().get(0));
        }
        var matcher = CLASS.matcher(command.split(" ", 2)[0]);
        return matcher.matches() ? matcher.group(1) : null;
    }

    /** Where the command line cannot be read, or was not kept: the class that the first thread began in. */
    private static @Nullable String mainClassOnTheStack() {
        for (Map.Entry<Thread, StackTraceElement[]> thread :
                Thread.getAllStackTraces().entrySet()) {
            StackTraceElement[] stack = thread.getValue();
            if (thread.getKey().getName().equals("main") && stack.length > 0) {
                StackTraceElement first = stack[stack.length - 1];
                return first.getMethodName().equals("main") ? first.getClassName() : null;
            }
        }
        return null;
    }

    /** As the manifest says, else what the jar is called. */
    private static @Nullable String mainClassOf(Path jar) {
        try (FileChannel channel = FileChannel.open(jar)) {
            Manifest manifest = new JarContents(ZipBytes.of(channel), new ByteBudget(MAX_MANIFEST_BYTES)).manifest();
            String inner = manifest.getMainAttributes().getValue("Start-Class");
            String main = inner == null ? manifest.getMainAttributes().getValue(Attributes.Name.MAIN_CLASS) : inner;
            return main == null ? FileNames.of(jar) : main;
        } catch (IOException e) {
            return FileNames.of(jar);
        }
    }
}

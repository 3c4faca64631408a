package io.mlops.core.environment;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The class that a program began in.
 *
 * @param name of the class; of a jar that does not tell, the name of its file
 * @param place the jar or folder that it lies in; null if that cannot be told, or it lies in an image made by jlink
 */
record MainClass(String name, @Nullable Path place) {
    private static final int MAX_MANIFEST_BYTES = 1 << 20;
    private static final int MAX_JAR_BYTES = 2 << 20;
    private static final Pattern CLASS = Pattern.compile("(?:[\\w.$-]+/)?([\\p{javaJavaIdentifierPart}.]{1,300})");
    private static final Pattern IN_JAR = Pattern.compile("jar:(file:[^!]+)!/.*");

    /** The main class of this JVM; null if the JVM does not tell it. */
    static @Nullable MainClass ofThisProgram(ClassPath classPath) {
        MainClass main =
                of(System.getProperty("sun.java.command", ""), System.getProperty("java.class.path", ""), classPath);
        return main == null ? onTheStack() : main;
    }

    /**
     * Reads the main class from a command line, never its arguments, which may hold anything.
     *
     * @param path the class path as given, which is the jar itself where a jar was started
     */
    static @Nullable MainClass of(String command, String path, ClassPath classPath) {
        boolean jar = !path.isEmpty()
                && command.startsWith(path)
                && (command.length() == path.length() || command.charAt(path.length()) == ' ');
        if (jar && classPath.entries().size() > 0) {
            Path started = classPath.entries().get(0);
            String main = manifest(started).getValue(Attributes.Name.MAIN_CLASS);
            return started(main == null ? FileNames.of(started) : main, started);
        }
        Matcher matcher = CLASS.matcher(command.split(" ", 2)[0]);
        return matcher.matches() ? named(matcher.group(1)) : null;
    }

    /** The class that the first thread began in, for when the command line cannot be read, or was not kept. */
    private static @Nullable MainClass onTheStack() {
        for (Map.Entry<Thread, StackTraceElement[]> thread :
                Thread.getAllStackTraces().entrySet()) {
            StackTraceElement[] stack = thread.getValue();
            if (thread.getKey().getName().equals("main") && stack.length > 0) {
                StackTraceElement first = stack[stack.length - 1];
                return first.getMethodName().equals("main") ? named(first.getClassName()) : null;
            }
        }
        return null;
    }

    private static MainClass named(String name) {
        String file = name.replace('.', '/') + ".class";
        URL found = ClassLoader.getSystemResource(file);
        Path place = found == null ? null : place(found, file);
        return place == null ? new MainClass(name, null) : started(name, place);
    }

    /**
     * The main class of a place; where that is the launcher of an executable jar, packed or unpacked, the class that
     * the launcher starts.
     */
    static MainClass started(String name, Path place) {
        Attributes manifest = manifest(place);
        String inner = manifest.getValue("Start-Class");
        boolean launcher = inner != null && name.equals(manifest.getValue(Attributes.Name.MAIN_CLASS));
        return new MainClass(launcher ? inner : name, place);
    }

    private static @Nullable Path place(URL found, String file) {
        try {
            String text = found.toString();
            Matcher inJar = IN_JAR.matcher(text);
            String place = inJar.matches() ? inJar.group(1) : text.substring(0, text.length() - file.length());
            return ClassPath.toFile(new URI(place)).orElse(null);
        } catch (URISyntaxException e) {
            return null;
        }
    }

    private static Attributes manifest(Path place) {
        try {
            if (Files.isDirectory(place)) {
                try (InputStream in = Files.newInputStream(place.resolve(JarFile.MANIFEST_NAME))) {
                    return JarContents.manifest(in.readNBytes(MAX_MANIFEST_BYTES))
                            .getMainAttributes();
                }
            }
            try (FileChannel channel = FileChannel.open(place)) {
                return new JarContents(ZipBytes.of(channel), new ByteBudget(MAX_JAR_BYTES))
                        .manifest()
                        .getMainAttributes();
            }
        } catch (IOException e) {
            return new Manifest().getMainAttributes();
        }
    }
}

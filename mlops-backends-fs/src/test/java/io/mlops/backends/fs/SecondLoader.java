package io.mlops.backends.fs;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The library once more in this JVM, as in a server that runs two applications: nothing static is shared. */
final class SecondLoader implements AutoCloseable {
    private final URLClassLoader loader;

    SecondLoader() throws IOException {
        List<URL> places = new ArrayList<>();
        for (String place : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            places.add(Path.of(place).toUri().toURL());
        }
        loader = new URLClassLoader(places.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
    }

    /** Runs the main method of its own copy of a class. */
    void run(Class<?> main, Object... arguments) throws ReflectiveOperationException {
        Class<?> copy = loader.loadClass(main.getName());
        if (copy == main) {
            throw new IllegalStateException(main + " is the same here as there");
        }
        String[] texts = new String[arguments.length];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = arguments[i].toString();
        }
        Method method = copy.getDeclaredMethod("main", String[].class);
        method.setAccessible(true);
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            method.invoke(null, (Object) texts);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Override
    public void close() throws IOException {
        loader.close();
    }
}

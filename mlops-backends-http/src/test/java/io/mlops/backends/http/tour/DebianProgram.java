package io.mlops.backends.http.tour;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** A server that Debian has a package of, as a program of a test. Not thread-safe. */
final class DebianProgram implements AutoCloseable {
    private static final List<String> FOLDERS = List.of("/usr/sbin", "/usr/bin", "/usr/local/bin");

    private final Process process;
    private final int port;
    private final Path folder;

    private DebianProgram(Process process, int port, Path folder) {
        this.process = process;
        this.port = port;
        this.folder = folder;
    }

    /** Starts it and waits until it listens; where it is not installed, the test is skipped, and one line says so. */
    static DebianProgram start(String name, int port, Path folder, String... options) throws IOException {
        Path program = FOLDERS.stream()
                .map(each -> Path.of(each, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
        if (program == null) {
            String absence = "no tests with " + name + ": it is not installed (apt-get install " + name + ")";
            System.out.println(absence);
            assumeTrue(false, absence);
        }
        List<String> command = new ArrayList<>(List.of(String.valueOf(program)));
        command.addAll(List.of(options));
        File log = folder.resolve("printed.log").toFile();
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
        DebianProgram started = new DebianProgram(process, port, folder);
        while (!started.listens()) {
            if (!process.isAlive()) {
                throw new IOException(name + " did not start: " + Files.readString(log.toPath()));
            }
            pause();
        }
        return started;
    }

    /** A port that nobody listens on. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private boolean listens() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    String address() {
        return "http://127.0.0.1:" + port;
    }

    /** Waits until one of its files holds a text. */
    void awaitInLog(String file, String text) throws IOException {
        while (!Files.exists(folder.resolve(file))
                || !Files.readString(folder.resolve(file)).contains(text)) {
            pause();
        }
    }

    private static void pause() {
        LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }

    @Override
    public void close() {
        // In order, so that it takes away what it shares with others.
        process.destroy();
        Process unused = process.onExit().join();
    }
}

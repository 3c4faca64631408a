package io.mlops.backends.fs.peers;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/** A foreign program that a test cannot do without. */
public enum Peer {
    /** A Python that has both TensorBoard and MLflow. */
    PYTHON("with TensorBoard and MLflow", "MLOPS_PYTHON does not name a Python that has the packages of .ci/peers.txt"),
    JQ("with jq", "jq is not on the PATH"),
    STRACE("of processes whose system calls fail", "strace is not on the PATH, or may not trace"),
    MOUNT("on small, full and read-only disks", "only root may mount them"),
    NAMESPACE("of processes that containers number", "only root may separate them"),
    JAVA_21("of virtual threads on Java 21", "the property mlops.test.java21.home names none"),
    GERMAN("of a system that speaks German", "the sources of its locale are not installed");

    private final String tests;
    private final String cause;

    Peer(String tests, String cause) {
        this.tests = tests;
        this.cause = cause;
    }

    /** Returns whether the tests with the peer may run. A peer that is there and does not work fails them. */
    boolean present() {
        return switch (this) {
            case PYTHON -> !python().isBlank();
            case JQ ->
                Arrays.stream(variable("PATH").split(File.pathSeparator))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "jq")));
            case STRACE -> works("strace", "-o", "/dev/null", "true");
            case NAMESPACE -> works("unshare", "--pid", "--fork", "true");
            case MOUNT -> works("unshare", "--mount", "true");
            case JAVA_21 -> !java21().isBlank();
            case GERMAN ->
                Stream.of("/usr/share/i18n/locales/de_DE", "/usr/share/locale/de/LC_MESSAGES/libc.mo")
                        .allMatch(file -> Files.exists(Path.of(file)));
        };
    }

    /** Returns one line that says which tests do not run, why not, and how to switch them on. */
    String absence() {
        return "no tests " + tests + ": " + cause + " (.ci/run sets it up)";
    }

    /** Returns the path of the Python that has the packages. */
    static String python() {
        return variable("MLOPS_PYTHON");
    }

    /** Returns the folder of a Java 21 runtime. */
    public static String java21() {
        return System.getProperty("mlops.test.java21.home", "");
    }

    /** Returns whether a missing peer is a failure. */
    static boolean required() {
        return variable("CI").equals("true");
    }

    private static boolean works(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static String variable(String name) {
        return System.getenv().getOrDefault(name, "");
    }
}

package io.mlops.backends.fs.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A command of the system, run to its end. */
final class Command {
    private Command() {}

    static void run(Object... words) throws IOException {
        String[] command = new String[words.length];
        for (int i = 0; i < words.length; i++) {
            command[i] = words[i].toString();
        }
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exit = process.onExit().join().exitValue();
        if (exit != 0) {
            throw new IOException(String.join(" ", command) + " ended with " + exit + ": " + said);
        }
    }
}

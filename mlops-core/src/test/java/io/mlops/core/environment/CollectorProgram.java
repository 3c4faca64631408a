package io.mlops.core.environment;

import io.mlops.api.tracker.RunEnvironment;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Prints what a JVM of its own finds out about itself and the checkout it works in; tests start it under another locale. */
final class CollectorProgram {
    private CollectorProgram() {}

    public static void main(String[] arguments) {
        FoundEnvironment environment = new FoundEnvironment();
        SystemFacts.add(environment, MainClass.ofThisProgram(ClassPath.ofThisProgram(null)));
        GitFacts.add(environment, List.of(Path.of("")), new GitProgram(List.of("git"), Duration.ofSeconds(20)));
        RunEnvironment found = environment.result();
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        found.facts().forEach((name, value) -> out.println(name + "=" + value));
        found.missing().forEach((name, why) -> out.println("missing " + name + ": " + why));
    }
}

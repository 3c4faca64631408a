package io.mlops.core.environment;

import static java.util.Objects.requireNonNull;

import io.mlops.api.tracker.RunDetail;
import io.mlops.api.tracker.RunEnvironment;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds out what this program runs in. Takes as long as reading its class path; an interrupt ends it. Thread-safe. */
public final class EnvironmentCollector {
    private static final String OFF = "recording it is switched off";

    private final Set<RunDetail> details;
    private final String user;

    /**
     * Of these details.
     *
     * @param user who runs it
     */
    public EnvironmentCollector(Set<RunDetail> details, String user) {
        this.details = Set.copyOf(details);
        this.user = requireNonNull(user, "user");
    }

    /**
     * Looks.
     *
     * @param loader whose class path counts beside that of the JVM, such as that of a web application; null if none
     */
    public RunEnvironment collect(@Nullable ClassLoader loader) {
        FoundEnvironment environment = new FoundEnvironment();
        ClassPath classPath = ClassPath.ofThisProgram(loader);
        if (wanted(RunDetail.SYSTEM, "java.version", environment)) {
            SystemFacts.add(environment, classPath);
        }
        if (wanted(RunDetail.CONTAINER, "container.image", environment)) {
            new ContainerFacts(Path.of("/")).add(environment);
        }
        if (wanted(RunDetail.GIT, "git.commit", environment)) {
            GitFacts.add(environment, classPath.placesOfCode());
        }
        if (details.contains(RunDetail.USER)) {
            environment.fact("user", user);
        }
        if (wanted(RunDetail.DEPENDENCIES, "dependencies", environment)) {
            addDependencies(environment, classPath.entries());
        }
        return environment.result();
    }

    static void addDependencies(FoundEnvironment environment, List<Path> entries) {
        new Dependencies(environment).add(entries);
        if (environment.dependencies() == 0) {
            environment.missing("dependencies", "neither class path nor module path tells any");
        }
    }

    private boolean wanted(RunDetail detail, String name, FoundEnvironment environment) {
        if (!details.contains(detail)) {
            environment.missing(name, OFF);
            return false;
        }
        return true;
    }
}

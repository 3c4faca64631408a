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
        Findings findings = new Findings();
        ClassPath classPath = ClassPath.ofThisProgram(loader);
        if (wanted(RunDetail.SYSTEM, "java.version", findings)) {
            SystemFacts.add(findings, classPath);
        }
        if (wanted(RunDetail.CONTAINER, "container.image", findings)) {
            new ContainerFacts(Path.of("/")).add(findings);
        }
        if (wanted(RunDetail.GIT, "git.commit", findings)) {
            GitFacts.add(findings, classPath.placesOfCode());
        }
        if (details.contains(RunDetail.USER)) {
            findings.fact("user", user);
        }
        if (wanted(RunDetail.DEPENDENCIES, "dependencies", findings)) {
            addDependencies(findings, classPath.entries());
        }
        return findings.result();
    }

    static void addDependencies(Findings findings, List<Path> entries) {
        new Dependencies(findings).add(entries);
        if (findings.dependencies() == 0) {
            findings.missing("dependencies", "neither class path nor module path tells any");
        }
    }

    private boolean wanted(RunDetail detail, String name, Findings findings) {
        if (!details.contains(detail)) {
            findings.missing(name, OFF);
            return false;
        }
        return true;
    }
}

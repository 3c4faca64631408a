package io.mlops.core.environment;

import static java.util.Objects.requireNonNull;

import io.mlops.api.tracker.RunDetail;
import io.mlops.api.tracker.RunEnvironment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Collects the environment that this program runs in. Takes as long as reading its class path; an interrupt ends it.
 * Thread-safe.
 */
public final class EnvironmentCollector {
    private static final String OFF = "recording it is switched off";

    private final Set<RunDetail> details;
    private final String user;

    /**
     * A collector of these details and no others.
     *
     * @param user who runs it
     */
    public EnvironmentCollector(Set<RunDetail> details, String user) {
        this.details = Set.copyOf(details);
        this.user = requireNonNull(user, "user");
    }

    /**
     * Collects the environment of this process; a part that fails is missing by name, and takes no other with it.
     *
     * @param loader whose class path counts beside that of the JVM, such as that of a web application; null if none
     */
    public RunEnvironment collect(@Nullable ClassLoader loader) {
        return collect(() -> ClassPath.ofThisProgram(loader), MainClass::ofThisProgram);
    }

    RunEnvironment collect(Supplier<ClassPath> places, Function<ClassPath, @Nullable MainClass> start) {
        FoundEnvironment environment = new FoundEnvironment();
        ClassPath found = orMissing(environment, "class.path", places);
        ClassPath classPath = found == null ? new ClassPath(List.of()) : found;
        if (found == null && details.contains(RunDetail.DEPENDENCIES)) {
            environment.missing("dependencies", "the class path could not be told");
        }
        boolean ofInterest = details.contains(RunDetail.SYSTEM) || details.contains(RunDetail.GIT);
        MainClass main = ofInterest ? orMissing(environment, "main.class", () -> start.apply(classPath)) : null;
        part(environment, RunDetail.SYSTEM, "java.version", () -> SystemFacts.add(environment, main));
        part(
                environment,
                RunDetail.CONTAINER,
                "container.image",
                () -> new ContainerFacts(Path.of("/")).add(environment));
        part(environment, RunDetail.GIT, "git.commit", () -> addRevision(environment, classPath, main));
        if (details.contains(RunDetail.USER)) {
            environment.fact("user", user);
        }
        part(environment, RunDetail.DEPENDENCIES, "dependencies", () -> addDependencies(environment, classPath));
        return environment.result();
    }

    /**
     * Adds the revision that runs. A checkout around folders of classes is newer than what any build wrote; otherwise
     * the jar of the main class tells it best.
     */
    static void addRevision(FoundEnvironment environment, ClassPath classPath, @Nullable MainClass main) {
        List<Path> places = classPath.placesOfCode();
        List<Path> folders =
                classPath.entries().stream().filter(Files::isDirectory).toList();
        PackagedRevision revision = null;
        if (!GitFacts.isIn(folders)) {
            Path place = main == null ? null : main.place();
            revision = place == null || folders.contains(place) ? null : PackagedRevision.ofJar(place);
            revision = revision == null && !GitFacts.isIn(places) ? PackagedRevision.ofFolders(folders) : revision;
        }
        if (revision == null) {
            GitFacts.add(environment, places);
        } else {
            revision.add(environment);
        }
    }

    static void addDependencies(FoundEnvironment environment, ClassPath classPath) {
        Dependencies dependencies = new Dependencies(environment);
        dependencies.add(classPath.entries());
        dependencies.addModules(classPath.imageModules());
        if (environment.dependencies() == 0) {
            environment.missing("dependencies", "neither class path nor module path tells any");
        }
    }

    /** Adds one part; if that fails, this part is missing and no other. */
    void part(FoundEnvironment environment, RunDetail detail, String name, Runnable collect) {
        if (!details.contains(detail)) {
            environment.missing(name, OFF);
            return;
        }
        orMissing(environment, name, () -> {
            collect.run();
            return null;
        });
    }

    private static <T> @Nullable T orMissing(
            FoundEnvironment environment, String name, Supplier<? extends @Nullable T> look) {
        try {
            return look.get();
        } catch (RuntimeException e) {
            // Its message may hold a path, or worse.
            environment.missing(
                    name, "looking for it failed with " + e.getClass().getName());
            return null;
        }
    }
}

package io.mlops.benchmarks;

import java.nio.file.Path;

/** What is measured with an MLflow server on SQLite, which is there for it alone. */
@FunctionalInterface
interface ServerTask {
    /** Measures and prints; the folder is on the disk of the server. */
    void measure(Setting setting, String uri, Path folder) throws Exception;

    /** This task, and then another with the same server. */
    default ServerTask then(ServerTask next) {
        return (setting, uri, folder) -> {
            measure(setting, uri, folder);
            next.measure(setting, uri, folder);
        };
    }

    /** The measurement that starts a server for a task, or says that no Python is there for one. */
    static Measurement onServer(String name, ServerTask task) {
        return setting -> {
            String python = System.getenv().getOrDefault("MLOPS_PYTHON", "");
            if (python.isBlank()) {
                System.err.println(
                        name + " is not measured: MLOPS_PYTHON names no Python with the packages of .ci/peers.txt");
                setting.report().line(name + ".server", "unknown", "version");
                return;
            }
            Path folder = Setting.newFolder();
            try (MlflowServer server = MlflowServer.start(python, folder)) {
                setting.report().line(name + ".server", server.version(), "version");
                task.measure(setting, server.uri(), folder);
            } finally {
                Setting.delete(folder);
            }
        };
    }
}

package io.mlops.backends.http.standin;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** A real server, and the Python program that keeps it. Not thread-safe. */
public final class RealServer implements TestServer {
    private final Process keeper;
    private final BufferedReader answers;
    private final String address;
    private final Path folder;
    private final String password = UUID.randomUUID().toString();

    RealServer(String python, Setup setup) throws IOException, URISyntaxException {
        Path script =
                Path.of(RealServer.class.getResource("/servers/keep_server.py").toURI());
        folder = Files.createTempDirectory("mlflow");
        ProcessBuilder program = new ProcessBuilder(python, script.toString(), folder.toString(), setup.name());
        program.environment().put("MLFLOW_ENABLE_TELEMETRY", "false");
        program.environment().put("DO_NOT_TRACK", "true");
        program.environment().put("MLFLOW_AUTH_ADMIN_PASSWORD", password);
        program.environment()
                .put("MLFLOW_FLASK_SERVER_SECRET_KEY", UUID.randomUUID().toString());
        keeper = program.redirectError(new File(folder.toFile(), "keeper.log")).start();
        answers = keeper.inputReader(StandardCharsets.UTF_8);
        String port = answers.readLine();
        if (port == null) {
            throw new IOException("no server was started; see the logs in " + folder);
        }
        address = "http://127.0.0.1:" + port + setup.path();
    }

    @Override
    public String address() {
        return address;
    }

    /** The folder of its artifacts. */
    public Path artifacts() {
        return folder.resolve("artifacts");
    }

    /** The password of {@code admin} where there are users. */
    public String password() {
        return password;
    }

    @Override
    public void empty() throws IOException {
        keeper("empty");
    }

    /** Kills it as a machine without memory does, with its workers. */
    public void kill() throws IOException {
        keeper("kill");
    }

    /** Starts it again after it was killed, at the same address. */
    public void start() throws IOException {
        keeper("start");
    }

    /** Stops it in whatever it is doing; connections stay, and are accepted. */
    public void pause() throws IOException {
        keeper("pause");
    }

    /** Lets it go on after a pause. */
    public void resume() throws IOException {
        keeper("resume");
    }

    private void keeper(String what) throws IOException {
        Writer questions = keeper.outputWriter(StandardCharsets.UTF_8);
        questions.write(what + "\n");
        questions.flush();
        if (answers.readLine() == null) {
            throw new IOException("the server at " + address + " is not kept any more");
        }
    }

    void stop() {
        keeper.destroy();
        keeper.onExit().join();
    }
}

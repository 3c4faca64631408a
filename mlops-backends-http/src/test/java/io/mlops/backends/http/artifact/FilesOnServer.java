package io.mlops.backends.http.artifact;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.RelativePath;
import io.mlops.backends.http.config.HttpSettings;
import io.mlops.backends.http.server.ServerFacts;
import io.mlops.backends.http.standin.RawClient;
import io.mlops.backends.http.standin.Reply;
import io.mlops.backends.http.standin.TestServer;
import io.mlops.backends.http.wire.Wire;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Files of a run on a server, as {@link RemoteFiles} reaches them. */
record FilesOnServer(RemoteFiles files, Wire wire, Place place) implements AutoCloseable {
    /** Files of a new run below a root, which is the server's own choice if empty. */
    static FilesOnServer of(TestServer server, String root, HttpSettings settings) {
        RawClient raw = RawClient.of(server);
        String location = root.isEmpty() ? "" : ", \"artifact_location\": \"" + root + "\"";
        String experiment =
                field("experiment_id", raw.post("experiments/create", "{\"name\": \"churn\"" + location + "}"));
        String run = raw.post("runs/create", "{\"experiment_id\": \"" + experiment + "\"}");
        Wire wire = Wire.to(server.address(), settings);
        Place place = new Place(field("artifact_uri", run), new Place.Owner.OfRun(field("run_id", run)), null);
        return new FilesOnServer(new RemoteFiles(wire, new ServerFacts(wire)), wire, place);
    }

    /** The text of a field anywhere in JSON. */
    static String field(String name, String json) {
        Matcher found = Pattern.compile("\"" + name + "\" ?: ?\"([^\"]*)\"").matcher(json);
        if (!found.find()) {
            throw new AssertionError("no " + name + " in " + json);
        }
        return found.group(1);
    }

    /** The same files of another owner, or elsewhere. */
    FilesOnServer at(Place other) {
        return new FilesOnServer(files, wire, other);
    }

    long put(String path, byte[] bytes) {
        return files.put(place, RelativePath.of(path), Content.of(bytes)).bytes();
    }

    byte[] read(String path) {
        return files.read(place, RelativePath.of(path)).orElseThrow();
    }

    boolean has(String path) {
        return files.find(place, RelativePath.of(path)).isPresent();
    }

    /** So many bytes by chance, the same each time. */
    static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }

    /** A page as something between says it. */
    static Reply page(int status) {
        return Reply.of(status, "text/html", "<html><title>" + status + "</title></html>")
                .with("Via", "1.1 between");
    }

    @Override
    public void close() {
        wire.close();
    }
}

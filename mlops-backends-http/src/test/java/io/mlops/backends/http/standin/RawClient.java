package io.mlops.backends.http.standin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** What other programs say to a server: requests as they are typed. Thread-safe. */
public record RawClient(TestServer server, HttpClient client) {
    /** A program that speaks with this server. */
    public static RawClient of(TestServer server) {
        return new RawClient(server, HttpClient.newHttpClient());
    }

    /** Sends JSON and returns the answer. */
    public String post(String endpoint, String json) {
        return send("POST", "/api/2.0/mlflow/" + endpoint, json);
    }

    /** Asks for JSON, with the query as part of the text. */
    public String get(String endpoint) {
        return send("GET", "/api/2.0/mlflow/" + endpoint, "");
    }

    /** Stores a file under a path of the server's artifacts. */
    public void put(String path, String text) {
        String unused = send("PUT", "/api/2.0/mlflow-artifacts/artifacts/" + path, text);
    }

    /** Reads a file by its path among the server's artifacts. */
    public String read(String path) {
        return send("GET", "/api/2.0/mlflow-artifacts/artifacts/" + path, "");
    }

    /** Lists a folder of the server's artifacts. */
    public String list(String path) {
        return send("GET", "/api/2.0/mlflow-artifacts/artifacts?path=" + path, "");
    }

    /** Removes a file by its path among the server's artifacts. */
    public void delete(String path) {
        String unused = send("DELETE", "/api/2.0/mlflow-artifacts/artifacts/" + path, "");
    }

    private String send(String method, String target, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.address() + target))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", "application/json")
                .build();
        try {
            HttpResponse<String> answer =
                    client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(
                        method + " " + target + ": " + answer.statusCode() + " " + answer.body());
            }
            return answer.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

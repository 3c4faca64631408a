package io.mlops.backends.http.standin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** Tests that the stand-in takes broken, chunked, compressed and partial requests as the real server does. */
final class StandInConnectionsTest {
    private static final String FILE = "/api/2.0/mlflow-artifacts/artifacts/connections/f.txt";
    private static final String CREATE = "/api/2.0/mlflow/experiments/create";
    private static final String OLD = "what was there before";
    private static final int PATIENCE = 50;

    @Test
    @NeedsServer(Release.V3_17)
    void standsInForVersion3(TestServer real) throws Exception {
        agrees(Release.V3_17, real, OLD);
    }

    @Test
    @NeedsServer(Release.V2_22)
    void standsInForVersion2(TestServer real) throws Exception {
        agrees(Release.V2_22, real, "half");
    }

    private static void agrees(Release release, TestServer real, String afterHalfAnUpload) throws IOException {
        real.empty();
        try (StandIn standIn = StandIn.start(release)) {
            List<String> here = talk(standIn);
            assertThat(here).isEqualTo(talk(real));
            assertThat(here.get(0)).isEqualTo("200 " + afterHalfAnUpload);
        }
    }

    private static List<String> talk(TestServer server) throws IOException {
        List<String> said = new ArrayList<>();
        said.add(halfAnUpload(server, "Content-Length: 20\r\n\r\nhalf"));
        said.add(halfAnUpload(server, "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"));
        said.add(ask(server, "GET " + FILE, "Range: bytes=5-7\r\n\r\n"));
        said.add(ask(server, "GET " + FILE, "Range: bytes=500-\r\n\r\n"));
        said.add(ask(server, "GET " + FILE, "Range: bytes=5-\r\nIf-Range: \"other\"\r\n\r\n"));
        said.add(ask(
                server,
                "POST " + CREATE,
                json("Transfer-Encoding: chunked\r\n\r\nc\r\n{\"name\":\"x\"}\r\n0\r\n\r\n")));
        said.add(ask(server, "POST " + CREATE, json("Content-Length: 12\r\n\r\n{\"name\":\"x\"}")));
        said.add(compressed(server));
        said.add(ask(server, "PUT " + FILE, "Expect: 100-continue\r\nContent-Length: 3\r\n\r\nnew"));
        said.add(ask(server, "GET " + FILE, "\r\n"));
        said.add(ask(server, "POST " + CREATE, "Content-Length: 12\r\n\r\n{\"name\":\"y\"}"));
        said.add(ask(server, "GET /health", "\r\n", "elsewhere.example"));
        said.add(ask(server, "GET /api/2.0/mlflow/experiments/get?experiment_id=77", "\r\n", "elsewhere.example"));
        said.add(ask(server, "POST " + CREATE, json("Origin: http://e.example\r\nContent-Length: 2\r\n\r\n{}")));
        return said;
    }

    private static String json(String rest) {
        return "Content-Type: application/json\r\n" + rest;
    }

    /** Uploads a file, and then a part of another in its place; returns what is there at last. */
    private static String halfAnUpload(TestServer server, String part) throws IOException {
        ask(server, "PUT " + FILE, "Content-Length: " + OLD.length() + "\r\n\r\n" + OLD);
        try (Socket socket = connect(server)) {
            socket.getOutputStream().write(head(server, "PUT " + FILE, part, null));
        }
        String found = "200 " + OLD;
        for (int attempt = 0; attempt < PATIENCE && found.equals("200 " + OLD); attempt++) {
            found = ask(server, "GET " + FILE, "\r\n");
        }
        return found;
    }

    private static String compressed(TestServer server) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(body)) {
            zip.write("{\"name\":\"z\"}".getBytes(StandardCharsets.UTF_8));
        }
        String rest = json("Content-Encoding: gzip\r\nContent-Length: " + body.size() + "\r\n\r\n")
                + body.toString(StandardCharsets.ISO_8859_1);
        return ask(server, "POST " + CREATE, rest);
    }

    private static String ask(TestServer server, String line, String rest) throws IOException {
        return ask(server, line, rest, null);
    }

    private static String ask(TestServer server, String line, String rest, String host) throws IOException {
        try (Socket socket = connect(server)) {
            socket.getOutputStream().write(head(server, line, "Connection: close\r\n" + rest, host));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            String first = answer.startsWith("HTTP/1.1 100") ? "100 then " : "";
            String last = answer.substring(first.isEmpty() ? 0 : answer.indexOf("\r\n\r\n") + 4);
            return first + last.substring(9, 12) + " " + body(last);
        }
    }

    private static String body(String answer) {
        String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
        if (body.contains("error_code")) {
            return body.replaceAll("(?s).*\"error_code\": ?\"(\\w+)\".*", "$1");
        }
        // The size of a chunk that is all there is.
        return body.replaceAll("(?s)^[0-9a-f]+\r\n(.*)\r\n0\r\n\r\n$", "$1").replaceAll("\\s*([{}:])\\s*", "$1");
    }

    private static Socket connect(TestServer server) throws IOException {
        URI address = URI.create(server.address());
        return new Socket(address.getHost(), address.getPort());
    }

    private static byte[] head(TestServer server, String line, String rest, String host) {
        String named = host == null ? URI.create(server.address()).getAuthority() : host;
        return (line + " HTTP/1.1\r\nHost: " + named + "\r\n" + rest).getBytes(StandardCharsets.ISO_8859_1);
    }
}

package io.mlops.backends.http.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.RelativePath;
import io.mlops.backends.http.config.HttpSettings;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many applications bring OkHttp 4.12, which is another jar with the same classes. */
final class OlderOkHttpTest {
    private static final Path OLDER = Path.of("target", "older-libraries");

    @ParameterizedTest
    @ValueSource(strings = {"instead", "before", "after"})
    void okHttp412WillDo(String order) throws IOException, InterruptedException {
        List<String> older;
        try (Stream<Path> jars = Files.list(OLDER)) {
            older = jars.map(Path::toString).sorted().toList();
        }
        assertThat(older).hasSizeGreaterThanOrEqualTo(3);
        List<String> ours =
                Arrays.asList(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                        .split(File.pathSeparator, -1));
        boolean isInstead = order.equals("instead");
        List<String> path = new ArrayList<>(order.equals("after") ? ours : older);
        path.addAll(order.equals("after") ? older : ours);
        if (isInstead) {
            path.removeIf(jar ->
                    jar.contains("okhttp-jvm") || jar.contains("okio-jvm-3.1") || jar.contains("kotlin-stdlib-2"));
        }
        Process child = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-cp",
                        path.stream().collect(Collectors.joining(File.pathSeparator)),
                        OlderOkHttpTest.class.getName())
                .redirectErrorStream(true)
                .start();
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(said)
                .contains("OkHttp " + (order.equals("after") ? "5" : "4.12.0"))
                .contains("all done");
    }

    public static void main(String[] arguments) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.createContext("/", exchange -> {
            long bytes = exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
            byte[] answer = ("{\"bytes\": " + bytes + "}").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(exchange.getRequestURI().getPath().equals("/none") ? 404 : 200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        String address = "http://localhost:" + server.getAddress().getPort();
        try (Wire wire =
                Wire.to(address, HttpSettings.standard().token("token").pin("sha256/" + "A".repeat(43) + "="))) {
            wire.call(Call.post("a").body(out -> out.writeString("b")), AnswerReader.ignoring());
            wire.upload(new Upload(Call.put("a"), RelativePath.of("a"), Content.of(new byte[2 << 20]), true))
                    .orThrow();
            if (!wire.ask(Call.get("none"), AnswerReader.ignoring()).hasStatus(404)) {
                throw new AssertionError("no refusal");
            }
            try (Download download = wire.download(Call.get("a"), 0, null).orThrow()) {
                download.bytes().readAllBytes();
            }
        } finally {
            server.stop(0);
        }
        // As it is there at run time: the compiler would take the one that we are built with.
        Object version = Class.forName("okhttp3.OkHttp").getField("VERSION").get(null);
        System.out.println("OkHttp " + version + ", all done");
    }
}

package io.mlops.backends.http.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.valfirst.slf4jtest.TestLoggerFactory;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.RelativePath;
import io.mlops.backends.http.config.HttpSettings;
import io.mlops.backends.http.config.Patience;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whatever a server does, and be it to repeat what it was sent: no secret is shown anywhere. */
final class CanaryTest {
    private static final Logger OKHTTP = Logger.getLogger("okhttp3.OkHttpClient");

    private final String canary = "canary" + UUID.randomUUID().toString().replace("-", "");
    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord record) {
            seen.add(record.getMessage());
            seen.add(text(record.getThrown()));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    CanaryTest() {
        OKHTTP.setLevel(Level.ALL);
        OKHTTP.setUseParentHandlers(false);
        OKHTTP.addHandler(handler);
    }

    @AfterEach
    void restore() {
        OKHTTP.removeHandler(handler);
        OKHTTP.setUseParentHandlers(true);
        OKHTTP.setLevel(null);
    }

    /** What servers do, with all that they were sent where the text has a star. */
    private static final List<String> ANSWERS = List.of(
            "HTTP/1.1 401 No\r\nContent-Length: %d\r\nContent-Type: text/plain\r\n\r\nnot you: *",
            "HTTP/1.1 403 No\r\nContent-Length: %d\r\nContent-Type: application/json\r\n\r\n"
                    + "{\"error_code\": \"PERMISSION_DENIED\", \"message\": \"not you: *\"}",
            "HTTP/1.1 400 No\r\nContent-Length: %d\r\n\r\n{\"error_code\": \"*\", \"message\": \"not you: *\"}",
            "HTTP/1.1 404 No\r\nContent-Length: %d\r\nContent-Type: text/html\r\nServer: *\r\n\r\n<title>*</title>",
            "HTTP/1.1 500 No\r\nContent-Length: %d\r\n\r\n<html>*",
            "HTTP/1.1 200 OK\r\nContent-Length: %d\r\nContent-Type: text/html\r\nVia: *\r\n\r\n<title>*</title>",
            "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n{\"a\": *",
            "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n*",
            "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n{\"*\": {\"b\": 1}}",
            "HTTP/1.1 302 Found\r\nLocation: https://*@example.com/*?a=*#*\r\nContent-Length: %d\r\n\r\n",
            "HTTP/1.1 * *\r\n\r\n",
            "* HTTP\r\n\r\n",
            "HTTP/1.1 200 OK\r\n*\r\nContent-Length: *\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n*\r\n");

    @Test
    void noSecretIsShown() {
        HttpSettings settings = HttpSettings.standard()
                .patience(new Patience(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(5), 1000));
        List<HttpSettings> all = List.of(
                settings.token(canary),
                settings.token(() -> canary),
                settings.basic("me", canary),
                settings.header("X-Api-Key", canary),
                settings.sign((method, url, headers, hash) -> Map.of("Authorization", canary)));
        for (HttpSettings one : all) {
            seen.add(one.toString());
            seen.add(one.explainConfiguration());
            seen.add(one.credentials().toString());
            seen.add(one.headers().toString());
            ANSWERS.forEach(answer -> meet(answer, "http://", one));
        }
        ANSWERS.forEach(answer -> meet(answer, "http://me:" + canary + "@", settings));
        meetNobody("http://me:" + canary + "@127.0.0.1:1", settings);
        meetNobody("http://127.0.0.1:1", settings.proxy("http://me:" + canary + "@127.0.0.1:1"));
        TestLoggerFactory.getAllLoggingEvents().forEach(event -> {
            seen.add(event.getFormattedMessage());
            seen.add(text(event.getThrowable().orElse(null)));
        });
        String basic = Base64.getEncoder().encodeToString(("me:" + canary).getBytes(StandardCharsets.UTF_8));
        assertThat(seen).hasSizeGreaterThan(100);
        assertThat(seen.stream().filter(text -> text.contains(canary) || text.contains(basic)))
                .isEmpty();
    }

    private void meet(String answer, String scheme, HttpSettings settings) {
        try (RawServer server = new RawServer((socket, number) -> {
                    String head = RawServer.head(socket);
                    String sent = head.replaceAll("(?s).*?(Authorization|X-Api-Key): ([^\r]+).*", "$2");
                    String filled = answer.replace("*", sent.contains("\r") ? "nothing" : sent);
                    int body = filled.indexOf("\r\n\r\n") + 4;
                    RawServer.say(socket, filled.replace("%d", Integer.toString(filled.length() - body)));
                });
                Wire wire = Wire.to(
                        server.address().replace("http://", scheme),
                        settings,
                        new FakeTime().clock(),
                        NameService.system())) {
            use(wire);
        }
    }

    private void meetNobody(String address, HttpSettings settings) {
        try (Wire wire = Wire.to(address, settings, new FakeTime().clock(), NameService.system())) {
            use(wire);
        }
    }

    private void use(Wire wire) {
        Call write = Call.post("write").body(JsonBody.of(Map.of("a", "b"))).once();
        Upload upload = new Upload(Call.put("artifacts"), RelativePath.of("a"), Content.text("hello"), true);
        AnswerReader<Boolean> object = in -> {
            Fields.each(in, (name, value) -> Fields.number(value));
            return true;
        };
        seen.add(wire.name());
        note(() -> wire.call(Call.get("read"), object));
        note(() -> wire.ask(write, object).orThrow());
        note(() -> wire.upload(upload).orThrow());
        note(() -> wire.download(Call.get("read"), 0, null).orThrow().close());
    }

    /** What is done with a wire. */
    private interface Use {
        void run() throws Exception;
    }

    private void note(Use use) {
        try {
            use.run();
        } catch (Exception e) {
            seen.add(text(e));
        }
    }

    private static String text(Throwable thrown) {
        if (thrown == null) {
            return "";
        }
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}

package io.mlops.backends.http.wire;

import io.mlops.backends.http.config.HttpSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;

/** Servers that say what a test tells them, and what they are told. */
final class Servers {
    private Servers() {}

    static MockWebServer started() {
        MockWebServer server = new MockWebServer();
        try {
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return server;
    }

    static String addressOf(MockWebServer server) {
        return "http://127.0.0.1:" + server.getPort();
    }

    static Wire wire(MockWebServer server, HttpSettings settings, FakeTime time) {
        return Wire.to(addressOf(server), settings, time.clock(), NameService.system());
    }

    static Wire wire(MockWebServer server, HttpSettings settings) {
        return Wire.to(addressOf(server), settings);
    }

    static MockResponse json(int status, String body) {
        return new MockResponse.Builder()
                .code(status)
                .addHeader("Content-Type", "application/json")
                .body(body)
                .build();
    }

    static MockResponse ok() {
        return json(200, "{}");
    }

    static MockResponse status(int status) {
        return new MockResponse.Builder().code(status).build();
    }

    static MockResponse page(int status, String type, String body) {
        return new MockResponse.Builder()
                .code(status)
                .addHeader("Content-Type", type)
                .addHeader("Server", "nginx/1.22")
                .body(body)
                .build();
    }
}

package io.mlops.backends.http.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.RefusedException;
import io.mlops.backends.http.config.HttpSettings;
import io.mlops.backends.http.config.Patience;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Answers without an end, and such that grow in memory, in a process with little of it. */
final class HeapTest {
    private static final AnswerReader<String> NAMES = in -> {
        StringBuilder last = new StringBuilder();
        Fields.each(in, (name, value) -> {
            if (name.equals("name")) {
                last.append(Fields.text(value));
            }
        });
        return last.toString();
    };

    /** What an answer begins with, and what is repeated without an end. */
    private static final List<String[]> ENDLESS = List.of(
            new String[] {"{\"name\": \"", "x"},
            new String[] {"{\"other\": \"", "x"},
            new String[] {"{\"other\": [", "{\"a\": \"b\"}, "},
            new String[] {"{\"other\": ", "["},
            new String[] {"{\"other\": ", "1"},
            new String[] {"{\"", "x"},
            new String[] {"{\"a\": 1", "          "},
            new String[] {"", " "});

    @Test
    void endlessAnswersAreRefusedInAFlatHeap() throws IOException, InterruptedException {
        Process child = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HeapTest.class.getName())
                .redirectErrorStream(true)
                .start();
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(said).contains("all refused");
    }

    public static void main(String[] arguments) {
        for (String[] answer : ENDLESS) {
            try (RawServer server = new RawServer((socket, number) -> serve(socket, answer));
                    Wire wire = Wire.to(
                            server.address(),
                            HttpSettings.standard()
                                    .patience(new Patience(
                                            Duration.ofSeconds(5),
                                            Duration.ofSeconds(5),
                                            Duration.ofSeconds(30),
                                            1000)))) {
                wire.call(Call.get("read"), NAMES);
                throw new AssertionError("the answer '" + answer[0] + answer[1] + "…' was read");
            } catch (RefusedException expected) {
                System.out.println(expected.getMessage());
            } catch (BackendUnavailableException unexpected) {
                if (!answer[1].equals(" ")) {
                    throw unexpected;
                }
            }
        }
        System.out.println("all refused");
    }

    private static void serve(Socket socket, String[] answer) throws IOException {
        RawServer.head(socket);
        RawServer.say(socket, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + answer[0]);
        byte[] more = answer[1].repeat(1 << 14).getBytes(StandardCharsets.UTF_8);
        while (true) {
            socket.getOutputStream().write(more);
        }
    }
}

package io.mlops.backends.http.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlops.backends.http.standin.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Makes of a true answer one that a broken or hostile server might give; the same of the same seed. */
final class Mutation {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** Texts that mean something to a reader of paths, addresses, tags, numbers or YAML. */
    static final List<String> ODD_TEXTS = List.of(
            "",
            " ",
            ".",
            "..",
            "../../etc/passwd",
            "a/../../b",
            "/etc/passwd",
            "a//b",
            "a\\b",
            "C:\\x",
            "\u0000",
            "a\nb\u001b[31m",
            "\ud800",
            "x".repeat(5000),
            "%2e%2e%2f",
            "%zz",
            "~23~~25~",
            "mlflow-artifacts:/../x",
            "mlflow-artifacts://169.254.169.254/x",
            "mlflow-artifacts://user:pw@h:99999/x",
            "mlflow-artifacts:",
            "s3://bucket/x",
            "s3:",
            "file:///etc",
            "file://host/x",
            "file:",
            "file:%00",
            "jar:file:/x!/y",
            "http://127.0.0.1:1/api/2.0/mlflow-artifacts/artifacts/x",
            "http://[::1/",
            "runs:/../x",
            "runs:/0123/../x",
            "runs:/%2e%2e/x",
            "models:/m-0123456789abcdef0123456789abcdef",
            "models:/a/b/c",
            "NaN",
            "-Infinity",
            "1e999",
            "-1",
            "9223372036854775808",
            "99999999999999999999999999",
            "true",
            "null",
            "[]",
            "{}",
            "{\"from\":-1,\"items\":[null]}",
            "{\"from\":2147483648,\"items\":[{\"name\":1}]}",
            "{\"ended\":\"+999999999-12-31T23:59:59Z\",\"type\":\"\"}",
            "{\"step\":9223372036854775808,\"time\":\"x\",\"value\":{}}",
            "{\"alias\":\"\",\"target\":-3,\"at\":\"never\"}",
            "99|{",
            "2147483648|x",
            "-1|",
            "sha256:zz",
            "sha256:" + "0".repeat(64),
            "churn/0",
            "churn/99999999999",
            "0123456789abcdef0123456789abcdef",
            "!!javax.script.ScriptEngineManager [x]",
            "flavors: {python_function: &a [*a]}");

    private static final List<Long> ODD_NUMBERS = List.of(
            0L,
            -1L,
            1L,
            Long.MAX_VALUE,
            Long.MIN_VALUE,
            (long) Integer.MAX_VALUE + 1,
            253402300800000L,
            -62135596800001L);

    private final Random random;

    Mutation(Random random) {
        this.random = random;
    }

    Reply of(Reply told) {
        byte[] body = told.body();
        int kind = random.nextInt(20);
        if (kind == 0) {
            int[] statuses = {200, 204, 206, 301, 400, 401, 403, 404, 409, 413, 416, 429, 500, 501, 503};
            return Reply.json(statuses[random.nextInt(statuses.length)], new String(body, StandardCharsets.UTF_8));
        }
        if (kind == 1) {
            return same(told, Arrays.copyOf(body, random.nextInt(body.length + 1)));
        }
        if (kind == 2 && body.length > 0) {
            byte[] flipped = body.clone();
            flipped[random.nextInt(flipped.length)] = (byte) random.nextInt(256);
            return same(told, flipped);
        }
        byte[] other = document(body);
        if (other == null) {
            other = body.clone();
            for (int i = 0; i < 3 && other.length > 0; i++) {
                other[random.nextInt(other.length)] ^= (byte) (1 << random.nextInt(8));
            }
        }
        return same(told, other);
    }

    /** A document with other values; null for bytes that are none. */
    private byte @Nullable [] document(byte[] body) {
        try {
            JsonNode tree = JSON.readTree(body);
            if (!(tree instanceof ContainerNode<?>)) {
                return null;
            }
            int times = 1 + random.nextInt(4);
            for (int i = 0; i < times; i++) {
                change(tree);
            }
            return JSON.writeValueAsBytes(tree);
        } catch (JsonProcessingException aFile) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Reply same(Reply told, byte[] body) {
        return Reply.of(told.status(), "application/json", body);
    }

    /** Changes one value somewhere in a document. */
    private void change(JsonNode tree) {
        List<ContainerNode<?>> all = new ArrayList<>();
        collect(tree, all);
        ContainerNode<?> at = all.get(random.nextInt(all.size()));
        if (at instanceof ObjectNode object) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            String name = names.isEmpty() || random.nextInt(10) == 0
                    ? "next_page_token"
                    : names.get(random.nextInt(names.size()));
            if (random.nextInt(8) == 0) {
                object.remove(name);
            } else {
                object.set(name, odd(object.get(name)));
            }
        } else if (at instanceof ArrayNode array) {
            int index = array.isEmpty() ? 0 : random.nextInt(array.size());
            switch (random.nextInt(4)) {
                case 0 -> array.removeAll();
                case 1 ->
                    array.add(
                            array.isEmpty()
                                    ? NODES.nullNode()
                                    : array.get(index).deepCopy());
                case 2 -> array.insert(index, odd(null));
                default -> {
                    if (!array.isEmpty()) {
                        array.set(index, odd(array.get(index)));
                    }
                }
            }
        }
    }

    private static void collect(JsonNode node, List<ContainerNode<?>> all) {
        if (node instanceof ContainerNode<?> container) {
            all.add(container);
            container.forEach(child -> collect(child, all));
        }
    }

    private JsonNode odd(@Nullable JsonNode before) {
        return switch (random.nextInt(12)) {
            case 0 -> NODES.nullNode();
            case 1 -> NODES.numberNode(ODD_NUMBERS.get(random.nextInt(ODD_NUMBERS.size())));
            case 2 -> NODES.booleanNode(random.nextBoolean());
            case 3 -> NODES.arrayNode().add(NODES.objectNode());
            case 4 -> NODES.objectNode().put("key", "mlops.id").put("value", text());
            case 5 -> NODES.numberNode(random.nextBoolean() ? 1e300 : -0.5);
            case 6 ->
                before != null && before.isTextual() && !before.asText().isEmpty()
                        ? NODES.textNode(spliced(before.asText()))
                        : NODES.textNode(text());
            default -> NODES.textNode(text());
        };
    }

    private String text() {
        return ODD_TEXTS.get(random.nextInt(ODD_TEXTS.size()));
    }

    private String spliced(String text) {
        int at = random.nextInt(text.length());
        return text.substring(0, at) + text() + (random.nextBoolean() ? text.substring(at) : "");
    }
}

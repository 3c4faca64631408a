package io.mlops.backends.http.standin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Requests that are sent to a server one after the other. A line is a method, a path below {@code /api/2.0/mlflow/}
 * (or, after {@code /}, the whole), a body, and perhaps {@code -> name=field.of.answer}, which later lines use as
 * <code>{name}</code>. {@code @} before a path stands for the proxy of artifacts.
 */
final class Conversation {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern LINE = Pattern.compile("(\\w+) (\\S+)(?: (?!-> )(.*?))?(?: -> (\\w+)=(\\S+))?");
    private static final Pattern UNEQUAL =
            Pattern.compile("next_page_token|(creation|last_updated?)_(time|timestamp)(_ms)?");

    private final HttpClient client = HttpClient.newHttpClient();
    private final String address;
    private final Map<String, String> known = new LinkedHashMap<>();

    private Conversation(String address) {
        this.address = address;
    }

    /** Sends all lines, and returns each with what was answered, ids by their names and without times and messages. */
    static List<String> with(String address, List<String> lines) throws IOException, InterruptedException {
        Conversation conversation = new Conversation(address);
        List<String> said = new ArrayList<>();
        for (String line : lines) {
            if (!line.isBlank() && !line.startsWith("#")) {
                said.add(line + "\n    " + conversation.say(line));
            }
        }
        return said;
    }

    private String say(String line) throws IOException, InterruptedException {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(line);
        }
        String body = matcher.group(3) == null ? "" : matcher.group(3);
        HttpRequest request = request(matcher.group(1), filled(matcher.group(2)), repeated(filled(body)));
        HttpResponse<String> response = answer(request);
        if (response == null) {
            return "no answer";
        }
        if (matcher.group(4) != null) {
            known.put(matcher.group(4), field(response.body(), matcher.group(5)));
        }
        return response.statusCode() + " " + comparable(response);
    }

    /** Asks twice, since a server that closed the connection after its last answer is no answer to this request. */
    private @Nullable HttpResponse<String> answer(HttpRequest request) throws InterruptedException {
        for (int attempt = 0; attempt < 2; attempt++) {
            try {
                return client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // Once more, or no answer.
            }
        }
        return null;
    }

    private HttpRequest request(String method, String path, String body) {
        String full = path.startsWith("/")
                ? path
                : path.startsWith("@")
                        ? "/api/2.0/mlflow-artifacts/artifacts" + path.substring(1)
                        : "/api/2.0/mlflow/" + path;
        HttpRequest.BodyPublisher sent =
                body.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address + full))
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(Duration.ofSeconds(60))
                .method(method, sent);
        if (body.startsWith("{")) {
            request.header("Content-Type", "application/json");
        } else if (!body.isEmpty()) {
            request.header("Content-Type", "application/octet-stream");
        }
        return request.build();
    }

    private String filled(String text) {
        String filled = text;
        for (Map.Entry<String, String> each : known.entrySet()) {
            filled = filled.replace("{" + each.getKey() + "}", each.getValue());
        }
        return filled;
    }

    /**
     * Writes {@code x*50} as fifty of the character, {@code <points a 5>} as that many of one key, {@code <keys a 5>} as
     * one point each of so many keys, and {@code <pairs a 5>} as that many params or tags.
     */
    private static String repeated(String text) {
        String texts = Pattern.compile("(.)\\*(\\d{2,})")
                .matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(found.group(1).repeat(Integer.parseInt(found.group(2)))));
        return Pattern.compile("<(points|keys|pairs) (\\w+) (\\d+)>")
                .matcher(texts)
                .replaceAll(found -> Matcher.quoteReplacement(IntStream.range(0, Integer.parseInt(found.group(3)))
                        .mapToObj(number -> item(found.group(1), found.group(2), number))
                        .collect(Collectors.joining(","))));
    }

    private static String item(String kind, String key, int number) {
        return switch (kind) {
            case "points" -> "{\"key\":\"" + key + "\",\"value\":" + number + ",\"timestamp\":" + number + "}";
            case "keys" -> "{\"key\":\"" + key + number + "\",\"value\":1,\"timestamp\":1}";
            default -> "{\"key\":\"" + key + number + "\",\"value\":\"v\"}";
        };
    }

    private static String field(String answer, String path) throws JsonProcessingException {
        return answer.startsWith("{")
                ? JSON.readTree(answer).at("/" + path.replace('.', '/')).asText()
                : "";
    }

    private String comparable(HttpResponse<String> response) {
        String type = response.headers().firstValue("content-type").orElse("");
        if (!type.startsWith("application/json")) {
            return type.startsWith("text/html") && response.statusCode() >= 400 ? "(a page)" : response.body();
        }
        try {
            return response.body().isEmpty()
                    ? ""
                    : normal(JSON.readTree(response.body())).toString();
        } catch (JsonProcessingException e) {
            return "no JSON: " + response.body();
        }
    }

    private JsonNode normal(JsonNode node) {
        if (node instanceof ObjectNode object) {
            ObjectNode normal = Answers.object();
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            names.removeAll(List.of("message", "sqlstate", "error_class", "detail"));
            names.sort(Comparator.naturalOrder());
            names.forEach(name -> normal.set(
                    name, UNEQUAL.matcher(name).matches() ? TextNode.valueOf("…") : normal(object.get(name))));
            return normal;
        }
        if (node instanceof ArrayNode array) {
            List<JsonNode> items = new ArrayList<>();
            array.forEach(item -> items.add(normal(item)));
            if (array.path(0).has("key") && !array.path(0).has("step")) {
                items.sort(Comparator.comparing(JsonNode::toString));
            }
            return JSON.createArrayNode().addAll(items);
        }
        if (node.isTextual()) {
            String text = node.asText();
            for (Map.Entry<String, String> each : known.entrySet()) {
                if (each.getValue().length() > 20) {
                    text = text.replace(each.getValue(), "{" + each.getKey() + "}");
                }
            }
            return TextNode.valueOf(text);
        }
        return node;
    }
}

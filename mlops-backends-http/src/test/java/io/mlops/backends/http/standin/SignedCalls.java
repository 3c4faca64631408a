package io.mlops.backends.http.standin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The calls that sign addresses of a store behind the server, if there is one, and uploads in parts to it. */
final class SignedCalls {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PROXIED = "/api/2.0/mlflow-artifacts/";
    private static final Pattern PARTS = Pattern.compile(PROXIED + "mpu/(create|complete|abort)/(.+)");
    private static final Pattern SIGN = Pattern.compile("/api/2.0/mlflow/artifacts/presigned-(upload|download)-url");

    private final StandIn server;
    private final Release release;
    private final @Nullable Bucket bucket;

    SignedCalls(StandIn server, Release release, @Nullable Bucket bucket) {
        this.server = server;
        this.release = release;
        this.bucket = bucket;
    }

    /** Answers what is about signed addresses, or returns null. */
    @Nullable
    Reply answer(Request request, String path) throws IOException {
        Matcher parts = PARTS.matcher(path);
        if (parts.matches() && request.method().equals("POST")) {
            return parts(parts.group(1), ArtifactCalls.safe(decodedFolder(request)), request);
        }
        if (release.three() && path.startsWith(PROXIED + "presigned/")) {
            return proxied(
                    ArtifactCalls.safe(request.path().substring(path(request).length())));
        }
        Matcher sign = SIGN.matcher(path);
        if (release.three() && sign.matches() && request.method().equals("POST")) {
            return direct(sign.group(1).equals("upload"), JSON.readTree(request.allOfBody()));
        }
        return null;
    }

    private static String path(Request request) {
        int at = request.path().indexOf("presigned/");
        return request.path().substring(0, at) + "presigned/";
    }

    private static String decodedFolder(Request request) {
        return request.path().replaceFirst(".*?/mpu/[a-z]+/", "");
    }

    private Reply parts(String what, String folder, Request request) throws IOException {
        if (bucket == null) {
            throw new Refusal(
                    "NOT_IMPLEMENTED", "Multipart upload is not supported for the current artifact repository");
        }
        JsonNode body = JSON.readTree(request.allOfBody());
        String path = folder + "/" + body.path("path").asText();
        String upload = body.path("upload_id").asText();
        switch (what) {
            case "create" -> {
                return Reply.json(
                        200, begun(path, body.path("num_parts").asInt()).toPrettyString());
            }
            case "complete" -> {
                Map<Integer, String> etags = new TreeMap<>();
                body.path("parts")
                        .forEach(part -> etags.put(
                                part.path("part_number").asInt(),
                                part.path("etag").asText()));
                if (!bucket.complete(upload, path, etags)) {
                    return Reply.html(500, "Internal Server Error");
                }
            }
            default -> {
                if (!bucket.abort(upload)) {
                    return Reply.html(500, "Internal Server Error");
                }
            }
        }
        return Reply.json(200, "{}");
    }

    private ObjectNode begun(String path, int count) {
        String upload = bucket.begin();
        ObjectNode answer = Answers.object().put("upload_id", upload);
        ArrayNode credentials = answer.putArray("credentials");
        for (int part = 1; part <= count; part++) {
            credentials
                    .addObject()
                    .put("url", bucket.sign("PUT", path, upload, part))
                    .put("part_number", part);
        }
        return answer;
    }

    private Reply proxied(String path) {
        if (bucket == null) {
            throw new Refusal(
                    "NOT_IMPLEMENTED", "Multipart download is not supported for the current artifact repository");
        }
        ObjectNode answer = Answers.object().put("url", bucket.sign("GET", path, "", 0));
        answer.putObject("headers");
        return Reply.json(200, answer.toString());
    }

    private Reply direct(boolean upload, JsonNode body) {
        String run = body.path("run_id").asText();
        String model = upload ? body.path("model_id").asText() : "";
        if (run.isEmpty() == model.isEmpty()) {
            throw Refusal.invalid("Exactly one of run_id and model_id must be provided.");
        }
        String root = server.locked(() -> run.isEmpty()
                ? server.tables().loggedModel(model).artifacts()
                : server.tables().run(run).artifacts());
        String what = upload ? "upload" : "download";
        if (root.matches("(mlflow-artifacts|https?):.*")) {
            throw Refusal.invalid("Presigned " + what + " is not supported for proxied artifact storage");
        }
        if (bucket == null) {
            throw new Refusal(
                    "NOT_IMPLEMENTED", "Presigned " + what + " is not supported for the current artifact repository");
        }
        String path = ArtifactCalls.rootPath(root) + "/"
                + ArtifactCalls.safe(body.path("path").asText());
        ObjectNode answer = Answers.object().put("presigned_url", bucket.sign(upload ? "PUT" : "GET", path, "", 0));
        if (upload) {
            answer.putObject("headers").put("Content-Type", "application/octet-stream");
        }
        return Reply.json(200, answer.toPrettyString());
    }
}

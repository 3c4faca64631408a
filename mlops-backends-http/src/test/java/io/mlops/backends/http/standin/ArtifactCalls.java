package io.mlops.backends.http.standin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlops.backends.http.standin.Tables.LoggedModel;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The calls that move bytes: the proxy for artifacts, and what serves them by run or logged model. */
final class ArtifactCalls {
    private static final String PROXY = "/api/2.0/mlflow-artifacts/artifacts";
    private static final int LARGEST_UPLOAD = 10 * 1024 * 1024;
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");
    private static final Pattern MODEL_FILE =
            Pattern.compile("/api/2.0/mlflow/logged-models/([^/]+)/artifacts/(files|directories)");

    private final ArtifactTree tree;
    private final StandIn server;
    private final Release release;

    ArtifactCalls(ArtifactTree tree, StandIn server, Release release) {
        this.tree = tree;
        this.server = server;
        this.release = release;
    }

    /** Answers what is about artifacts, or returns null. */
    @Nullable
    Reply answer(Request request, String path) throws IOException {
        if (path.equals(PROXY) && request.method().equals("GET")) {
            return list(safe(request.query("path")), "", "");
        }
        if (path.startsWith(PROXY + "/")) {
            return proxied(request, safe(request.path().substring(request.path().indexOf(PROXY) + PROXY.length() + 1)));
        }
        Matcher model = MODEL_FILE.matcher(path);
        if (model.matches() && release.three()) {
            return ofModel(request, model.group(1), model.group(2).equals("files"));
        }
        return switch (path) {
            case "/api/2.0/mlflow/artifacts/list" -> listRun(request);
            case "/get-artifact" -> download(request, within(runRoot(request.query("run_id")), request), true);
            case "/model-versions/get-artifact" -> download(request, within(versionRoot(request), request), true);
            case "/api/2.0/mlflow/upload-artifact" -> upload(request);
            default -> null;
        };
    }

    private static String within(String root, Request request) {
        String path = safe(request.query("path"));
        return path.isEmpty() ? root : root + "/" + path;
    }

    /** Decodes a path until nothing changes, and refuses what may lead elsewhere. */
    static String safe(String path) {
        String before = "";
        String after = path;
        while (!after.equals(before)) {
            before = after;
            after = decoded(after);
        }
        if (after.contains("#") || List.of(after.split("/")).contains("..") || after.startsWith("/")) {
            throw Refusal.invalid("Invalid path");
        }
        return after.replaceAll("/+", "/").replaceAll("/$", "");
    }

    private static String decoded(String path) {
        try {
            // Python leaves alone what is no escape.
            String escaped = path.replace("+", "%2B").replaceAll("%(?![0-9a-fA-F]{2})", "%25");
            return URLDecoder.decode(escaped, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return path;
        }
    }

    static String rootPath(String uri) {
        // In a bucket, its name is the first folder here.
        return uri.replaceFirst("^(mlflow-artifacts|s3):/+", "");
    }

    private <T> T locked(Supplier<T> task) {
        return server.locked(task);
    }

    private String runRoot(String run) {
        return rootPath(locked(() -> server.tables().run(run).artifacts()));
    }

    private String versionRoot(Request request) {
        String name = request.query("name");
        return rootPath(locked(() -> server.tables().version(name, request.query("version")).location));
    }

    private Reply proxied(Request request, String path) throws IOException {
        switch (request.method()) {
            case "PUT" -> {
                return put(request, path);
            }
            case "GET" -> {
                return download(request, path, release.three());
            }
            case "DELETE" -> {
                if (release == Release.V2_9 && tree.get(path) != null) {
                    // It removes folders only.
                    return Reply.html(500, "Internal Server Error");
                }
                tree.delete(path);
                return Reply.json(200, "{}");
            }
            default -> {
                return Reply.html(405, "Method Not Allowed");
            }
        }
    }

    private Reply put(Request request, String given) throws IOException {
        // Another part of the server answers there, which takes pieces for nothing.
        boolean older = !release.three() || server.hasPrefix();

        String path = given;
        if (!release.three() && tree.folder(path)) {
            // A file that is copied over a folder lands within.
            path = path + path.substring(path.lastIndexOf('/') < 0 ? 0 : path.lastIndexOf('/'));
        }
        if (!tree.takes(path)) {
            return !older
                    ? Reply.of(500, "text/plain; charset=utf-8", "Internal Server Error")
                            .beforeReading()
                    : Reply.html(500, "Internal Server Error");
        }
        if (release.three()) {
            tree.addFolders(path);
        }
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        try {
            request.body().transferTo(read);
        } catch (EOFException e) {
            if (!older || request.chunked()) {
                throw e;
            }
            // Half of it replaces what was there.
        }
        boolean lost = release.three() && older && request.chunked();
        tree.put(path, lost ? new byte[0] : read.toByteArray());
        return !older ? Reply.of(200, "text/plain", "") : Reply.json(200, "{}");
    }

    private Reply download(Request request, String path, boolean ranges) {
        byte[] bytes = tree.get(path);
        if (bytes == null) {
            return absent(path, request.rawPath().endsWith("get-artifact"));
        }
        String name = path.substring(path.lastIndexOf('/') + 1);
        boolean named = request.rawPath().endsWith("get-artifact") || release.three();
        if (!named && name.chars().anyMatch(c -> c > 0xff)) {
            // The header cannot be written.
            return release == Release.V2_9 ? Reply.html(500, "Internal Server Error") : Reply.reset();
        }
        String shown = named ? name.replaceAll("[^ -~]", "") : name;
        Reply whole = Reply.of(200, "text/plain", bytes)
                .with("Content-Disposition", "attachment; filename=" + shown)
                .with("X-Content-Type-Options", "nosniff");
        if (!ranges) {
            return whole.with("Transfer-Encoding", "chunked");
        }
        String etag = ArtifactTree.etag(bytes);
        return part(request, whole.with("Accept-Ranges", "bytes").with("ETag", etag), etag);
    }

    static Reply part(Request request, Reply whole, String etag) {
        Matcher range = RANGE.matcher(request.headers().getOrDefault("range", ""));
        boolean same = etag.equals(request.headers().getOrDefault("if-range", etag));
        if (!range.matches() || !same) {
            return whole;
        }
        int size = whole.body().length;
        long from = Long.parseLong(range.group(1));
        if (from >= size) {
            return Reply.of(416, "text/plain", "").with("Content-Range", "bytes */" + size);
        }
        long to = range.group(2).isEmpty() ? size : Math.min(size, Long.parseLong(range.group(2)) + 1);
        byte[] bytes = Arrays.copyOfRange(whole.body(), (int) from, (int) to);
        return new Reply(206, whole.headers(), bytes, false)
                .with("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + size);
    }

    private Reply absent(String path, boolean named) {
        boolean folder = tree.folder(path);
        if (folder && release.three()) {
            return Reply.json(400, "{\"detail\":\"Artifact path refers to a directory, not a file\"}");
        }
        if ((folder || named) && !release.three()) {
            return Reply.html(500, "Internal Server Error");
        }
        throw release.three()
                ? Refusal.unknown("No such artifact: '" + path + "'")
                : Refusal.internal("The following failures occurred while downloading one or more artifacts");
    }

    /** Lists a folder; entries are shown below a path, with the root that was asked for. */
    private Reply list(String folder, String shownBelow, String root) {
        ObjectNode answer = Answers.object();
        if (!root.isEmpty()) {
            answer.put("root_uri", root);
        }
        List<ArtifactTree.Entry> entries = tree.list(folder);
        if (!entries.isEmpty()) {
            ArrayNode files = answer.putArray("files");
            for (ArtifactTree.Entry entry : entries) {
                ObjectNode file = files.addObject()
                        .put("path", shownBelow.isEmpty() ? entry.name() : shownBelow + "/" + entry.name())
                        .put("is_dir", entry.folder());
                if (entry.size() > 0) {
                    file.put("file_size", entry.size());
                }
            }
        }
        return Reply.json(200, answer.toString());
    }

    private Reply listRun(Request request) {
        String run = request.query("run_id");
        String path = safe(request.query("path"));
        if (run.isEmpty()) {
            throw Refusal.missing("run_id");
        }
        String root = locked(() -> server.tables().run(run).artifacts());
        return list(within(rootPath(root), request), path, root);
    }

    private Reply ofModel(Request request, String id, boolean file) {
        String root = locked(() -> {
            LoggedModel model = server.tables().loggedModel(id);
            return model.artifacts();
        });
        String path = safe(request.query(file ? "artifact_file_path" : "artifact_directory_path"));
        String full = path.isEmpty() ? rootPath(root) : rootPath(root) + "/" + path;
        return file ? download(request, full, true) : list(full, path, root);
    }

    private Reply upload(Request request) throws IOException {
        String path = safe(request.query("path"));
        if (request.query("run_uuid").isEmpty() || path.isEmpty()) {
            throw Refusal.invalid("Request must specify run_uuid and path.");
        }
        byte[] sent = request.allOfBody();
        byte[] body = release.three() && request.chunked() ? new byte[0] : sent;
        String type = request.headers().getOrDefault("content-type", "");
        if (body.length == 0 || type.startsWith("application/x-www-form-urlencoded")) {
            throw Refusal.invalid("Request must specify data.");
        }
        if (body.length > LARGEST_UPLOAD) {
            throw Refusal.invalid("Artifact size is too large. Max size is 10MB.");
        }
        tree.put(runRoot(request.query("run_uuid")) + "/" + path, body);
        return Reply.json(200, "");
    }
}

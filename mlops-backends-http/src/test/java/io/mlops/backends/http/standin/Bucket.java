package io.mlops.backends.http.standin;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A store of objects such as S3, on an address of its own, behind a stand-in: it takes and gives what the server has signed
 * for whoever comes with the address, and refuses anything that says who it is besides. Thread-safe.
 */
public final class Bucket implements AutoCloseable {
    /** The least bytes of a part but the last. */
    private static final int LEAST_PART = 5 << 20;

    private final ArtifactTree tree;
    private final Listener listener;
    private final AtomicInteger names = new AtomicInteger();
    private final Map<String, Map<Integer, byte[]>> uploads = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile Function<Request, @Nullable Reply> interceptor = request -> null;

    Bucket(ArtifactTree tree) throws IOException {
        this.tree = tree;
        listener = Listener.start(this::answer, true);
    }

    /** Returns what was asked so far, such as {@code PUT /a/b}, with {@code #1} behind it for the first part. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /** Returns how many uploads are neither completed nor taken back. */
    public int unfinished() {
        return uploads.size();
    }

    /** Lets a test answer instead, or return null. */
    public void intercept(Function<Request, @Nullable Reply> instead) {
        interceptor = instead;
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    /** Signs an address for one method, and for one part of an upload if there is one. */
    String sign(String method, String path, String upload, int part) {
        StringBuilder url = new StringBuilder(listener.address());
        for (String segment : path.split("/", -1)) {
            url.append('/')
                    .append(URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20"));
        }
        url.append("?X-Amz-Signature=").append(signature(method, path, upload, Integer.toString(part)));
        if (!upload.isEmpty()) {
            url.append("&uploadId=").append(upload).append("&partNumber=").append(part);
        }
        return url.toString();
    }

    private static String signature(String method, String path, String upload, String part) {
        CRC32 sum = new CRC32();
        sum.update((method + "\n" + path + "\n" + upload + "\n" + part).getBytes(StandardCharsets.UTF_8));
        return "s1gnature" + sum.getValue();
    }

    String begin() {
        String upload = "upload-" + names.incrementAndGet();
        uploads.put(upload, new ConcurrentSkipListMap<>());
        return upload;
    }

    /** Puts the parts together that are named with their tags; false if some are not there, or too short. */
    boolean complete(String upload, String path, Map<Integer, String> etags) {
        Map<Integer, byte[]> parts = uploads.get(upload);
        if (parts == null || etags.isEmpty()) {
            return false;
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        int last = new TreeMap<>(etags).lastKey();
        for (Map.Entry<Integer, String> part : new TreeMap<>(etags).entrySet()) {
            byte[] bytes = parts.get(part.getKey());
            if (bytes == null
                    || !ArtifactTree.etag(bytes).equals(part.getValue())
                    || (part.getKey() != last && bytes.length < LEAST_PART)) {
                return false;
            }
            all.writeBytes(bytes);
        }
        uploads.remove(upload);
        tree.put(path, all.toByteArray());
        return true;
    }

    boolean abort(String upload) {
        return uploads.remove(upload) != null;
    }

    private Reply answer(Request request) throws IOException {
        String path = request.path().substring(1);
        String upload = request.query("uploadId");
        String part = upload.isEmpty() ? "0" : request.query("partNumber");
        requests.add(request.method() + " /" + path + (upload.isEmpty() ? "" : "#" + part));
        Reply instead = interceptor.apply(request);
        if (instead != null) {
            return instead;
        }
        if (request.header("authorization") != null || request.header("cookie") != null) {
            return refusal(400, "InvalidArgument");
        }
        if (!request.query("X-Amz-Signature").equals(signature(request.method(), path, upload, part))) {
            return refusal(403, "SignatureDoesNotMatch");
        }
        return switch (request.method()) {
            case "PUT" ->
                request.header("content-length") == null
                        ? refusal(411, "MissingContentLength")
                        : put(path, upload, part, request.allOfBody());
            case "GET" -> get(request, path);
            default -> refusal(405, "MethodNotAllowed");
        };
    }

    private Reply put(String path, String upload, String part, byte[] bytes) {
        if (upload.isEmpty()) {
            tree.put(path, bytes);
        } else {
            Map<Integer, byte[]> parts = uploads.get(upload);
            if (parts == null) {
                return refusal(404, "NoSuchUpload");
            }
            parts.put(Integer.parseInt(part), bytes);
        }
        return Reply.of(200, "application/xml", "").with("ETag", ArtifactTree.etag(bytes));
    }

    private Reply get(Request request, String path) {
        byte[] bytes = tree.get(path);
        if (bytes == null) {
            return refusal(404, "NoSuchKey");
        }
        String etag = ArtifactTree.etag(bytes);
        return ArtifactCalls.part(
                request, Reply.of(200, "binary/octet-stream", bytes).with("ETag", etag), etag);
    }

    private static Reply refusal(int status, String code) {
        return Reply.of(status, "application/xml", "<?xml version=\"1.0\"?><Error><Code>" + code + "</Code></Error>");
    }
}

package io.mlops.backends.http.artifact;

import com.fasterxml.jackson.core.JsonParser;
import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.MlopsException;
import io.mlops.api.common.RelativePath;
import io.mlops.api.spi.ContentCopy;
import io.mlops.backends.http.wire.Answer;
import io.mlops.backends.http.wire.AnswerReader;
import io.mlops.backends.http.wire.Call;
import io.mlops.backends.http.wire.Fields;
import io.mlops.backends.http.wire.JsonBody;
import io.mlops.backends.http.wire.Upload;
import io.mlops.backends.http.wire.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The upload of one file in parts, each to an address that the server signs, for what a proxy before the server finds too
 * long. Parts are sent one after the other, and each is tried again by itself. What fails is taken back. Not thread-safe.
 */
final class PartedUpload {
    private static final Logger LOG = LoggerFactory.getLogger(PartedUpload.class);

    private static final String ENDPOINT = "api/2.0/mlflow-artifacts/mpu/";

    /** The store takes none below 5 MiB but the last; one part is held in memory. */
    private static final int PART_BYTES = 16 << 20;

    private static final int MOST_PARTS = 10_000;

    /** No array is longer. */
    private static final int LONGEST_PART = Integer.MAX_VALUE - 8;

    private final Wire wire;
    private final List<String> folder;
    private final String name;

    /** What the server says of an upload that it began. */
    private record Begun(String id, List<PartPlace> places) {}

    /** Where the part of this number goes. */
    private record PartPlace(long number, SignedAddress address) {}

    /**
     * An upload below the place for artifacts.
     *
     * @param segments the parts of the file's path, as the server keeps them
     */
    PartedUpload(Wire wire, List<String> segments) {
        this.wire = wire;
        this.folder = segments.subList(0, segments.size() - 1);
        this.name = segments.get(segments.size() - 1);
    }

    /** Sends all of a content. A server whose store takes no parts refuses. */
    Answer<Upload.Done> send(RelativePath path, Content content) {
        long even = (content.bytes() + MOST_PARTS - 1) / MOST_PARTS;
        int partBytes = (int) Math.min(LONGEST_PART, Math.max(PART_BYTES, even));
        long count = Math.max(1, (content.bytes() + partBytes - 1) / partBytes);
        Answer<Begun> begun = wire.ask(call("create", Map.of("num_parts", count)), PartedUpload::begun);
        return Ways.then(begun, upload -> {
            boolean done = false;
            try {
                SentParts sent = new SentParts(wire.presigned(), path, addresses(upload, count), partBytes);
                Answer<Upload.Done> answer = send(upload, path, content, sent);
                done = answer instanceof Answer.Value<Upload.Done>;
                return answer;
            } finally {
                if (!done) {
                    takeBack(upload);
                }
            }
        });
    }

    private Answer<Upload.Done> send(Begun upload, RelativePath path, Content content, SentParts sent) {
        ArtifactEntry entry;
        try (sent) {
            entry = ContentCopy.copy(path, content, sent);
        } catch (IOException e) {
            throw new IllegalStateException("parts are sent or refused", e);
        }
        Answer<Boolean> completed = wire.ask(
                call("complete", Map.of("upload_id", upload.id(), "parts", sent.told()))
                        .once(),
                AnswerReader.ignoring());
        return Ways.then(completed, unused -> new Answer.Value<>(new Upload.Done(entry, null)));
    }

    /** One address for each part, from the first one on. */
    private static List<SignedAddress> addresses(Begun upload, long count) {
        Map<Long, SignedAddress> byNumber = new TreeMap<>();
        upload.places().forEach(place -> byNumber.put(place.number(), place.address()));
        boolean each = byNumber.size() == count
                && upload.places().size() == count
                && byNumber.keySet().stream().allMatch(number -> number >= 1 && number <= count);
        if (!each || upload.id().isEmpty()) {
            throw new CorruptDataException(
                    "the server begins an upload in " + count + " parts without an id, or with "
                            + upload.places().size() + " addresses of other ones",
                    null);
        }
        return List.copyOf(byNumber.values());
    }

    private void takeBack(Begun upload) {
        if (upload.id().isEmpty()) {
            return;
        }
        try {
            boolean unused = wire.call(call("abort", Map.of("upload_id", upload.id())), AnswerReader.ignoring());
        } catch (MlopsException left) {
            // The failure that is under way says more; stores remove such parts after some days.
            LOG.debug("parts of an upload to {} are left behind", name, left);
        }
    }

    private Call call(String what, Map<String, ?> more) {
        Map<String, Object> request = new TreeMap<>(more);
        request.put("path", name);
        return Call.post(ENDPOINT + what).segments(folder).body(JsonBody.of(request));
    }

    private static Begun begun(JsonParser in) throws IOException {
        String[] id = {""};
        List<PartPlace> places = new ArrayList<>();
        Fields.each(in, (field, value) -> {
            if (field.equals("upload_id")) {
                id[0] = Fields.text(value);
            } else if (field.equals("credentials")) {
                places.addAll(Fields.list(value, PartedUpload::place));
            }
        });
        return new Begun(id[0], places);
    }

    private static PartPlace place(JsonParser in) throws IOException {
        String[] url = {""};
        long[] number = {0};
        Map<String, String> headers = new TreeMap<>();
        Fields.each(in, (field, value) -> {
            switch (field) {
                case "url" -> url[0] = Fields.text(value);
                case "part_number" -> number[0] = Fields.number(value);
                case "headers" -> SignedAddress.headers(value, headers);
                default -> {}
            }
        });
        return new PartPlace(number[0], new SignedAddress(url[0], headers));
    }
}

package io.mlops.backends.http.artifact;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.RelativePath;
import io.mlops.backends.http.artifact.Place.Owner;
import io.mlops.backends.http.wire.Answer;
import io.mlops.backends.http.wire.Call;
import io.mlops.backends.http.wire.Download;
import io.mlops.backends.http.wire.JsonBody;
import io.mlops.backends.http.wire.Upload;
import io.mlops.backends.http.wire.Wire;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The way to files of any root by addresses that the server signs, past the server itself: what it does not move for us, it
 * may let us move. Servers before 3.12 sign none. Thread-safe.
 */
final class SignedFiles {
    private static final long LEAST_SECONDS = 900;
    private static final long MOST_SECONDS = 604_800;

    private final Wire wire;

    SignedFiles(Wire wire) {
        this.wire = wire;
    }

    /** Stores or replaces a file. A server that signs no addresses for this owner refuses. */
    Answer<Upload.Done> put(Owner owner, String spelled, RelativePath path, Content content) {
        Map<String, Object> request = request(owner, spelled);
        long seconds = wire.settings().patience().transfer(content.bytes()).toSeconds();
        request.put("expiration", Math.min(MOST_SECONDS, Math.max(LEAST_SECONDS, seconds)));
        Answer<SignedAddress> signed = signed("artifacts/presigned-upload-url", request);
        return Ways.then(signed, address -> wire.presigned().put(address.url(), address.headers(), path, content));
    }

    /**
     * Opens a file. A server that signs no addresses for this owner refuses.
     *
     * @param from the offset of the first byte
     * @param etag of an earlier answer, so that a rest is of the same bytes; null at the first time
     */
    Answer<Download> open(Owner owner, String spelled, long from, @Nullable String etag) {
        Answer<SignedAddress> signed = signed("artifacts/presigned-download-url", request(owner, spelled));
        return Ways.then(signed, address -> wire.presigned().get(address.url(), address.headers(), from, etag));
    }

    private Answer<SignedAddress> signed(String endpoint, Map<String, Object> request) {
        return wire.ask(Call.post(Call.mlflow(endpoint)).body(JsonBody.of(request)), SignedAddress.in("presigned_url"));
    }

    private static Map<String, Object> request(Owner owner, String spelled) {
        Map<String, Object> request = new TreeMap<>();
        if (owner instanceof Owner.OfRun run) {
            request.put("run_id", run.storeId());
        } else if (owner instanceof Owner.OfLoggedModel model) {
            request.put("model_id", model.modelId());
        }
        request.put("path", spelled);
        return request;
    }
}

package io.mlops.backends.http.artifact;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.UnsupportedByBackendException;
import io.mlops.backends.http.artifact.Place.Owner;
import io.mlops.backends.http.wire.Call;
import io.mlops.backends.http.wire.Download;
import io.mlops.backends.http.wire.Upload;
import io.mlops.backends.http.wire.Wire;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The way by which the server reads files of any root for us with its own credentials, as its pages do. It stores small
 * files of runs, and removes none. Thread-safe.
 */
final class StreamedAccess implements FileAccess {
    /** Number of bytes that servers take this way. */
    private static final long MAX_UPLOAD = 10_000_000;

    private static final String PAGES = "ajax-api/2.0/mlflow/";

    private final Wire wire;

    StreamedAccess(Wire wire) {
        this.wire = wire;
    }

    @Override
    public List<ListedFile> list(Place place, @Nullable RelativePath folder) {
        String spelled = folder == null ? null : spelled(folder);
        Owner owner = place.owner();
        if (owner instanceof Owner.OfRun run) {
            return all(Call.get(Call.mlflow("artifacts/list")).query("run_id", run.storeId()), "path", spelled);
        }
        if (owner instanceof Owner.OfLoggedModel model) {
            return all(
                    Call.get(PAGES + "logged-models/" + model.modelId() + "/artifacts/directories"),
                    "artifact_directory_path",
                    spelled);
        }
        throw unsupported(place, "lists no files of versions there");
    }

    private List<ListedFile> all(Call call, String parameter, @Nullable String folder) {
        Call first = folder == null ? call : call.query(parameter, folder);
        List<ListedFile> files = new ArrayList<>();
        Set<@Nullable String> seen = new HashSet<>();
        String token = null;
        do {
            Folders.Part part = wire.call(token == null ? first : first.query("page_token", token), Folders.reader());
            files.addAll(part.files());
            token = part.token();
        } while (token != null && seen.add(token));
        return files;
    }

    @Override
    public ArtifactEntry put(Place place, RelativePath path, Content content) {
        if (!(place.owner() instanceof Owner.OfRun run) || content.bytes() > MAX_UPLOAD) {
            throw unsupported(place, "takes no files there, or only ones of up to 10 MB");
        }
        Call call = Call.post(PAGES + "upload-artifact")
                .query("run_uuid", run.storeId())
                .query("path", spelled(path));
        Upload upload = new Upload(call, path, content);
        return Uploads.settled(path, content, () -> wire.upload(upload), OptionalLong::empty);
    }

    @Override
    public Download open(Place place, RelativePath path, long from, @Nullable String etag) {
        return wire.download(reading(place.owner(), spelled(path)), from, etag).orThrow();
    }

    private static Call reading(Owner owner, String path) {
        if (owner instanceof Owner.OfRun run) {
            return Call.get("get-artifact").query("run_id", run.storeId()).query("path", path);
        }
        if (owner instanceof Owner.OfVersion version) {
            return Call.get("model-versions/get-artifact")
                    .query("name", version.storedName())
                    .query("version", Integer.toString(version.number()))
                    .query("path", path);
        }
        if (owner instanceof Owner.OfLoggedModel model) {
            return Call.get(PAGES + "logged-models/" + model.modelId() + "/artifacts/files")
                    .query("artifact_file_path", path);
        }
        throw new IllegalStateException("no case for " + owner.getClass().getName());
    }

    @Override
    public void delete(Place place, RelativePath path) {
        throw unsupported(place, "removes no files there");
    }

    private static String spelled(RelativePath path) {
        return String.join("/", Spelling.of(path));
    }

    private UnsupportedByBackendException unsupported(Place place, String what) {
        String scheme = place.root().replaceAll("[:/].*", "");
        return new UnsupportedByBackendException(wire.name() + " keeps files at '"
                + (scheme.isEmpty() ? "a folder" : scheme)
                + "' without serving them, and " + what + ": start it with --serve-artifacts and make a new experiment,"
                + " whose files lie behind it");
    }
}

package io.mlops.backends.http.artifact;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.RelativePath;
import io.mlops.backends.http.wire.Answer;
import io.mlops.backends.http.wire.AnswerReader;
import io.mlops.backends.http.wire.Call;
import io.mlops.backends.http.wire.Download;
import io.mlops.backends.http.wire.Upload;
import io.mlops.backends.http.wire.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The way through the server itself, which keeps the files for us ({@code mlflow-artifacts:}). Thread-safe. */
final class ProxyAccess implements FileAccess {
    private static final String SCHEME = "mlflow-artifacts:";
    private static final String ENDPOINT = "api/2.0/mlflow-artifacts/artifacts";

    private final Wire wire;

    ProxyAccess(Wire wire) {
        this.wire = wire;
    }

    /** Whether files of this root lie behind the server that we call. */
    static boolean leadsTo(String root) {
        return root.startsWith(SCHEME) && !root.startsWith(SCHEME + "//");
    }

    @Override
    public List<ListedFile> list(Place place, @Nullable RelativePath folder) {
        List<String> segments = segments(place);
        if (folder != null) {
            segments.addAll(Spelling.of(folder));
        }
        Answer<Folders.Part> answer =
                wire.ask(Call.get(ENDPOINT).query("path", String.join("/", segments)), Folders.reader());
        return answer.hasStatus(404) ? List.of() : answer.orThrow().files();
    }

    @Override
    public ArtifactEntry put(Place place, RelativePath path, Content content) {
        Upload upload = new Upload(call(Call.put(ENDPOINT), place, path), path, content);
        return Uploads.settled(path, content, () -> wire.upload(upload), () -> size(place, path));
    }

    @Override
    public Download open(Place place, RelativePath path, long from, @Nullable String etag) {
        return wire.download(call(Call.get(ENDPOINT), place, path), from, etag).orThrow();
    }

    @Override
    public void delete(Place place, RelativePath path) {
        Answer<Boolean> answer = wire.ask(call(Call.delete(ENDPOINT), place, path), AnswerReader.ignoring());
        if (!answer.hasStatus(404)) {
            boolean unused = answer.orThrow();
        }
    }

    private OptionalLong size(Place place, RelativePath path) {
        return Tree.in(list(place, Tree.folderOf(path)), Tree.nameOf(path)).stream()
                .mapToLong(ListedFile::bytes)
                .findFirst();
    }

    private static Call call(Call call, Place place, RelativePath path) {
        List<String> segments = segments(place);
        segments.addAll(Spelling.of(path));
        return call.segments(segments);
    }

    /** The parts of the root, which the server wants back as it told them. */
    private static List<String> segments(Place place) {
        List<String> segments = new ArrayList<>();
        for (String segment : place.root().substring(SCHEME.length()).split("/", -1)) {
            if (!segment.isEmpty()) {
                segments.add(segment);
            }
        }
        return segments;
    }
}

package io.mlops.backends.http.artifact;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.MlopsException;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.RelativePath;
import io.mlops.backends.http.server.ServerFacts;
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

/**
 * The way through a server, which keeps the files for us. What is too long for a proxy before it goes to its store by signed
 * addresses, where the store can do that. Thread-safe.
 */
final class ProxyAccess implements FileAccess {
    static final String ENDPOINT = "api/2.0/mlflow-artifacts/artifacts";

    private static final String SIGNED = "api/2.0/mlflow-artifacts/presigned";
    private static final int TOO_LARGE = 413;

    /** Number of bytes that wait in the buffers of every system until they are sent, be the program killed meanwhile. */
    private static final long SENT_AT_ONCE = 1 << 16;

    private final Wire wire;
    private final ServerFacts facts;

    ProxyAccess(Wire wire, ServerFacts facts) {
        this.wire = wire;
        this.facts = facts;
    }

    @Override
    public List<ListedFile> list(Place place, @Nullable RelativePath folder) {
        List<String> segments = segments(place, folder);
        Answer<Folders.Part> answer =
                wire.ask(Call.get(ENDPOINT).query("path", String.join("/", segments)), Folders.reader());
        return answer.hasStatus(404) ? List.of() : answer.orThrow().files();
    }

    @Override
    public ArtifactEntry put(Place place, RelativePath path, Content content) {
        List<String> segments = segments(place, path);
        // Servers from 3.3 on read no pieces below a --static-prefix: the file would be empty. Older ones keep half of
        // what breaks off unless it comes in pieces; a small one is sent before anything can break.
        boolean chunked = content.bytes() > SENT_AT_ONCE && facts.isBefore(3, 3, 0);
        Upload upload = new Upload(Call.put(ENDPOINT).segments(segments), path, content, chunked);
        Answer<Upload.Done> answer = Uploads.settled(path, content, () -> wire.upload(upload), () -> size(place, path));
        if (answer.hasStatus(TOO_LARGE) || answer instanceof Answer.Unknown<Upload.Done>) {
            PartedUpload parts = new PartedUpload(wire, segments);
            try {
                Answer<Upload.Done> inParts =
                        Uploads.settled(path, content, () -> parts.send(path, content), () -> size(place, path));
                // What the store cannot do says nothing of why the proxy could not.
                if (!Ways.isNoWay(inParts)) {
                    return inParts.orThrow().entry();
                }
            } catch (RefusedException elsewhere) {
                throw both(answer, elsewhere);
            }
        }
        return answer.orThrow().entry();
    }

    /** What is refused on the way by parts does not hide what became of the first one: it may be retried, or mended. */
    private static MlopsException both(Answer<Upload.Done> first, RefusedException elsewhere) {
        MlopsException told = elsewhere;
        if (first instanceof Answer.Unknown<Upload.Done> unknown) {
            told = unknown.exception();
        } else if (first instanceof Answer.Refused<Upload.Done> no) {
            String text = no.exception().getMessage() + ". Past it, in parts: " + elsewhere.getMessage();
            told = new RefusedException(text, no.exception());
        }
        if (told != elsewhere) {
            told.addSuppressed(elsewhere);
        }
        return told;
    }

    @Override
    public Download open(Place place, RelativePath path, long from, @Nullable String etag) {
        List<String> segments = segments(place, path);
        Answer<Download> answer = wire.download(Call.get(ENDPOINT).segments(segments), from, etag);
        if (Ways.isNoWay(answer)) {
            Answer<SignedAddress> signed = wire.ask(Call.get(SIGNED).segments(segments), SignedAddress.in("url"));
            Answer<Download> past =
                    Ways.then(signed, address -> wire.presigned().get(address.url(), address.headers(), from, etag));
            answer = Ways.isNoWay(past) ? answer : past;
        }
        return answer.orThrow();
    }

    @Override
    public void delete(Place place, RelativePath path) {
        Call call = Call.delete(ENDPOINT).segments(segments(place, path));
        Answer<Boolean> answer = wire.ask(call, AnswerReader.ifAny());
        if (!answer.hasStatus(404)) {
            boolean unused = answer.orThrow();
        }
    }

    private OptionalLong size(Place place, RelativePath path) {
        return Tree.in(list(place, Tree.folderOf(path)), Tree.nameOf(path)).stream()
                .mapToLong(ListedFile::bytes)
                .findFirst();
    }

    /** The parts of the whole path below the place for artifacts, as the server keeps them. */
    private static List<String> segments(Place place, @Nullable RelativePath path) {
        List<String> segments =
                new ArrayList<>(ProxiedRoot.of(place.root()).orElseThrow().segments());
        if (path != null) {
            segments.addAll(Spelling.of(path));
        }
        return segments;
    }
}

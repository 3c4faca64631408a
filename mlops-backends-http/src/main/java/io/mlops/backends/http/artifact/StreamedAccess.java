package io.mlops.backends.http.artifact;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.MlopsException;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.UnsupportedByBackendException;
import io.mlops.backends.http.artifact.Place.Owner;
import io.mlops.backends.http.server.ServerFacts;
import io.mlops.backends.http.wire.Answer;
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
 * files of runs, and removes none; longer ones go by addresses that it signs. Thread-safe.
 */
final class StreamedAccess implements FileAccess {
    /** Number of bytes that servers take this way. */
    private static final long MAX_UPLOAD = 10_000_000;

    private static final String PAGES = "ajax-api/2.0/mlflow/";

    /** Number of pages of one folder; a server that has more never ends. */
    private static final int MOST_PAGES = 10_000;

    private final Wire wire;
    private final ServerFacts facts;
    private final SignedFiles signed;

    StreamedAccess(Wire wire, ServerFacts facts) {
        this.wire = wire;
        this.facts = facts;
        this.signed = new SignedFiles(wire);
    }

    @Override
    public List<ListedFile> list(Place place, @Nullable RelativePath folder) {
        String spelled = folder == null ? null : spelled(folder);
        Owner owner = place.owner();
        if (owner instanceof Owner.OfRun run) {
            return all(place, Call.get(Call.mlflow("artifacts/list")).query("run_id", run.storeId()), "path", spelled);
        }
        if (owner instanceof Owner.OfLoggedModel model) {
            return all(
                    place,
                    Call.get(PAGES + "logged-models/" + model.modelId() + "/artifacts/directories"),
                    "artifact_directory_path",
                    spelled);
        }
        throw unsupported(place, "lists no files of versions there");
    }

    private List<ListedFile> all(Place place, Call call, String parameter, @Nullable String folder) {
        Call first = folder == null ? call : call.query(parameter, folder);
        List<ListedFile> files = new ArrayList<>();
        Set<@Nullable String> seen = new HashSet<>();
        String token = null;
        do {
            Answer<Folders.Part> answer =
                    wire.ask(token == null ? first : first.query("page_token", token), Folders.reader());
            if (Ways.isNoWay(answer)) {
                throw noWay(place, "cannot list them", answer);
            }
            Folders.Part part = answer.orThrow();
            files.addAll(part.files());
            token = part.token();
            if (seen.size() == MOST_PAGES) {
                throw new RefusedException(
                        wire.name() + " tells of more than " + MOST_PAGES + " pages of one folder", null);
            }
        } while (token != null && seen.add(token));
        return files;
    }

    @Override
    public ArtifactEntry put(Place place, RelativePath path, Content content) {
        Owner owner = place.owner();
        if (owner instanceof Owner.OfVersion) {
            throw unsupported(place, "takes no files of versions there");
        }
        Answer<Upload.Done> through = null;
        // The server takes nothing for nothing, so that an empty file cannot go this way.
        if (owner instanceof Owner.OfRun run && content.bytes() > 0 && content.bytes() <= MAX_UPLOAD) {
            through = upload(run, path, content);
            if (through instanceof Answer.Value<Upload.Done> done) {
                return done.value().entry();
            }
            if (!Ways.isNoWay(through) && !(through instanceof Answer.Unknown<Upload.Done>)) {
                return through.orThrow().entry();
            }
        }
        Answer<Upload.Done> past = signed.put(owner, spelled(path), path, content);
        if (!isUnsigned(past)) {
            return past.orThrow().entry();
        }
        if (through instanceof Answer.Unknown<Upload.Done> unknown) {
            throw lost(place, path, unknown);
        }
        throw noWay(place, "takes no file of " + content.bytes() + " bytes there", through == null ? past : through);
    }

    /** Whether a server that does not tell what became of a file reaches its own store shows when it is to look there. */
    private BackendUnavailableException lost(Place place, RelativePath path, Answer.Unknown<?> unknown) {
        try {
            List<ListedFile> unused = list(place, Tree.folderOf(path));
            return unknown.exception();
        } catch (BackendUnavailableException away) {
            return new BackendUnavailableException(String.valueOf(away.getMessage()), true, away);
        }
    }

    private Answer<Upload.Done> upload(Owner.OfRun run, RelativePath path, Content content) {
        Call call = Call.post(PAGES + "upload-artifact")
                .query("run_uuid", run.storeId())
                .query("path", spelled(path));
        // Newer servers see nothing of what comes in pieces here, older ones keep a part of what breaks off.
        Upload upload = new Upload(call, path, content, facts.isBefore(3, 3, 0));
        return Uploads.settled(path, content, () -> wire.upload(upload), OptionalLong::empty);
    }

    @Override
    public Download open(Place place, RelativePath path, long from, @Nullable String etag) {
        Owner owner = place.owner();
        Answer<Download> answer = wire.download(reading(owner, spelled(path)), from, etag);
        if (Ways.isNoWay(answer) && owner instanceof Owner.OfRun) {
            Answer<Download> past = signed.open(owner, spelled(path), from, etag);
            answer = isUnsigned(past) ? answer : past;
        }
        return answer.orThrow();
    }

    /** Whether a server signs no address for a file: it knows no such call, or not for such an owner. */
    private static boolean isUnsigned(Answer<?> answer) {
        return Ways.isNoWay(answer) || answer.is("INVALID_PARAMETER_VALUE");
    }

    private static String message(Answer<?> answer) {
        return answer instanceof Answer.Refused<?> no
                ? String.valueOf(no.exception().getMessage())
                : "it does not say why";
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

    /** A server that fails today may work tomorrow, or never reach its own store: it is retried, and there is advice. */
    private MlopsException noWay(Place place, String what, Answer<?> answer) {
        UnsupportedByBackendException forGood = unsupported(place, what + ": " + message(answer));
        return answer instanceof Answer.Refused<?> no && no.exception() instanceof BackendUnavailableException away
                ? new BackendUnavailableException(String.valueOf(forGood.getMessage()), away.maybeDone(), away)
                : forGood;
    }

    private UnsupportedByBackendException unsupported(Place place, String what) {
        String scheme = ProxiedRoot.shown(place.root()).replaceAll("(?s)[:/].*", "");
        boolean isFolder = scheme.isEmpty() || scheme.equals("file");
        return new UnsupportedByBackendException(wire.name() + " keeps files at '" + (isFolder ? "a folder" : scheme)
                + "' without serving them, and " + what + ". Start it with --serve-artifacts and make a new experiment,"
                + " whose files lie behind it"
                + (isFolder ? "; or, if this machine has that folder, allow it by HttpSettings.allowFolder" : ""));
    }
}

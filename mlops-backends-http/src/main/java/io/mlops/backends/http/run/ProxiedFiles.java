package io.mlops.backends.http.run;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.UnsupportedByBackendException;
import io.mlops.backends.http.server.Reserved;
import io.mlops.backends.http.server.ServerRun;
import io.mlops.backends.http.wire.Answer;
import io.mlops.backends.http.wire.Call;
import io.mlops.backends.http.wire.Download;
import io.mlops.backends.http.wire.Upload;
import io.mlops.backends.http.wire.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The hidden files of runs whose artifacts the server itself passes on. Thread-safe. */
public final class ProxiedFiles implements HiddenFiles {
    private static final String ROOT = "mlflow-artifacts:/";
    private static final String PROXY = "api/2.0/mlflow-artifacts/artifacts";

    /** Number of bytes that are read at most; no file of ours is longer. */
    private static final int MAX_BYTES = 64 << 20;

    private final Wire wire;

    /** The hidden files on the server at the other end of the wire. */
    public ProxiedFiles(Wire wire) {
        this.wire = wire;
    }

    private static Call call(Call call, ServerRun run, String name) {
        if (!run.artifactRoot().startsWith(ROOT)) {
            throw new UnsupportedByBackendException("the files of run " + run.id() + " lie in " + run.artifactRoot()
                    + ", which its server does not pass on: start it with --serve-artifacts");
        }
        List<String> segments = new ArrayList<>(
                List.of(run.artifactRoot().substring(ROOT.length()).split("/")));
        segments.add(Reserved.FOLDER);
        segments.add(name);
        return call.segments(segments);
    }

    @Override
    public void put(ServerRun run, String name, byte[] bytes) {
        Upload upload = new Upload(call(Call.put(PROXY), run, name), RelativePath.of(name), Content.of(bytes));
        Upload.Done unused = wire.upload(upload).orThrow();
    }

    @Override
    public byte[] read(ServerRun run, String name) {
        Answer<Download> answer = wire.download(call(Call.get(PROXY), run, name), 0, null);
        if (answer.hasStatus(404)) {
            throw new CorruptDataException(name + " of run " + run.id() + " is missing, and the run names it", null);
        }
        try (Download download = answer.orThrow()) {
            return download.bytes().readNBytes(MAX_BYTES);
        } catch (IOException e) {
            throw new BackendUnavailableException(wire.name() + " broke off in " + name, false, e);
        }
    }
}

package io.mlops.backends.http.artifact;

import static java.util.Objects.requireNonNull;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.UnsupportedByBackendException;
import io.mlops.backends.http.server.ServerFacts;
import io.mlops.backends.http.wire.Download;
import io.mlops.backends.http.wire.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The files of a server, over the best way to each: through the server where it serves them, or another one if the settings
 * allow that; in a shared folder on the same condition; else with the server reading them for us. Thread-safe.
 */
public final class RemoteFiles {
    private final Wire wire;
    private final ServerFacts facts;
    private final FileAccess proxy;
    private final FileAccess streamed;
    private final FileAccess local;

    /** The files of the server at the other end of the wire. */
    public RemoteFiles(Wire wire, ServerFacts facts) {
        this.wire = requireNonNull(wire, "wire");
        this.facts = requireNonNull(facts, "facts");
        this.proxy = new ProxyAccess(wire, facts);
        this.streamed = new StreamedAccess(wire, facts);
        this.local = new LocalAccess(wire.settings().places());
    }

    /** What lies directly in a folder, in any order; null is the root. */
    List<ListedFile> list(Place place, @Nullable RelativePath folder) {
        return way(place).list(place, place.pathOf(folder));
    }

    /** The file at exactly this path, if there is one. */
    Optional<ListedFile> find(Place place, RelativePath path) {
        return Tree.in(list(place, Tree.folderOf(path)), Tree.nameOf(path));
    }

    /**
     * Stores or replaces a file.
     *
     * @throws UnsupportedByBackendException if the server keeps its files where neither it nor we may put one
     */
    public ArtifactEntry put(Place place, RelativePath path, Content content) {
        ArtifactEntry stored = LocalCopy.send(path, content, bytes -> way(place).put(place, place.path(path), bytes));
        return new ArtifactEntry(path, stored.bytes(), stored.digest());
    }

    /**
     * Opens a file.
     *
     * @param from the offset of the first byte; the answer says where it begins indeed
     * @param etag of an earlier answer, so that a rest is of the same bytes; null at the first time
     * @throws NotFoundException if there is none
     */
    Download open(Place place, RelativePath path, long from, @Nullable String etag) {
        FileAccess way = way(place);
        // Older servers drop the connection over such a name, since they repeat it in a header.
        boolean unsayable = way == proxy
                && !StandardCharsets.ISO_8859_1.newEncoder().canEncode(path.value())
                && facts.isBefore(3, 0, 0);
        return (unsayable ? streamed : way).open(place, place.path(path), from, etag);
    }

    /** Reads a whole small file; empty if there is none, which older servers tell by a listing only. */
    public Optional<byte[]> read(Place place, RelativePath path) {
        return find(place, path).isEmpty() ? Optional.empty() : readListed(place, path);
    }

    /** Reads a whole small file that was just listed; empty if it is gone since. */
    Optional<byte[]> readListed(Place place, RelativePath path) {
        try (Download download = open(place, path, 0, null)) {
            return Optional.of(download.bytes().readAllBytes());
        } catch (NotFoundException goneMeanwhile) {
            return Optional.empty();
        } catch (IOException e) {
            throw new BackendUnavailableException(wire.name() + " broke off while '" + path + "' was read", false, e);
        }
    }

    /** Removes a file that was listed: of a folder's path servers remove all that is below. */
    void delete(Place place, RelativePath path) {
        way(place).delete(place, place.path(path));
    }

    private FileAccess way(Place place) {
        ProxiedRoot proxied = ProxiedRoot.of(place.root()).orElse(null);
        if (proxied != null) {
            String server = proxied.server();
            Wire there = server == null ? wire : wire.other(server);
            return there == wire ? proxy : new ProxyAccess(there, new ServerFacts(there));
        }
        Optional<Path> folder = LocalAccess.folder(place.root());
        return folder.isPresent() && wire.settings().places().mayUse(folder.get()) ? local : streamed;
    }
}

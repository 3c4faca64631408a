package io.mlops.backends.http.artifact;

import static java.util.Objects.requireNonNull;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.ArtifactOwner;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.Names;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.ArtifactStore;
import io.mlops.api.spi.OpenArtifact;
import io.mlops.backends.http.server.FoundRun;
import io.mlops.backends.http.server.RunIds;
import io.mlops.core.query.Pages;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The files of runs and model versions on a server. Thread-safe. */
public final class HttpArtifactStore implements ArtifactStore {
    private static final int MAX_REMEMBERED = 1000;

    private final RunIds runs;
    private final RemoteFiles files;
    private final VersionArtifacts versions;
    private final String writer;
    private final ReentrantLock lock = new ReentrantLock();
    /** The logs of the places that were used last; guarded by the lock. */
    private final Map<String, DigestLog> logs = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, DigestLog> eldest) {
            return size() > MAX_REMEMBERED;
        }
    };

    /**
     * The files of a server.
     *
     * @param writer 12 hex digits that no other backend object has
     */
    public HttpArtifactStore(RunIds runs, RemoteFiles files, VersionPlaces versions, String writer) {
        this.runs = requireNonNull(runs, "runs");
        this.files = requireNonNull(files, "files");
        this.versions = new VersionArtifacts(files, requireNonNull(versions, "versions"));
        this.writer = requireNonNull(writer, "writer");
    }

    @Override
    public List<ArtifactEntry> put(RunId run, Map<RelativePath, Content> added) {
        added.keySet().forEach(Names::checkArtifact);
        FoundRun found = runs.get(run);
        Place place = Place.of(found);
        return new Putting(files, place, "run " + run).put(added, log(place));
    }

    @Override
    public Optional<ArtifactEntry> find(ArtifactOwner owner, RelativePath path) {
        if (owner instanceof ModelVersionId version) {
            return versions.find(version, path);
        }
        Optional<Place> place = placeOf(owner);
        return place.isEmpty() ? Optional.empty() : entry(place.get(), path);
    }

    @Override
    public Page<ArtifactEntry> list(ArtifactOwner owner, @Nullable RelativePath folder, PageRequest page) {
        if (owner instanceof ModelVersionId version) {
            return versions.list(version, folder, page);
        }
        String token = page.token();
        RelativePath after = token == null ? null : Pages.read(token, RelativePath::of);
        Place place = placeOf(owner).orElseThrow(() -> new NotFoundException("no run " + owner));
        Map<RelativePath, Long> oneMore = Walk.files(files, place, folder, after, page.limit() + 1);
        List<ArtifactEntry> entries = oneMore.isEmpty() ? List.of() : log(place).entries(oneMore);
        return Pages.cut(entries, page.limit(), entry -> entry.path().value());
    }

    @Override
    public OpenArtifact open(ArtifactOwner owner, RelativePath path) {
        if (owner instanceof ModelVersionId version) {
            return versions.open(version, path);
        }
        Place place = placeOf(owner).orElseThrow(() -> new NotFoundException("no run " + owner));
        return new Opening(files, place, path)
                .open(() -> entry(place, path)
                        .orElseThrow(() -> new NotFoundException("no artifact '" + path + "' of run " + owner)));
    }

    private Optional<ArtifactEntry> entry(Place place, RelativePath path) {
        return Hidden.isHidden(path)
                ? Optional.empty()
                : files.find(place, path)
                        .map(file ->
                                log(place).entries(Map.of(path, file.bytes())).get(0));
    }

    private Optional<Place> placeOf(ArtifactOwner owner) {
        if (owner instanceof RunId run) {
            FoundRun known = runs.remembered(run);
            return known != null
                    ? Optional.of(Place.of(known))
                    : runs.find(run).map(found -> Place.of(runs.remember(run, found)));
        }
        throw new IllegalStateException("no case for " + owner.getClass().getName());
    }

    private DigestLog log(Place place) {
        lock.lock();
        try {
            return logs.computeIfAbsent(place.address(), root -> new DigestLog(files, place, writer));
        } finally {
            lock.unlock();
        }
    }
}

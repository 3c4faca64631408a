package io.mlops.backends.http.artifact;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RelativePath;
import io.mlops.api.spi.ModelDraft;
import io.mlops.api.spi.OpenArtifact;
import io.mlops.backends.http.artifact.VersionPlaces.VersionFiles;
import io.mlops.core.query.Pages;
import io.mlops.core.query.PathTree;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The files of model versions: those of ours as their manifest names them, those of others as they are listed. */
record VersionArtifacts(RemoteFiles files, VersionPlaces places) {
    Optional<ArtifactEntry> find(ModelVersionId version, RelativePath path) {
        return places.find(version).flatMap(found -> entry(found, path));
    }

    Page<ArtifactEntry> list(ModelVersionId version, @Nullable RelativePath folder, PageRequest page) {
        VersionFiles found = get(version);
        List<ArtifactEntry> manifest = found.manifest();
        if (manifest == null) {
            return listed(found, folder, page);
        }
        if (page.token() == null) {
            checkNothingElse(version, found.place(), manifest);
        }
        PathTree<ArtifactEntry> tree = new PathTree<>();
        manifest.forEach(entry -> tree.put(entry.path(), entry));
        return Pages.cut(
                tree.oneMore(folder, page), page.limit(), entry -> entry.path().value());
    }

    OpenArtifact open(ModelVersionId version, RelativePath path) {
        VersionFiles found = get(version);
        return new Opening(files, found.place(), path)
                .open(() -> entry(found, path)
                        .orElseThrow(() -> new NotFoundException("no artifact '" + path + "' of " + version)));
    }

    private VersionFiles get(ModelVersionId version) {
        return places.find(version).orElseThrow(() -> new NotFoundException("no model version " + version));
    }

    private Optional<ArtifactEntry> entry(VersionFiles found, RelativePath path) {
        List<ArtifactEntry> manifest = found.manifest();
        if (manifest != null) {
            return manifest.stream().filter(entry -> entry.path().equals(path)).findFirst();
        }
        return Hidden.isHidden(path)
                ? Optional.empty()
                : files.find(found.place(), path).map(file -> new ArtifactEntry(path, file.bytes(), null));
    }

    private Page<ArtifactEntry> listed(VersionFiles found, @Nullable RelativePath folder, PageRequest page) {
        String token = page.token();
        RelativePath after = token == null ? null : Pages.read(token, RelativePath::of);
        List<ArtifactEntry> oneMore = new ArrayList<>();
        Walk.files(files, found.place(), folder, after, page.limit() + 1)
                .forEach((path, bytes) -> oneMore.add(new ArtifactEntry(path, bytes, null)));
        return Pages.cut(oneMore, page.limit(), entry -> entry.path().value());
    }

    private void checkNothingElse(ModelVersionId version, Place place, List<ArtifactEntry> manifest) {
        Set<RelativePath> named = new HashSet<>();
        manifest.forEach(entry -> named.add(entry.path()));
        named.add(ModelDraft.MANIFEST);
        for (RelativePath path :
                Walk.files(files, place, null, null, Integer.MAX_VALUE).keySet()) {
            if (!named.contains(path)) {
                throw new CorruptDataException(
                        "model version " + version + " holds '" + path + "', which its manifest does not name: somebody"
                                + " put it there",
                        null);
            }
        }
    }
}

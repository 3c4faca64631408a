package io.mlops.backends.http.artifact;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.RelativePath;
import io.mlops.api.spi.ContentCopy;
import io.mlops.backends.http.config.Places;
import io.mlops.backends.http.wire.Download;
import io.mlops.core.codec.FilePaths;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The way to files in a folder that server and program share, as on one machine or a network disk. Links below it are
 * not followed. Thread-safe.
 */
final class LocalAccess implements FileAccess {
    private final Places places;

    LocalAccess(Places places) {
        this.places = places;
    }

    /** The folder of this machine that a root names, if it names one. */
    static Optional<Path> folder(String root) {
        try {
            if (root.startsWith("/")) {
                return Optional.of(Path.of(root).normalize());
            }
            URI uri = root.startsWith("file:/") ? new URI(root) : null;
            String host = uri == null ? null : uri.getRawAuthority();
            return uri == null || uri.getPath() == null || (host != null && !host.equals("localhost"))
                    ? Optional.empty()
                    : Optional.of(Path.of(uri.getPath()).normalize());
        } catch (URISyntaxException | IllegalArgumentException noPath) {
            return Optional.empty();
        }
    }

    private Path folder(Place place) {
        return checked(folder(place.root()).orElseThrow());
    }

    @Override
    public List<ListedFile> list(Place place, @Nullable RelativePath folder) {
        Path path = folder == null ? folder(place) : file(place, folder);
        List<ListedFile> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
            for (Path entry : entries) {
                BasicFileAttributes attributes =
                        Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                if (attributes.isDirectory() || attributes.isRegularFile()) {
                    String name = Spelling.read(entry.getFileName().toString());
                    files.add(new ListedFile(
                            name, attributes.isDirectory(), attributes.isDirectory() ? 0 : attributes.size()));
                }
            }
            return files;
        } catch (NoSuchFileException | NotDirectoryException none) {
            return List.of();
        } catch (IOException e) {
            throw failed("list", path, e);
        }
    }

    @Override
    public ArtifactEntry put(Place place, RelativePath path, Content content) {
        Path file = file(place, path);
        Path staged = null;
        try {
            Files.createDirectories(file.getParent());
            staged = Files.createTempFile(file.getParent(), ".mlops-", ".part");
            ArtifactEntry entry;
            try (OutputStream out = Files.newOutputStream(staged)) {
                entry = ContentCopy.copy(path, content, out);
            }
            Files.move(staged, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            staged = null;
            return entry;
        } catch (IOException e) {
            throw failed("write", file, e);
        } finally {
            remove(staged);
        }
    }

    private static void remove(@Nullable Path staged) {
        try {
            if (staged != null) {
                Files.deleteIfExists(staged);
            }
        } catch (IOException left) {
            // The failure that is under way says more.
        }
    }

    @Override
    public Download open(Place place, RelativePath path, long from, @Nullable String etag) {
        Path file = file(place, path);
        try {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new NotFoundException("no file " + file);
            }
            InputStream in = Files.newInputStream(file);
            return new Download(in, 0, Files.size(file), null);
        } catch (IOException e) {
            throw failed("read", file, e);
        }
    }

    @Override
    public void delete(Place place, RelativePath path) {
        Path file = file(place, path);
        try {
            if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw failed("remove", file, e);
        }
    }

    private Path file(Place place, RelativePath path) {
        RelativePath spelled = RelativePath.of(String.join("/", Spelling.of(path)));
        return checked(FilePaths.resolve(folder(place), spelled));
    }

    /**
     * A place below the folder that the settings allow: a part of the way from there on that is a link may lead anywhere, and
     * whoever writes there, the server too, could have made one.
     */
    private Path checked(Path place) {
        Path allowed = places.folders().stream()
                .filter(place::startsWith)
                .max(Comparator.comparing(Path::getNameCount))
                .orElseThrow();
        for (Path part = place; part != null && !part.equals(allowed); part = part.getParent()) {
            if (Files.isSymbolicLink(part)) {
                throw new RefusedException(
                        "'" + place + "' leads through the link " + part + ", which is not followed", null);
            }
        }
        return place;
    }

    private static BackendUnavailableException failed(String what, Path path, IOException e) {
        return new BackendUnavailableException("cannot " + what + " " + path + ": " + e.getMessage(), false, e);
    }
}

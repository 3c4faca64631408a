package io.mlops.backends.http.artifact;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.RelativePath;
import io.mlops.api.spi.ContentCopy;
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
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The way to files in a folder that server and program share, as on one machine or a network disk. Links below it are
 * not followed. Thread-safe.
 */
final class LocalAccess implements FileAccess {
    /** The folder of this machine that a root names, if it names one. */
    static Optional<Path> folder(String root) {
        try {
            if (root.startsWith("/")) {
                return Optional.of(Path.of(root));
            }
            return root.startsWith("file:/") ? Optional.of(Path.of(new URI(root).getPath())) : Optional.empty();
        } catch (URISyntaxException | IllegalArgumentException noPath) {
            return Optional.empty();
        }
    }

    private static Path folder(Place place) {
        return folder(place.root()).orElseThrow();
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

    /** A file below the folder; a part of the way that is a link may lead anywhere. */
    private static Path file(Place place, RelativePath path) {
        Path folder = folder(place);
        RelativePath spelled = RelativePath.of(String.join("/", Spelling.of(path)));
        Path file = FilePaths.resolve(folder, spelled);
        for (Path part = file; part != null && !part.equals(folder); part = part.getParent()) {
            if (Files.isSymbolicLink(part)) {
                throw new RefusedException(
                        "'" + path + "' leads through the link " + part + ", which is not followed", null);
            }
        }
        return file;
    }

    private static BackendUnavailableException failed(String what, Path path, IOException e) {
        return new BackendUnavailableException("cannot " + what + " " + path + ": " + e.getMessage(), false, e);
    }
}
